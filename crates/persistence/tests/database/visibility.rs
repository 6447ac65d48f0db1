//! Who sees whom: every table, view, list and search give an actor what the slow model says, and
//! nothing else (AC-2, AC-10; A5).

use crate::fixture::{referral, town};
use crate::sql::{NOW, Prompt, id};
use crate::world::{Row, Sight, Table, UNITS, World, world};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;
use test_support::TestDatabase;
use tokio::runtime;

/// What was expected and what came, in the same words.
type Told = BTreeSet<String>;

fn told(rows: Vec<Vec<String>>) -> Told {
    rows.into_iter().map(|row| row.join(" ")).collect()
}

/// The same without order.
fn ids<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let ids: BTreeSet<_> = rows.map(|row| row.id.to_string()).collect();
    ids.into_iter().collect::<Vec<_>>().join(",")
}

#[test]
fn ac_02_ac_07_ac_09_ac_10_every_actor_sees_what_the_model_says() {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (database, admin, app) = runtime.block_on(async {
        let database = TestDatabase::new().await;
        let admin = Prompt::of_admin(&database).await;
        let app = Prompt::of_app(&database).await;
        // In random worlds a unit may take part twice: sight does not hang on it.
        admin.run("DROP INDEX \"plan.already-participating\"").await;
        // Nor on how often a unit has the same case.
        admin.run("DROP INDEX \"assignment.already-assigned\", \"intake.already-waiting\"").await;
        (database, admin, app)
    });
    // One database for all worlds: nobody sees anything of the worlds before.
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        max_shrink_iters: 40,
        ..Config::with_cases(24)
    });
    let held = runner.run(&world(), |world| {
        runtime.block_on(async {
            admin.load(&world.sql()).await;
            for actor in &world.employees {
                app.run("ROLLBACK").await;
                app.begin(actor.session, NOW).await;
                let sight = world.sight(actor);
                prop_assert_eq!(
                    tables(&app).await,
                    expected_tables(&sight),
                    "tables of {:?}",
                    actor
                );
                prop_assert_eq!(
                    list(&app).await,
                    expected_list(&sight, &world),
                    "list of {:?}",
                    actor
                );
                prop_assert_eq!(
                    lists_by_unit(&app, &world).await,
                    expected_by_unit(&sight, &world),
                    "lists by unit of {:?}",
                    actor
                );
                prop_assert_eq!(
                    search(&app).await,
                    expected_people(&sight),
                    "search of {:?}",
                    actor
                );
                prop_assert_eq!(
                    case_files(&app).await,
                    expected_case_files(&sight, &world),
                    "case files of {:?}",
                    actor
                );
                prop_assert_eq!(
                    plan_files(&app).await,
                    expected_plan_files(&sight),
                    "plan files of {:?}",
                    actor
                );
                prop_assert_eq!(
                    goal_files(&app).await,
                    expected_goals(&sight),
                    "goal files of {:?}",
                    actor
                );
                prop_assert_eq!(
                    intervention_files(&app).await,
                    expected_interventions(&sight),
                    "intervention files of {:?}",
                    actor
                );
                prop_assert_eq!(
                    journal_files(&app).await,
                    expected_entries(&sight),
                    "journal files of {:?}",
                    actor
                );
                prop_assert_eq!(
                    assignments_and_intakes(&app, &world).await,
                    expected_assignments_and_intakes(&sight),
                    "assignments and intakes of {:?}",
                    actor
                );
                prop_assert_eq!(
                    foreign_bases(&app, &sight).await,
                    Vec::<String>::new(),
                    "bases told to {:?}",
                    actor
                );
            }
            Ok(())
        })
    });
    runtime.block_on(async { drop(database) });
    held.unwrap();
}

async fn tables(app: &Prompt) -> Told {
    let all: Vec<_> = Table::ALL
        .iter()
        .map(|table| format!("SELECT '{0}', {1}::text FROM {0}", table.name(), table.key()))
        .collect();
    let bases = "SELECT 'access_basis', id::text FROM access_basis";
    told(app.rows(&format!("{} UNION ALL {bases}", all.join(" UNION ALL "))).await)
}

fn expected_tables(sight: &Sight<'_>) -> Told {
    let rows = Table::ALL.iter().flat_map(|table| sight.rows(*table));
    let bases = sight.own_bases().into_iter().map(|id| format!("access_basis {id}"));
    rows.map(|row| format!("{} {}", row.table.name(), row.id)).chain(bases).collect()
}

/// Every page of three, until one is not full.
async fn pages(app: &Prompt, of_unit: &str, columns: &str) -> Told {
    let mut whole = Told::new();
    let mut before = "ffffffff-ffff-ffff-ffff-ffffffffffff".to_owned();
    loop {
        let page =
            format!("SELECT id, {columns} FROM list_young_people('{before}', {of_unit}, NULL, 3)");
        let page = app.rows(&page).await;
        let Some(last) = page.last() else { return whole };
        assert!(last[0] < before, "pages go on");
        before.clone_from(&last[0]);
        let full = page.len() == 3;
        whole.extend(told(page));
        if !full {
            return whole;
        }
    }
}

async fn list(app: &Prompt) -> Told {
    let columns =
        "areas, plan_id, plan_state, coordinating_department, started_interventions, target_group";
    pages(app, "NULL", columns).await
}

fn expected_list(sight: &Sight<'_>, world: &World) -> Told {
    let line = |row: &Row| {
        let areas = sight.areas(row.person);
        let plan = shown_plan(sight, row.person);
        let coordinated = sight.rows(Table::Coordination).any(|of| of.person == row.person);
        let running = sight.rows(Table::Intervention);
        let running = running.filter(|of| of.person == row.person && of.active).count();
        format!(
            "{} {areas} {} {} {} {} {}",
            world.people[row.person],
            plan.map(|plan| plan.id.to_string()).unwrap_or_default(),
            plan.map_or("", |plan| if plan.active { "draft" } else { "closed" }),
            if coordinated { "JV" } else { "" },
            if areas & 2 == 0 { String::new() } else { running.to_string() },
            target_group(sight, world, row.person),
        )
    };
    sight.rows(Table::YoungPerson).map(line).collect()
}

/// From all that there is, or not told. (All are 18; the only benefit is fleksjob.)
fn target_group(sight: &Sight<'_>, world: &World, person: usize) -> &'static str {
    let mut benefits = world.rows.iter().filter(|row| row.table == Table::BenefitEpisode);
    let leads = benefits.any(|row| row.person == person && row.active);
    if leads && sight.opens(person, 4) { "4" } else { "" }
}

/// The open plan, else the last one.
fn shown_plan<'a>(sight: &'a Sight<'_>, person: usize) -> Option<&'a Row> {
    let plans = sight.rows(Table::Plan).filter(|plan| plan.person == person);
    plans.max_by_key(|plan| plan.active)
}

async fn lists_by_unit(app: &Prompt, world: &World) -> Vec<Told> {
    let mut lists = Vec::new();
    for unit in &world.units {
        lists.push(pages(app, &format!("'{}'", unit.id), "''").await);
    }
    lists
}

fn expected_by_unit(sight: &Sight<'_>, world: &World) -> Vec<Told> {
    let of_unit = |unit: usize| {
        let people = sight.rows(Table::YoungPerson);
        let people = people
            .filter(|row| sight.bases(row.person).iter().any(|basis| basis.is_held_by_unit(unit)));
        people.map(|row| format!("{} ", row.id)).collect()
    };
    (0..world.units.len()).map(of_unit).collect()
}

async fn search(app: &Prompt) -> Told {
    app.column("SELECT id FROM search_young_people('FREIA  holm', 1000)")
        .await
        .into_iter()
        .collect()
}

fn expected_people(sight: &Sight<'_>) -> Told {
    sight.rows(Table::YoungPerson).map(|row| row.id.to_string()).collect()
}

/// The ids in a column of JSON rows.
fn ids_in(column: &str, key: &str) -> String {
    format!(
        "(SELECT string_agg(r ->> '{key}', ',' ORDER BY r ->> '{key}') FROM json_array_elements({column}) r)"
    )
}

async fn case_files(app: &Prompt) -> Told {
    let [interventions, tasks, assignments] =
        ["interventions", "tasks", "assignments"].map(|of| ids_in(of, "id"));
    let query = format!(
        "SELECT id, areas, identifier_kind, plan ->> 'id', {interventions}, {tasks}, {assignments}, hidden_areas, target_group FROM case_file"
    );
    told(app.rows(&query).await)
}

fn expected_case_files(sight: &Sight<'_>, world: &World) -> Told {
    let line = |row: &Row| {
        let areas = sight.areas(row.person);
        let of_person = |table| sight.rows(table).filter(|of| of.person == row.person);
        let identifier = of_person(Table::PersonIdentifier).next().map_or("", |_| "cpr");
        let plan = shown_plan(sight, row.person).map(|plan| plan.id.to_string());
        let hidden = [
            Table::Intervention,
            Table::BenefitEpisode,
            Table::Readiness,
            Table::Sanction,
            Table::EducationAndWork,
            Table::Residence,
            Table::Guardian,
        ]
        .into_iter()
        .flat_map(|table| sight.hidden(table, row.person))
        .fold(0, |areas, of| areas | of.area);
        format!(
            "{} {areas} {identifier} {} {} {} {} {} {}",
            world.people[row.person],
            plan.unwrap_or_default(),
            ids(of_person(Table::Intervention)),
            ids(of_person(Table::Task).filter(|task| task.active)),
            ids(of_person(Table::Assignment).filter(|assignment| assignment.active)),
            if areas & 2 == 0 { 0 } else { hidden },
            target_group(sight, world, row.person),
        )
    };
    sight.rows(Table::YoungPerson).map(line).collect()
}

async fn plan_files(app: &Prompt) -> Told {
    let query = format!(
        "SELECT id, coordinating_department, last_review_on, {}, {}, {}, {} FROM plan_file",
        ids_in("roles", "employee_id"),
        ids_in("goals", "id"),
        ids_in("participants", "id"),
        ids_in("links", "id"),
    );
    told(app.rows(&query).await)
}

fn expected_plan_files(sight: &Sight<'_>) -> Told {
    let line = |plan: &Row| {
        let of_plan = |table| ids(sight.rows(table).filter(|of| of.plan == Some(plan.id)));
        let coordinated = sight.rows(Table::Coordination).any(|of| of.person == plan.person);
        let reviewed = sight.rows(Table::PlanReview).any(|of| of.plan == Some(plan.id));
        format!(
            "{} {} {} {} {} {} {}",
            plan.id,
            if coordinated { "JV" } else { "" },
            if reviewed { "2026-11-22" } else { "" },
            of_plan(Table::PlanRole),
            of_plan(Table::Goal),
            of_plan(Table::PlanParticipant),
            of_plan(Table::PlanLink),
        )
    };
    sight.rows(Table::Plan).map(line).collect()
}

async fn goal_files(app: &Prompt) -> Told {
    app.column("SELECT id FROM goal_file").await.into_iter().collect()
}

fn expected_goals(sight: &Sight<'_>) -> Told {
    sight.rows(Table::Goal).map(|row| row.id.to_string()).collect()
}

async fn intervention_files(app: &Prompt) -> Told {
    app.column("SELECT id FROM intervention_file").await.into_iter().collect()
}

fn expected_interventions(sight: &Sight<'_>) -> Told {
    sight.rows(Table::Intervention).map(|row| row.id.to_string()).collect()
}

/// The assignments, and the intake of each unit.
async fn assignments_and_intakes(app: &Prompt, world: &World) -> Vec<Told> {
    let files = "SELECT id, young_person_id, given_name IS NOT NULL FROM assignment_file";
    let mut all = vec![told(app.rows(files).await)];
    for unit in &world.units {
        let intake = format!("SELECT id FROM intake_of('{}', '-infinity', '{0}', 100)", unit.id);
        all.push(told(app.rows(&intake).await));
    }
    all
}

fn expected_assignments_and_intakes(sight: &Sight<'_>) -> Vec<Told> {
    let named: BTreeSet<usize> = sight.rows(Table::YoungPerson).map(|row| row.person).collect();
    let line = |row: &Row| {
        let is_named = if named.contains(&row.person) { "t" } else { "f" };
        format!("{} {} {is_named}", row.id, sight.person(row))
    };
    let files = sight.rows(Table::Assignment).map(line).collect();
    [files].into_iter().chain((0..UNITS).map(|unit| sight.intake(unit))).collect()
}

async fn journal_files(app: &Prompt) -> Told {
    app.column("SELECT id FROM journal_file").await.into_iter().collect()
}

fn expected_entries(sight: &Sight<'_>) -> Told {
    sight.rows(Table::JournalEntry).map(|row| row.id.to_string()).collect()
}

/// Bases told beside rows that are not valid bases of the actor's for that very person: the access log
/// would tell a wrong reason.
async fn foreign_bases(app: &Prompt, sight: &Sight<'_>) -> Vec<String> {
    let told = app
        .rows(
            "SELECT id, basis_id FROM list_young_people('ffffffff-ffff-ffff-ffff-ffffffffffff', NULL, NULL, 1000)
             UNION ALL SELECT id, basis_id FROM search_young_people('freja', 1000)
             UNION ALL SELECT id, basis_id FROM case_file
             UNION ALL SELECT young_person_id, basis_id FROM plan_file
             UNION ALL SELECT young_person_id, basis_id FROM journal_file
             UNION ALL SELECT young_person_id, basis_id FROM intervention_file",
        )
        .await;
    let is_valid = |row: &Vec<String>| {
        let person = sight.position(&row[0]);
        person.is_some_and(|at| sight.bases(at).iter().any(|basis| basis.id.to_string() == row[1]))
    };
    told.into_iter().filter(|row| !is_valid(row)).map(|row| row.join(" ")).collect()
}

/// Everything that tells of a young person, as numbers of rows.
const ALL_THAT_IS_SEEN: &str = "
    SELECT (SELECT count(*) FROM young_person) + (SELECT count(*) FROM person_identifier)
         + (SELECT count(*) FROM access_basis) + (SELECT count(*) FROM coordination) + (SELECT count(*) FROM plan)
         + (SELECT count(*) FROM case_file) + (SELECT count(*) FROM plan_file)
         + (SELECT count(*) FROM list_young_people('ffffffff-ffff-ffff-ffff-ffffffffffff', NULL, NULL, 100))
         + (SELECT count(*) FROM search_young_people('freja', 100))";
const EVERYTHING: &str = "9";

/// How much of the town the session sees, after somebody made it so.
async fn seen_after(change: &str, session: u64) -> String {
    let database = town().await;
    Prompt::of_admin(&database).await.load(change).await;
    let app = Prompt::of_app(&database).await;
    app.begin(id(session), NOW).await;
    app.value(ALL_THAT_IS_SEEN).await
}

#[tokio::test]
async fn ac_01_the_unit_of_a_basis_sees_and_the_unit_beside_does_not() {
    assert_eq!(seen_after("", 1011).await, EVERYTHING);
    assert_eq!(seen_after("", 1013).await, "0");
    assert_eq!(seen_after("", 1014).await, "0");
    assert_eq!(seen_after("", 4711).await, "0", "a session that is not there");
}

#[tokio::test]
async fn ac_07_a_session_that_is_over_sees_nothing() {
    for (over, state) in [
        ("UPDATE session SET ended_at = '2026-11-22 09:59:59'", "ended"),
        ("UPDATE session SET started_at = '2026-11-21 22:00:00+00'", "expired"),
        ("UPDATE session SET refreshed_at = '2026-11-22 02:00:00+00'", "expired"),
        ("UPDATE employee SET deactivated_at = '2026-11-22 10:00:00+00'", "deactivated"),
    ] {
        let database = town().await;
        Prompt::of_admin(&database).await.load(over).await;
        let app = Prompt::of_app(&database).await;
        app.begin(id(1011), NOW).await;
        assert_eq!(app.value(ALL_THAT_IS_SEEN).await, "0", "{over}");
        let acting = app.rows("SELECT * FROM acting").await;
        assert_eq!(acting, [["", state, ""]], "{over}");
        assert_eq!(app.value("SELECT count(*) FROM employee").await, "0", "{over}");
    }
}

#[tokio::test]
async fn ac_07_a_role_counts_to_the_microsecond() {
    let ends = |at| format!("UPDATE employee_role SET valid_to = '{at}'");
    assert_eq!(seen_after(&ends("2026-11-22 10:00:00.000001+00"), 1011).await, EVERYTHING);
    assert_eq!(seen_after(&ends("2026-11-22 10:00:00+00"), 1011).await, "0");
    assert_eq!(seen_after(&ends("2026-11-22 09:59:59.999999+00"), 1011).await, "0");
}

#[tokio::test]
async fn ac_01_a_basis_counts_to_the_microsecond() {
    // Their own basis they see also when it is over; nothing by it.
    let ends = |at| format!("UPDATE access_basis SET valid_to = '{at}'");
    assert_eq!(seen_after(&ends("2026-11-22 10:00:00.000001+00"), 1011).await, EVERYTHING);
    assert_eq!(seen_after(&ends("2026-11-22 10:00:00+00"), 1011).await, "1");
}

#[tokio::test]
async fn a_leader_sees_what_units_below_hold_and_no_unit_what_those_above_hold() {
    assert_eq!(seen_after("", 1012).await, EVERYTHING, "the head of the directorate above");
    let held_above = "UPDATE access_basis SET holder_id = #1";
    assert_eq!(seen_after(held_above, 1012).await, EVERYTHING);
    assert_eq!(seen_after(held_above, 1011).await, "0", "a unit below the directorate");
    let no_leader = "UPDATE employee_role SET role = 'caseworker'";
    assert_eq!(seen_after(no_leader, 1012).await, "0", "only a leader looks below");
}

#[tokio::test]
async fn what_a_transaction_leaves_on_its_connection_opens_nothing() {
    let database = town().await;
    let app = Prompt::of_app(&database).await;
    app.begin(id(1011), NOW).await;
    assert_eq!(app.value(ALL_THAT_IS_SEEN).await, EVERYTHING);
    app.run("COMMIT").await;
    let left = "SELECT current_setting('app.actor', true) || current_setting('app.holders', true)";
    assert_eq!(app.value(left).await, "", "set, and empty");
    assert_eq!(app.value(ALL_THAT_IS_SEEN).await, "0");
    assert_eq!(app.rows("SELECT * FROM acting").await, [["", "unknown", ""]]);
    app.begin(id(1013), NOW).await;
    assert_eq!(app.value(ALL_THAT_IS_SEEN).await, "0", "the next one is somebody else");
}

#[tokio::test]
async fn ac_05_what_somebody_gives_opens_their_own_writing_alone() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    // Teams A and B both wrote about health; A's is given to the school, beside its own identity basis.
    admin
        .load(
            "INSERT INTO goal (id, plan_id, young_person_id, information_area, writing_unit_id, area, wished_result,
                    target_date, set_at)
                VALUES (#401, #300, #100, 8, #2, 'health', '', '2027-01-01', '2026-11-03'),
                       (#402, #300, #100, 8, #3, 'health', '', '2027-01-01', '2026-11-03');
             INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, giver_id,
                    source_id, reason, valid_from)
                VALUES (#201, #100, #4, 'unit', 'provision', 1, NULL, #501, '', '2026-11-03'),
                       (#202, #100, #4, 'unit', 'consent', 8, #2, #502, '', '2026-11-03');",
        )
        .await;
    let app = Prompt::of_app(&database).await;
    app.begin(id(1014), NOW).await;
    assert_eq!(app.column("SELECT id FROM goal").await, [id(401).to_string()]);
    assert_eq!(app.value("SELECT count(*) FROM case_file").await, "1");
    app.rollback().await;

    admin.load("UPDATE access_basis SET valid_to = '2026-11-22 10:00:00+00' WHERE id = #202").await;
    app.begin(id(1014), NOW).await;
    assert_eq!(app.column("SELECT id FROM goal").await, [""; 0], "withdrawn at once");
    assert_eq!(app.value("SELECT count(*) FROM case_file").await, "1");
}

/// PL-4: what somebody may not see is not the latest they are shown either.
#[tokio::test]
async fn ac_10_the_latest_score_is_the_latest_of_those_one_sees() {
    let database = town().await;
    let told = "
        INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
            VALUES (#401, #300, #100, #2, 'health', '', '2027-01-01', '2026-11-03');
        INSERT INTO goal_progress (id, goal_id, plan_id, young_person_id, information_area, writing_unit_id, voice,
                on_day, score, entered_by_id, entered_at)
            VALUES (#411, #401, #300, #100, 2, #2, 'young-person', '2026-11-04', 3, #11, '2026-11-20'),
                   (#412, #401, #300, #100, 2, #3, 'young-person', '2026-11-05', 4, #13, '2026-11-20'),
                   (#413, #401, #300, #100, 8, #3, 'young-person', '2026-11-06', 9, #13, '2026-11-20'),
                   (#414, #401, #300, #100, 8, #3, 'professional', '2026-11-06', 9, #13, '2026-11-20');";
    Prompt::of_admin(&database).await.load(told).await;
    let app = Prompt::of_app(&database).await;
    app.begin(id(1011), NOW).await;
    for query in [
        "SELECT young_person_score, professional_score FROM goal_file",
        "SELECT goals -> 0 ->> 'young_person_score', goals -> 0 ->> 'professional_score' FROM plan_file",
        "SELECT plan -> 'goals' -> 0 ->> 'young_person_score', plan -> 'goals' -> 0 ->> 'professional_score'
           FROM case_file",
    ] {
        assert_eq!(app.rows(query).await, [["4", ""]], "{query}");
    }
}

#[tokio::test]
async fn ac_09_an_institution_sees_the_participation_it_provides() {
    let database = town().await;
    let change = "
        INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
            VALUES (#201, #100, #4, 'unit', 'provision', 1, #500, '', '2026-11-03');
        UPDATE catalogue_entry SET provider_unit_id = #3 WHERE code = 'internship';";
    let provided = referral(500, (300, 100), "stigen", "2026-12-01");
    let of_others = referral(501, (300, 100), "internship", "2026-12-01");
    Prompt::of_admin(&database).await.load(&format!("{change} {provided} {of_others}")).await;
    let app = Prompt::of_app(&database).await;
    app.begin(id(1014), NOW).await;
    let told = "SELECT given_name, plan, json_array_length(interventions),
            interventions -> 0 ->> 'id', hidden_areas FROM case_file";
    assert_eq!(app.rows(told).await, [["Freja", "", "1", &id(500).to_string(), "0"]]);
    for hidden in ["plan", "plan_file", "coordination", "intervention WHERE id = #501"] {
        assert_eq!(app.value(&format!("SELECT count(*) FROM {hidden}")).await, "0", "{hidden}");
    }
}

#[tokio::test]
async fn what_held_before_is_not_told_as_what_holds_now() {
    // The present coordinator and department were written where the school does not see.
    let change = "
        INSERT INTO coordination (young_person_id, from_at, information_area, writing_unit_id, department)
            VALUES (#100, '2026-11-10', 8, #2, 'BU');
        INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, information_area, writing_unit_id, employee_id)
            VALUES (#300, 'coordinator', '2026-11-02', #100, 2, #2, #11),
                   (#300, 'coordinator', '2026-11-10', #100, 8, #2, #12);
        INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
            VALUES (#201, #100, #4, 'unit', 'law', 3, #501, '', '2026-11-03');";
    let database = town().await;
    Prompt::of_admin(&database).await.load(change).await;
    let app = Prompt::of_app(&database).await;
    let told = "SELECT (SELECT coordinating_department FROM plan_file),
            (SELECT coordinating_department FROM list_young_people('ffffffff-ffff-ffff-ffff-ffffffffffff', NULL, NULL, 100)),
            (SELECT roles::json -> 0 ->> 'employee_id' FROM plan_file)";
    app.begin(id(1014), NOW).await;
    assert_eq!(app.rows(told).await, [["", "", ""]]);
    app.rollback().await;
    app.begin(id(1011), NOW).await;
    assert_eq!(app.rows(told).await, [["BU", "BU", &id(12).to_string()]]);
}

#[tokio::test]
async fn ac_10_a_search_with_a_wide_view_is_filtered_too() {
    let database = town().await;
    // More bases than search looks through one by one; and one of that name whom nobody of them sees.
    let wide = "
        INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
            VALUES (#101, #2, 'Freja', 'Holm', '2008-01-01', '2026-11-01'),
                   (#102, #2, 'Freja', 'Holm', '2008-01-01', '2026-11-01');
        INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, giver_id,
                source_id, reason, valid_from)
            SELECT gen_random_uuid(), p.id, #3, 'unit', 'law', 1, p.giver, gen_random_uuid(), '', '2026-11-01'
              FROM (VALUES (#100, NULL, 19999), (#101, #3, 1)) p (id, giver, bases), generate_series(1, bases);";
    let admin = Prompt::of_admin(&database).await;
    admin.load(wide).await;
    let app = Prompt::of_app(&database).await;
    let search = "SELECT id FROM search_young_people('Freja Holm', 10)";
    for one_more in [
        "",
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
            VALUES (#202, #100, #3, 'unit', 'law', 1, #502, '', '2026-11-01')",
    ] {
        admin.load(one_more).await;
        app.begin(id(1013), NOW).await;
        assert_eq!(app.column(search).await, [id(100).to_string()]);
        app.rollback().await;
    }
}
