//! CL-1 to CL-11: what the database keeps of the caseload by itself, against the application's role at a SQL prompt.

use crate::fixture::town;
use crate::sql::{NOW, Prompt, id};
use chrono::NaiveDate;
use domain::caseload::{Function, Parts, Ramp};
use domain::organisation::Role;
use domain::young_people::birthday;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use strum::VariantArray as _;
use test_support::TestDatabase;
use tokio::runtime;

/// Leader 15 of unit 2, whose caseworkers are 11, 16 and 17, job consultants 18 and 19, who is a mentor too, and
/// mentor 20; administrator 30. Young people 1001 to 1040 of unit 2.
pub const TEAM: &str = "
    INSERT INTO unit (id, code, name, department, path, operational)
        VALUES (#5, 'administration', 'Administration', 'administration', ARRAY[#5], false);
    INSERT INTO employee (id, username, given_name, family_name)
        SELECT lpad(n::text, 32, '0')::uuid, 'e' || n, 'Employee', n::text FROM unnest(ARRAY[15, 16, 17, 18, 19, 20, 30]) n;
    INSERT INTO session (id, employee_id, started_at, refreshed_at)
        SELECT lpad((1000 + n)::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid,
               '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00' FROM unnest(ARRAY[15, 16, 30]) n;
    INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
        SELECT gen_random_uuid(), lpad(n::text, 32, '0')::uuid, role, unit, '2026-01-01' FROM (VALUES
            (15, 'team-leader', #2), (16, 'caseworker', #2), (17, 'caseworker', #2), (18, 'job-consultant', #2),
            (19, 'job-consultant', #2), (19, 'mentor', #2), (20, 'mentor', #2), (30, 'administrator', #5)) r (n, role, unit);
    INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
        SELECT lpad((1000 + n)::text, 32, '0')::uuid, #2, 'Young', n::text, '2008-01-01', '2026-11-01' FROM generate_series(1, 40) n;
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        SELECT gen_random_uuid(), id, #2, 'unit', 'registration', 7, id, 'registered', '2026-11-01' FROM young_person WHERE id <> #100;";

const LEADER: u64 = 1015;
const WORKER: u64 = 1016;
const ADMINISTRATOR: u64 = 1030;
const LIMIT: Option<&str> = Some("caseload.limit-reached");
const FORBIDDEN: Option<&str> = Some("42501");

/// A database with that team in the town.
pub async fn team() -> (TestDatabase, Prompt, Prompt) {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.load(TEAM).await;
    let app = Prompt::of_app(&database).await;
    (database, admin, app)
}

/// The norm of a function in unit 2, from a day on.
pub fn norm(number: u32, function: &str, from: &str, cases: &str) -> String {
    format!(
        "INSERT INTO caseload_norm (id, unit_id, function, from_day, cases, reason, decision_no, decided_by_id, decided_at)
         VALUES (gen_random_uuid(), #2, '{function}', '{from}', {cases}, 'why', {number}, acting_employee(), acting_now())"
    )
}

/// Assignment `case` of a young person to an employee of unit 2.
fn assign(case: u64, whose: u64, who: u64, function: &str, counts_as: &str) -> String {
    format!(
        "INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at)
         VALUES (#{case}, #{whose}, #2, #2, #{who}, '{function}', '{counts_as}', acting_now())"
    )
}

pub fn caseworker(case: u64, whose: u64, who: u64) -> String {
    assign(case, whose, who, "caseworker", "caseworker")
}

/// The same beyond the norm, until a day.
pub fn beyond(case: u64, whose: u64, who: u64, until: &str) -> String {
    caseworker(case, whose, who)
        .replace("began_at)", "began_at, exception_reason, exception_until)")
        .replace("acting_now())", &format!("acting_now(), 'why', '{until}')"))
}

pub fn end(case: u64) -> String {
    format!(
        "UPDATE assignment SET ended_at = acting_now(), end_reason = 'why', version = version + 1 WHERE id = #{case}"
    )
}

/// Statements of a session's, committed where they are not refused.
pub async fn done_at(app: &Prompt, session: u64, now: &str, statements: &str) -> Option<String> {
    app.begin(id(session), now).await;
    let refused = app.refusal(&format!("{statements}; COMMIT")).await;
    app.rollback().await;
    refused
}

pub async fn done(app: &Prompt, session: u64, statements: &str) -> Option<String> {
    done_at(app, session, NOW, statements).await
}

/// The administrator proposes a role in unit 2 with this id; the leader of the unit has not confirmed it yet.
async fn proposed(app: &Prompt, request: u64, who: u64, role: &str) {
    let propose = format!(
        "INSERT INTO rights_request (id, kind, employee_id, role, unit_id, requested_by_id, requested_at)
         VALUES (#{request}, 'role', #{who}, '{role}', #2, acting_employee(), acting_now())"
    );
    assert_eq!(done(app, ADMINISTRATOR, &propose).await, None);
}

/// Confirms that request; the role has the request's id.
fn confirm(request: u64) -> String {
    format!("SELECT confirm_rights(#{request}, #{request}, NULL)")
}

/// Number, limit, exceptions and breaches of an employee as they stand on a day.
async fn stands(admin: &Prompt, who: u64, function: &str, on: &str, moment: &str) -> String {
    let query = format!(
        "SELECT concat_ws(' ', young_people, case_limit, exceptions, breaches) FROM caseload_of(#2, '{on}', '{moment}', #{who})
          WHERE function = '{function}'"
    );
    admin.value(&query).await
}

pub async fn stands_now(admin: &Prompt, who: u64, function: &str) -> String {
    stands(admin, who, function, "2026-11-22", "infinity").await
}

#[tokio::test]
async fn cl_01_the_database_knows_the_functions_that_the_domain_knows_each_a_role() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let known: Vec<&str> = Function::VARIANTS.iter().map(Into::into).collect();
    assert_eq!(admin.column("SELECT unnest(case_functions())").await, known);
    for function in Function::VARIANTS {
        assert_eq!(<&str>::from(function), AsRef::<str>::as_ref(&function.role()));
    }
    assert!(Role::VARIANTS.len() > known.len());
}

#[test]
fn cl_05_the_database_reckons_limit_ramp_and_birthday_as_the_domain_does() {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (database, admin) = runtime.block_on(async {
        let database = TestDatabase::new().await;
        let admin = Prompt::of_admin(&database).await;
        (database, admin)
    });
    let day = |n: i64| NaiveDate::from_ymd_opt(1996, 1, 1).unwrap() + chrono::TimeDelta::days(n);
    // Months end on each of their days, and ramps around their ends.
    let one = (
        option::weighted(0.9, 0..=500_u32),
        0..=100_u32,
        0..=60_u32,
        option::weighted(0.9, 0..12_000_i64),
        prop_oneof![Just(-400), 58..64_i64, 88..95_i64, 178..188_i64, 0..400_i64],
        0..12_000_i64,
        prop::sample::select(vec![13, 15, 17, 18, 30]),
    );
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(32) });
    let held = runner.run(&vec(one, 200), |all| {
        let (mut rows, mut expected) = (Vec::new(), Vec::new());
        for (norm, employment_share, reduction, employed, on, born, years) in all {
            let (employed_on, on) = (employed.map(day), day(employed.unwrap_or_default() + on));
            // Half of them on the leap day.
            let leap = NaiveDate::from_ymd_opt(1996 + 4 * i32::try_from(born % 8).unwrap(), 2, 29).unwrap();
            let born = if born % 2 == 0 { leap } else { day(born) };
            let null = |value: Option<String>| value.unwrap_or("NULL".to_owned());
            rows.push(format!(
                "({}::int, {employment_share}, {reduction}, {}::date, '{on}'::date, '{born}'::date, {years})",
                null(norm.map(|norm| norm.to_string())),
                null(employed_on.map(|day| format!("'{day}'"))),
            ));
            let ramp = Ramp::on(employed_on, on);
            let parts = Parts { norm, employment_share, ramp, reduction };
            expected.push(format!(
                "{} {} {}",
                parts.limit().map_or("none".to_owned(), |limit| limit.to_string()),
                ramp.quarters(),
                birthday(born, years)
            ));
        }
        let query = format!(
            "SELECT concat_ws(' ', coalesce(caseload_limit(norm, share, ramp_quarters(employed, on_day), reduction)::text, 'none'),
                    ramp_quarters(employed, on_day), birthday(born, years))
               FROM (VALUES {}) v (norm, share, reduction, employed, on_day, born, years)",
            rows.join(",")
        );
        prop_assert_eq!(runtime.block_on(admin.column(&query)), expected);
        Ok(())
    });
    runtime.block_on(async { drop(database) });
    held.unwrap();
}

#[tokio::test]
async fn cl_02_cl_07_beyond_the_limit_nobody_gets_a_case_at_a_prompt_either() {
    let (_database, admin, app) = team().await;
    // None is decided yet.
    for n in 1..=4 {
        assert_eq!(done(&app, WORKER, &caseworker(n, 1000 + n, 16)).await, None);
    }
    assert_eq!(stands_now(&admin, 16, "caseworker").await, "4 0 0");
    assert_eq!(done(&app, LEADER, &norm(1, "caseworker", "2026-11-22", "2")).await, None);
    // Nobody loses one, and nobody gets one.
    assert_eq!(stands_now(&admin, 16, "caseworker").await, "4 2 0 0");
    for n in 1..=3 {
        assert_eq!(done(&app, WORKER, &caseworker(9, 1009, 16)).await.as_deref(), LIMIT);
        assert_eq!(done(&app, WORKER, &end(n)).await, None);
    }
    assert_eq!(done(&app, WORKER, &caseworker(9, 1009, 16)).await, None);
    assert_eq!(done(&app, WORKER, &caseworker(10, 1010, 16)).await.as_deref(), LIMIT);
    // The other one has room; in a list, as many as there is.
    let three = [11, 12, 13].map(|n| caseworker(n, 1000 + n, 17)).join(";");
    assert_eq!(done(&app, WORKER, &three).await.as_deref(), LIMIT);
    assert_eq!(stands_now(&admin, 17, "caseworker").await, "0 2 0 0");
    // The worker's role is held by it too.
    assert_eq!(done(&app, WORKER, &caseworker(10, 1010, 17)).await, None);
    // It is the trigger that keeps it.
    admin.run("DROP TRIGGER assignment_keeps_the_norm ON assignment").await;
    assert_eq!(done(&app, WORKER, &caseworker(14, 1014, 16)).await, None);
}

#[tokio::test]
async fn cl_01_cl_05_mentoring_counts_under_a_job_consultants_norm_and_young_people_are_counted() {
    let (_database, admin, app) = team().await;
    let norms =
        [norm(1, "job-consultant", "2026-11-22", "1"), norm(2, "mentor", "2026-11-22", "1")];
    assert_eq!(done(&app, LEADER, &norms.join(";")).await, None);
    let consults = |case, whose, who| assign(case, whose, who, "job-consultant", "job-consultant");
    let follows = |case, whose, who, counts_as| assign(case, whose, who, "mentor", counts_as);
    assert_eq!(done(&app, WORKER, &consults(1, 1001, 18)).await, None);
    assert_eq!(
        done(&app, WORKER, &follows(2, 1001, 18, "job-consultant")).await,
        None,
        "no new one"
    );
    assert_eq!(stands_now(&admin, 18, "job-consultant").await, "1 1 0 0");
    for full in [consults(3, 1002, 18), follows(3, 1002, 18, "job-consultant")] {
        assert_eq!(done(&app, WORKER, &full).await.as_deref(), LIMIT, "{full}");
    }
    // One of the two ends: they have the young person still.
    assert_eq!(done(&app, WORKER, &end(1)).await, None);
    assert_eq!(done(&app, WORKER, &follows(3, 1002, 18, "job-consultant")).await.as_deref(), LIMIT);
    // Nobody counts under a post that they do not hold, nor a job consultant under the mentors' norm.
    for (wrong, code) in [
        (follows(4, 1003, 18, "mentor"), "assignment.not-in-function"),
        (follows(4, 1003, 19, "mentor"), "assignment_counts"),
        (follows(4, 1003, 20, "job-consultant"), "assignment.not-in-function"),
        (follows(4, 1003, 16, "mentor"), "assignment.not-in-function"),
        (assign(4, 1003, 18, "job-consultant", "mentor"), "assignment_counts"),
        (assign(4, 1003, 16, "caseworker", "job-consultant"), "assignment_counts"),
        (assign(4, 1003, 16, "nothing", "nothing"), "case_function_known"),
    ] {
        assert_eq!(done(&app, WORKER, &wrong).await.as_deref(), Some(code), "{wrong}");
    }
    assert_eq!(done(&app, WORKER, &follows(4, 1003, 20, "mentor")).await, None);
    assert_eq!(done(&app, WORKER, &follows(5, 1004, 19, "job-consultant")).await, None);
}

#[tokio::test]
async fn cl_02_only_those_present_in_the_callers_units_get_a_case() {
    let (_database, admin, app) = team().await;
    let not_there = Some("assignment.not-in-function");
    for who in [15, 13, 18] {
        let given = done(&app, WORKER, &caseworker(1, 1001, who)).await;
        assert_eq!(given.as_deref(), not_there, "{who}");
    }
    // To another unit's employees, by that unit.
    let others = caseworker(1, 1001, 13).replace("#2, #2", "#2, #3");
    assert_eq!(done(&app, WORKER, &others).await.as_deref(), FORBIDDEN);
    assert_eq!(done(&app, 1013, &caseworker(1, 1001, 16)).await.as_deref(), FORBIDDEN);
    // The head leads both.
    assert_eq!(done(&app, 1012, &caseworker(1, 1001, 16)).await, None);
    // Nor beforehand.
    let ahead = caseworker(2, 1002, 16).replace("acting_now())", "acting_now() + interval '1 us')");
    assert_eq!(done(&app, WORKER, &ahead).await.as_deref(), FORBIDDEN);
    let stopped = format!("UPDATE employee SET deactivated_at = '{NOW}' WHERE id = #17");
    admin.run(&stopped).await;
    assert_eq!(done(&app, WORKER, &caseworker(2, 1002, 17)).await.as_deref(), not_there);
}

#[tokio::test]
async fn an_assignment_is_said_once_and_stays_ended() {
    let (_database, _admin, app) = team().await;
    assert_eq!(done(&app, WORKER, &caseworker(1, 1001, 16)).await, None);
    let twice = Some("assignment.already-assigned");
    assert_eq!(done(&app, WORKER, &caseworker(2, 1001, 17)).await.as_deref(), twice);
    for change in [
        "employee_id = #17",
        "function = 'adviser'",
        "unit_id = #3",
        "young_person_id = #1002",
        "began_at = '2026-01-01'",
        "exception_until = '2026-12-01'",
        "note = 'else'",
        "counts_as = 'mentor'",
    ] {
        let update = format!("UPDATE assignment SET {change} WHERE id = #1");
        assert_eq!(done(&app, LEADER, &update).await.as_deref(), FORBIDDEN, "{change}");
    }
    assert_eq!(done(&app, LEADER, "DELETE FROM assignment").await.as_deref(), FORBIDDEN);
    for (wrong, code) in [
        (end(1).replace("'why'", "NULL"), "assignment_ended"),
        (end(1).replace("acting_now()", "'2026-11-22 09:00:00+00'"), "assignment_period"),
        (end(1).replace("acting_now()", "acting_now() + interval '1 us'"), "42501"),
    ] {
        assert_eq!(done(&app, WORKER, &wrong).await.as_deref(), Some(code), "{wrong}");
    }
    assert_eq!(done(&app, WORKER, &end(1)).await, None);
    for again in [&end(1), "UPDATE assignment SET ended_at = NULL, end_reason = NULL WHERE id = #1"]
    {
        assert_eq!(done(&app, WORKER, again).await.as_deref(), Some("assignment.ended"), "{again}");
    }
    // Another one of the same may follow.
    assert_eq!(done(&app, WORKER, &caseworker(2, 1001, 16)).await, None);
}

#[tokio::test]
async fn cl_03_beyond_the_norm_by_the_leader_with_a_reason_for_ninety_days_at_most() {
    let (_database, admin, app) = team().await;
    assert_eq!(done(&app, LEADER, &norm(1, "caseworker", "2026-11-22", "1")).await, None);
    assert_eq!(done(&app, WORKER, &caseworker(1, 1001, 16)).await, None);
    assert_eq!(done(&app, WORKER, &beyond(2, 1002, 16, "2026-12-01")).await.as_deref(), FORBIDDEN);
    // Nor does the department's head.
    assert_eq!(done(&app, 1012, &beyond(2, 1002, 16, "2026-12-01")).await.as_deref(), FORBIDDEN);
    for (wrong, code) in [
        (beyond(2, 1002, 16, "2027-02-21"), "caseload.exception-out-of-range"),
        (beyond(2, 1002, 16, "2026-11-21"), "caseload.exception-out-of-range"),
        (beyond(2, 1002, 16, "2026-12-01").replace("'why'", "NULL"), "assignment_exception"),
        (caseworker(2, 1002, 16), "caseload.limit-reached"),
        // One that has run out is none, however it is dated.
        (
            beyond(2, 1002, 16, "2026-11-21").replace("acting_now(),", "'2026-11-20',"),
            "caseload.limit-reached",
        ),
    ] {
        assert_eq!(done(&app, LEADER, &wrong).await.as_deref(), Some(code), "{wrong}");
    }
    assert_eq!(done(&app, LEADER, &beyond(2, 1002, 16, "2027-02-20")).await, None);
    assert_eq!(done(&app, LEADER, &beyond(3, 1003, 16, "2026-11-22")).await, None);
    // Apart; past its end among the rest, as a breach.
    assert_eq!(stands_now(&admin, 16, "caseworker").await, "1 1 2 0");
    for (on, told) in
        [("2026-11-23", "2 1 1 1"), ("2027-02-20", "2 1 1 1"), ("2027-02-21", "3 1 0 2")]
    {
        assert_eq!(stands(&admin, 16, "caseworker", on, "infinity").await, told, "{on}");
    }
    // An exception makes no room, and leaves none behind.
    assert_eq!(done(&app, LEADER, &end(3)).await, None);
    assert_eq!(done(&app, LEADER, &caseworker(4, 1004, 16)).await.as_deref(), LIMIT);
    // Nor does one of another function of the same norm stand for an ordinary one.
    assert_eq!(done(&app, LEADER, &norm(2, "job-consultant", "2026-11-22", "0")).await, None);
    let by_exception = beyond(5, 1005, 18, "2026-12-01").replace("caseworker", "job-consultant");
    assert_eq!(done(&app, LEADER, &by_exception).await, None);
    let follows = assign(6, 1005, 18, "mentor", "job-consultant");
    assert_eq!(done(&app, LEADER, &follows).await.as_deref(), LIMIT);
}

#[tokio::test]
async fn cl_04_nobody_assigns_on_an_old_snapshot() {
    let (_database, _admin, app) = team().await;
    for isolation in ["REPEATABLE READ", "SERIALIZABLE"] {
        app.run(&format!("BEGIN ISOLATION LEVEL {isolation}; SELECT act_as(#{WORKER}, '{NOW}')"))
            .await;
        let refused = app.refusal(&caseworker(1, 1001, 16)).await;
        assert_eq!(refused.as_deref(), Some("40001"), "{isolation}");
        app.rollback().await;
    }
}

/// Whoever came first may be let in last: at the lock, moments are no order.
#[tokio::test]
async fn cl_04_the_last_place_is_given_once_whichever_of_two_moments_comes_first_to_the_lock() {
    let (database, admin, app) = team().await;
    let other = Prompt::of_app(&database).await;
    assert_eq!(done(&app, LEADER, &norm(1, "caseworker", "2026-11-22", "3")).await, None);
    for n in [1, 2] {
        assert_eq!(done(&app, WORKER, &caseworker(n, 1000 + n, 16)).await, None);
    }
    let (early, late) = ("2026-11-22 10:00:00.000001+00", "2026-11-22 10:00:00.5+00");
    for round in 0..12 {
        let (first, second) = if round % 2 == 0 { (late, early) } else { (early, late) };
        let case = 100 + 2 * round;
        let others = caseworker(case + 1, 1004, 16);
        app.begin(id(WORKER), first).await;
        app.run(&caseworker(case, 1003, 16)).await;
        let (waited, ()) = tokio::join!(done_at(&other, LEADER, second, &others), async {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            app.run("COMMIT").await;
        });
        assert_eq!(waited.as_deref(), LIMIT, "round {round}");
        assert_eq!(stands_now(&admin, 16, "caseworker").await, "3 3 0 0");
        // What another one ended a moment later, for all one knows, is ended: its room is there.
        let ends = end(case).replace("acting_now()", &format!("'{first}'"));
        app.begin(id(WORKER), late).await;
        app.run(&format!("SELECT lock_employees(ARRAY[#16]); {ends}")).await;
        let (waited, ()) = tokio::join!(done_at(&other, LEADER, early, &others), async {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            app.run("COMMIT").await;
        });
        assert_eq!(waited, None, "round {round}");
        admin.load(&format!("DELETE FROM assignment WHERE id IN (#{case}, #{})", case + 1)).await;
    }
}

#[tokio::test]
async fn cl_04_of_many_at_once_as_many_get_a_case_as_there_is_room() {
    let (database, admin, app) = team().await;
    assert_eq!(done(&app, LEADER, &norm(1, "caseworker", "2026-11-22", "5")).await, None);
    let mut assigning = tokio::task::JoinSet::new();
    for n in 1..=16 {
        let prompt = Prompt::of_app(&database).await;
        assigning.spawn(async move {
            let now = format!("2026-11-22 10:00:00.{:06}+00", (n * 7919) % 1000);
            let slowly = format!("{}; SELECT pg_sleep(0.02)", caseworker(n, 1000 + n, 16));
            done_at(&prompt, LEADER, &now, &slowly).await
        });
    }
    let answers = assigning.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.is_none()).count(), 5);
    assert_eq!(answers.iter().filter(|answer| answer.as_deref() == LIMIT).count(), 11);
    assert_eq!(stands_now(&admin, 16, "caseworker").await, "5 5 0 0");
}

const TERMS: &str = "INSERT INTO caseload_terms (id, employee_id, unit_id, function, from_day, employment_share, reduction, reason, agreed_by_id, agreed_at)
    VALUES (gen_random_uuid(), #16, #2, 'caseworker', '2026-11-22', 50, 1, 'why', acting_employee(), acting_now())";
const COVER: &str = "INSERT INTO cover (id, unit_id, absent_id, covered_by_id, from_day, until_day, reason, decided_by_id, decided_at)
    VALUES (#70, #2, #16, #17, '2026-11-22', '2026-11-29', 'why', acting_employee(), acting_now())";

#[tokio::test]
async fn cl_01_cl_05_norms_terms_and_cover_are_the_leaders_and_never_for_a_day_that_has_passed() {
    let (_database, _admin, app) = team().await;
    let norm = norm(1, "caseworker", "2026-11-22", "2");
    for decided in [norm.as_str(), TERMS, COVER] {
        for (session, refusal) in
            [(WORKER, FORBIDDEN), (1013, FORBIDDEN), (ADMINISTRATOR, FORBIDDEN), (1012, None)]
        {
            app.begin(id(session), NOW).await;
            assert_eq!(app.refusal(decided).await.as_deref(), refusal, "{session}: {decided}");
            app.rollback().await;
        }
        for (change, code) in [
            (("#2", "#3"), "42501"),
            (("acting_employee()", "#12"), "42501"),
            (("'2026-11-22'", "'2026-11-21'"), "caseload.day-past"),
        ] {
            let wrong = decided.replace(change.0, change.1);
            assert_eq!(done(&app, LEADER, &wrong).await.as_deref(), Some(code), "{wrong}");
        }
        assert_eq!(done(&app, LEADER, decided).await, None);
    }
    for (decided, change, code) in [
        (norm.as_str(), (", 2, 'why', 1", ", 501, 'why', 2"), "caseload_norm_cases"),
        (&norm, (", 2, 'why', 1", ", -1, 'why', 2"), "caseload_norm_cases"),
        (&norm, ("'caseworker'", "'else'"), "case_function_known"),
        (&norm, ("", ""), "version.stale:caseload-norm"),
        (TERMS, ("50, 1", "101, 1"), "caseload_terms_share"),
        (TERMS, ("50, 1", "-1, 1"), "caseload_terms_share"),
        (TERMS, ("50, 1", "50, 501"), "caseload_terms_reduction"),
        (TERMS, ("50, 1", "50, -1"), "caseload_terms_reduction"),
        (COVER, ("#17", "#16"), "cover_of_another"),
        (COVER, ("'2026-11-29'", "'2026-11-21'"), "cover.days-out-of-range"),
        (COVER, ("'2026-11-29'", "'2027-11-23'"), "cover.days-out-of-range"),
        (COVER, ("#70", "#71"), "cover.already-covered"),
    ] {
        let wrong = decided.replace(change.0, change.1);
        assert_eq!(done(&app, LEADER, &wrong).await.as_deref(), Some(code), "{wrong}");
    }
    // Told once: nothing changes, nothing goes.
    for table in ["caseload_norm", "caseload_terms"] {
        for change in [
            "UPDATE # SET reason = 'else'",
            "UPDATE # SET from_day = '2026-12-01'",
            "DELETE FROM #",
        ] {
            let change = change.replace('#', table);
            assert_eq!(done(&app, LEADER, &change).await.as_deref(), FORBIDDEN, "{change}");
        }
    }
    // What was agreed with one is theirs and their leaders'; cover is the unit's; norms are no secret.
    for (session, table, seen) in [
        (WORKER, "caseload_terms", "1"),
        (LEADER, "caseload_terms", "1"),
        (1012, "caseload_terms", "1"),
        (1011, "caseload_terms", "0"),
        (ADMINISTRATOR, "caseload_terms", "0"),
        (1011, "cover", "1"),
        (1013, "cover", "0"),
        (1013, "caseload_norm", "1"),
    ] {
        app.begin(id(session), NOW).await;
        let count = app.value(&format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(count, seen, "{session} {table}");
        app.rollback().await;
    }
}

#[tokio::test]
async fn cl_05_cover_is_shown_beside_the_number_until_it_ends() {
    let (_database, admin, app) = team().await;
    assert_eq!(done(&app, LEADER, &norm(1, "caseworker", "2026-11-22", "1")).await, None);
    assert_eq!(done(&app, LEADER, &caseworker(1, 1001, 16)).await, None);
    assert_eq!(done(&app, LEADER, &caseworker(2, 1002, 17)).await, None);
    assert_eq!(done(&app, LEADER, COVER).await, None, "never refused");
    let told = async |on: &str| {
        let query = format!("SELECT string_agg(concat_ws(' ', right(employee_id::text, 2), young_people, covered, away), ', ' ORDER BY employee_id)
            FROM caseload_of(#2, '{on}', 'infinity') WHERE employee_id IN (#16, #17)");
        admin.value(&query).await
    };
    assert_eq!(told("2026-11-22").await, "16 1 0 t, 17 1 1 f");
    assert_eq!(told("2026-11-29").await, "16 1 0 t, 17 1 1 f");
    assert_eq!(told("2026-11-30").await, "16 1 0 f, 17 1 0 f");
    for (change, refusal) in [
        ("until_day = '2027-01-01'", FORBIDDEN),
        ("ended_at = acting_now() + interval '1 us'", FORBIDDEN),
        ("ended_at = acting_now()", None),
    ] {
        let change = format!("UPDATE cover SET {change} WHERE id = #70");
        assert_eq!(done(&app, LEADER, &change).await.as_deref(), refusal, "{change}");
    }
    assert_eq!(told("2026-11-22").await, "16 1 0 f, 17 1 0 f");
    app.begin(id(LEADER), NOW).await;
    let again =
        app.rows("UPDATE cover SET ended_at = acting_now() WHERE id = #70 RETURNING 1").await;
    assert!(again.is_empty(), "it has ended");
    app.rollback().await;
    // Another one may be decided.
    assert_eq!(done(&app, LEADER, &COVER.replace("#70", "#71")).await, None);
}

#[tokio::test]
async fn cl_10_the_past_stays_as_it_was() {
    let (_database, admin, app) = team().await;
    assert_eq!(done(&app, LEADER, &norm(1, "caseworker", "2026-11-22", "2")).await, None);
    assert_eq!(done(&app, LEADER, &beyond(1, 1001, 16, "2026-11-22")).await, None);
    assert_eq!(done(&app, LEADER, &caseworker(2, 1002, 16)).await, None);
    let later = "2026-11-24 10:00:00+00";
    admin.load("UPDATE session SET started_at = '2026-11-24 09:00:00+00', refreshed_at = '2026-11-24 09:00:00+00'").await;
    admin.run(&format!("SELECT set_config('app.now', '{later}', false)")).await;
    let changes = [
        end(2),
        caseworker(3, 1003, 16),
        norm(2, "caseworker", "2026-11-24", "7"),
        TERMS.replace("2026-11-22", "2026-11-24").replace("50, 1", "100, 3"),
    ];
    for change in changes {
        assert_eq!(done_at(&app, LEADER, later, &change).await, None, "{change}");
    }
    admin
        .run("UPDATE employee_role SET valid_to = '2026-11-24 10:00:00+00' WHERE employee_id = #17")
        .await;
    for (on, moment, told) in [
        ("2026-11-21", "2026-11-21 22:59:59.999999+00", "0 0 0"),
        ("2026-11-22", "2026-11-22 22:59:59.999999+00", "1 2 1 0"),
        ("2026-11-22", "2026-11-22 09:59:59.999999+00", "0 2 0 0"),
        ("2026-11-23", "2026-11-23 22:59:59.999999+00", "2 2 0 1"),
        ("2026-11-24", "2026-11-24 09:59:59.999999+00", "2 4 0 1"),
        ("2026-11-24", "infinity", "2 4 0 1"),
    ] {
        assert_eq!(stands(&admin, 16, "caseworker", on, moment).await, told, "{on} {moment}");
    }
    for (moment, there) in [("2026-11-24 09:59:59.999999+00", "1"), ("2026-11-24 10:00:00+00", "0")]
    {
        let query = format!("SELECT count(*) FROM caseload_of(#2, '2026-11-24', '{moment}', #17)");
        assert_eq!(admin.value(&query).await, there, "{moment}");
    }
}

#[tokio::test]
async fn cl_08_cl_10_how_often_the_young_person_was_given_another_one_is_counted() {
    let (_database, admin, app) = team().await;
    // 16, then 17, then 17 again, then 16; 1002 never.
    let mut case = 10;
    for (whose, who) in [(1001, 16), (1001, 17), (1001, 17), (1001, 16), (1002, 16)] {
        case += 1;
        let now = format!("2026-11-22 10:00:{case}+00");
        let others = format!(
            "UPDATE assignment SET ended_at = acting_now(), end_reason = 'why' WHERE young_person_id = #{whose} AND ended_at IS NULL"
        );
        let given = format!("{others}; {}", caseworker(case, whose, who));
        assert_eq!(done_at(&app, WORKER, &now, &given).await, None);
    }
    let changes = "SELECT changes FROM caseload_of(#2, '2026-11-22', 'infinity', #16) WHERE function = 'caseworker'";
    assert_eq!(admin.value(changes).await, "2");
    app.begin(id(WORKER), NOW).await;
    assert_eq!(
        app.column("SELECT DISTINCT changes FROM assignment_file WHERE young_person_id = #1001")
            .await,
        ["2"]
    );
    // Who has had them, the latest first, is told in numbers only.
    let known = app
        .column(
            "SELECT right(employee_id::text, 2) FROM have_had(ARRAY[#1001]) ORDER BY last_at DESC",
        )
        .await;
    assert_eq!(known, ["16", "17"]);
    app.rollback().await;
}

#[tokio::test]
async fn cl_09_an_employment_ends_when_no_case_is_left_and_for_good() {
    let (_database, _admin, app) = team().await;
    assert_eq!(done(&app, WORKER, &caseworker(1, 1001, 17)).await, None);
    let stop = "UPDATE employee SET deactivated_at = acting_now() WHERE id = #17";
    let end_it = "UPDATE employee SET deactivated_at = acting_now(), employment_ended_at = acting_now() WHERE id = #17";
    let open = "UPDATE employee SET deactivated_at = NULL WHERE id = #17";
    let left = Some("employee.has-open-cases");
    let over = Some("employee.employment-ended");
    assert_eq!(done(&app, ADMINISTRATOR, end_it).await.as_deref(), left);
    assert_eq!(done(&app, ADMINISTRATOR, stop).await, None, "always");
    assert_eq!(done(&app, ADMINISTRATOR, end_it).await.as_deref(), left);
    assert_eq!(done(&app, LEADER, &end(1)).await, None);
    let not_stopped = "UPDATE employee SET deactivated_at = NULL, employment_ended_at = acting_now() WHERE id = #17";
    let refused = done(&app, ADMINISTRATOR, not_stopped).await;
    assert_eq!(refused.as_deref(), over);
    assert_eq!(done(&app, ADMINISTRATOR, end_it).await, None);
    assert_eq!(done(&app, ADMINISTRATOR, open).await.as_deref(), over);
    assert_eq!(
        done(
            &app,
            ADMINISTRATOR,
            "UPDATE employee SET deactivated_at = NULL, employment_ended_at = NULL WHERE id = #17"
        )
        .await
        .as_deref(),
        over
    );
}

#[tokio::test]
async fn cl_04_cl_09_whoever_comes_back_comes_back_within_the_limit() {
    let (_database, _admin, app) = team().await;
    for n in 1..=3 {
        assert_eq!(done(&app, WORKER, &caseworker(n, 1000 + n, 17)).await, None);
    }
    let stop = "UPDATE employee SET deactivated_at = acting_now() WHERE id = #17";
    let open = "UPDATE employee SET deactivated_at = NULL WHERE id = #17";
    assert_eq!(done(&app, ADMINISTRATOR, stop).await, None);
    assert_eq!(done(&app, LEADER, &norm(1, "caseworker", "2026-11-22", "2")).await, None);
    assert_eq!(done(&app, ADMINISTRATOR, open).await.as_deref(), LIMIT);
    assert_eq!(done(&app, LEADER, &end(1)).await, None);
    assert_eq!(done(&app, ADMINISTRATOR, open).await, None);
    // So with a role.
    let end_role = "UPDATE employee_role SET valid_to = acting_now() WHERE employee_id = #17";
    assert_eq!(done(&app, ADMINISTRATOR, end_role).await, None);
    assert_eq!(done(&app, LEADER, &norm(2, "caseworker", "2026-11-22", "1")).await, None);
    proposed(&app, 81, 17, "caseworker").await;
    assert_eq!(done(&app, LEADER, &confirm(81)).await.as_deref(), LIMIT);
    // Another role is no post of those cases, and as a leader they have none.
    proposed(&app, 82, 17, "benefits-officer").await;
    assert_eq!(done(&app, LEADER, &confirm(82)).await, None);
    assert_eq!(done(&app, LEADER, &end(2)).await, None);
    assert_eq!(done(&app, LEADER, &confirm(81)).await, None);
}

#[tokio::test]
async fn cl_01_cl_10_a_mentor_who_becomes_job_consultant_is_counted_so_from_then_on() {
    let (_database, admin, app) = team().await;
    assert_eq!(done(&app, LEADER, &norm(1, "job-consultant", "2026-11-22", "1")).await, None);
    for n in [1, 2] {
        let follows = assign(n, 1000 + n, 20, "mentor", "mentor");
        assert_eq!(done(&app, WORKER, &follows).await, None);
    }
    proposed(&app, 80, 20, "job-consultant").await;
    let (give, later) = (confirm(80), "2026-11-22 11:00:00+00");
    assert_eq!(done_at(&app, LEADER, later, &give).await.as_deref(), LIMIT);
    assert_eq!(stands_now(&admin, 20, "mentor").await, "2 0 0");
    assert_eq!(done(&app, WORKER, &end(1)).await, None);
    assert_eq!(done_at(&app, LEADER, later, &give).await, None);
    admin.run(&format!("SELECT set_config('app.now', '{later}', false)")).await;
    assert_eq!(stands_now(&admin, 20, "job-consultant").await, "1 1 0 0");
    assert_eq!(stands_now(&admin, 20, "mentor").await, "0 0 0");
    // The past stays as it was.
    assert_eq!(stands(&admin, 20, "mentor", "2026-11-22", "2026-11-22 10:59:59+00").await, "1 0 0");
}

/// What assignment 1 opens to 17 and to the unit, as far as it holds at a moment.
const OPENED: &str = "SELECT string_agg(holder_kind, ' ' ORDER BY holder_kind) FROM access_basis
    WHERE source_id = #1 AND valid_to > 'MOMENT'";

fn opens(whose: u64) -> String {
    format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, granted_by_id, valid_from,
                                   arose, from_basis_id)
         SELECT gen_random_uuid(), #{whose}, h, k, 'assignment', 7, #1, '', acting_employee(), acting_now(), 'replaced', p.id
           FROM (VALUES (#17, 'employee'), (#2, 'unit')) v (h, k),
                (SELECT id FROM passable_bases(#{whose}, 7) WHERE kind = 'registration') p"
    )
}

const END_ROLE: &str = "UPDATE employee_role SET valid_to = acting_now() WHERE employee_id = #17 AND role = 'caseworker'";
const IN_INTAKE: &str = "SELECT string_agg(concat_ws(' ', kind, right(employee_id::text, 2)), ', ') FROM intake_of(#2, '-infinity', #0, 10) WHERE kind <> 'plan'";

#[tokio::test]
async fn ac_07_cl_09_whoever_loses_their_last_role_in_the_unit_loses_the_sight_their_cases_gave() {
    let (_database, admin, app) = team().await;
    let given = format!("{}; {}", caseworker(1, 1001, 17), opens(1001));
    assert_eq!(done(&app, WORKER, &given).await, None);
    let opened = OPENED.replace("MOMENT", NOW);
    assert_eq!(admin.value(&opened).await, "employee unit");
    proposed(&app, 90, 17, "mentor").await;
    assert_eq!(done(&app, LEADER, &confirm(90)).await, None);
    assert_eq!(done(&app, ADMINISTRATOR, END_ROLE).await, None);
    assert_eq!(admin.value(&opened).await, "employee unit", "one is left");
    let ends = "UPDATE employee_role SET valid_to = acting_now() WHERE id = #90";
    assert_eq!(done(&app, ADMINISTRATOR, ends).await, None);
    assert_eq!(admin.value(&opened).await, "unit", "the leader hands it over");
    for (session, lies_there) in [(LEADER, "assignment 17"), (1013, "")] {
        app.begin(id(session), NOW).await;
        assert_eq!(app.value(IN_INTAKE).await, lies_there, "{session}");
        app.rollback().await;
    }
}

#[tokio::test]
async fn ac_07_a_case_given_beside_the_end_of_the_role_opens_nothing_more() {
    for role_ends_first in [false, true] {
        let (database, admin, app) = team().await;
        let other = Prompt::of_app(&database).await;
        let given = format!("{}; {}", caseworker(1, 1001, 17), opens(1001));
        // The end comes with the later moment, whichever is first at the lock.
        let (early, late) = (NOW, "2026-11-22 10:00:00.5+00");
        let (first, second) = if role_ends_first {
            ((ADMINISTRATOR, late, END_ROLE.to_owned()), (WORKER, early, given))
        } else {
            ((WORKER, early, given), (ADMINISTRATOR, late, END_ROLE.to_owned()))
        };
        app.begin(id(first.0), first.1).await;
        app.run(&first.2).await;
        let (waited, ()) = tokio::join!(done_at(&other, second.0, second.1, &second.2), async {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            app.run("COMMIT").await;
        });
        assert_eq!(waited, None);
        assert_eq!(admin.value(&OPENED.replace("MOMENT", late)).await, "unit", "{role_ends_first}");
    }
}

const WAITS: &str = "INSERT INTO intake_entry (id, young_person_id, writing_unit_id, unit_id, function, reason, from_day, entered_at)
    VALUES (#80, #1001, #2, #2, 'caseworker', 'why', '2026-11-22', acting_now())";

#[tokio::test]
async fn cl_11_an_entry_of_the_intake_is_made_once_and_leaves_once() {
    let (_database, _admin, app) = team().await;
    assert_eq!(done(&app, 1013, WAITS).await.as_deref(), FORBIDDEN);
    assert_eq!(done(&app, WORKER, WAITS).await, None);
    let again = WAITS.replace("#80", "#81");
    assert_eq!(done(&app, WORKER, &again).await.as_deref(), Some("intake.already-waiting"));
    for change in
        ["reason = 'else'", "unit_id = #3", "function = 'mentor'", "from_day = '2027-01-01'"]
    {
        let change = format!("UPDATE intake_entry SET {change} WHERE id = #80");
        assert_eq!(done(&app, LEADER, &change).await.as_deref(), FORBIDDEN, "{change}");
    }
    for (left, code) in [
        ("left_at = acting_now()", "intake_entry_left"),
        ("left_at = acting_now(), left_because = 'lost'", "intake_entry_left_because_known"),
        ("left_at = acting_now(), left_because = 'withdrawn'", "intake_entry_left"),
        (
            "left_at = acting_now(), left_because = 'assigned', left_reason = 'why'",
            "intake_entry_left",
        ),
        ("left_reason = 'why'", "intake_entry_left"),
    ] {
        let left = format!("UPDATE intake_entry SET {left} WHERE id = #80");
        assert_eq!(done(&app, WORKER, &left).await.as_deref(), Some(code), "{left}");
    }
    app.begin(id(LEADER), NOW).await;
    assert_eq!(app.value(IN_INTAKE).await, "entry");
    app.rollback().await;
    let left =
        "UPDATE intake_entry SET left_at = acting_now(), left_because = 'assigned' WHERE id = #80";
    assert_eq!(done(&app, WORKER, left).await, None);
    // Nobody waits for what somebody of the unit does already; for another function they may.
    let given = format!("{}; {again}", caseworker(1, 1001, 16));
    assert_eq!(done(&app, WORKER, &given).await.as_deref(), Some("assignment.already-assigned"));
    let mentor = given.replace("'caseworker', 'why'", "'mentor', 'why'");
    assert_eq!(done(&app, WORKER, &mentor).await, None);
}

#[tokio::test]
async fn yp_08_what_is_voided_opens_nothing_more() {
    let (_database, admin, app) = team().await;
    let given = format!("{}; {}", caseworker(1, 1001, 17), opens(1001));
    assert_eq!(done(&app, WORKER, &given).await, None);
    let waits = format!(
        "{}; {}",
        WAITS.replace("1001", "1002"),
        opens(1002).replace("#1,", "#80,").replace("(#17, 'employee'), ", "")
    );
    assert_eq!(done(&app, WORKER, &waits).await, None);
    let void = "SELECT void_written(#77, 'assignment', #1, #1001, 'why'); SELECT void_written(#78, 'intake_entry', #80, #1002, 'why')";
    assert_eq!(done(&app, WORKER, void).await, None);
    let left = "SELECT (SELECT count(*) FROM assignment) + (SELECT count(*) FROM intake_entry)
        + (SELECT count(*) FROM access_basis WHERE kind = 'assignment' AND valid_to > acting_now())";
    assert_eq!(admin.value(left).await, "0");
    assert_eq!(
        admin.value("SELECT string_agg(written, ' ' ORDER BY written) FROM correction").await,
        "assignment intake_entry"
    );
}

#[tokio::test]
async fn cl_06_who_turns_comes_and_leaves_is_told_of_ones_own_unit() {
    let (_database, admin, app) = team().await;
    // A leap day child turns 17 on 1 March 2027.
    admin.load("UPDATE young_person SET birth_date = '2010-02-28' WHERE id <> #100; UPDATE young_person SET birth_date = '2010-03-15' WHERE id = #1001;
        DELETE FROM access_basis WHERE young_person_id NOT IN (#100, #1001, #1002);
        UPDATE young_person SET birth_date = '2012-02-29' WHERE id = #100").await;
    let consults = assign(1, 1001, 18, "job-consultant", "job-consultant");
    let follows = assign(2, 1001, 18, "mentor", "job-consultant");
    let planned = |made: &str, until: &str| {
        made.replace("began_at)", "began_at, planned_end)")
            .replace("acting_now())", &format!("acting_now(), '{until}')"))
    };
    for made in [&planned(&consults, "2027-01-15"), &follows, &WAITS.replace("#1001", "#1002")] {
        assert_eq!(done(&app, WORKER, made).await, None, "{made}");
    }
    let told = async |session: u64| {
        app.begin(id(session), NOW).await;
        let rows = app
            .rows("SELECT on_day, what, function, right(young_person_id::text, 4) FROM forecast_of(#2, '2026-11-23', '2027-10-31') ORDER BY 1, 2")
            .await;
        app.rollback().await;
        rows.into_iter().map(|row| row.join(" ")).collect::<Vec<_>>()
    };
    let turning =
        ["2027-02-28 turns-17  1002", "2027-03-01 turns-15  0100", "2027-03-15 turns-17  1001"];
    let waits = "2026-11-22 comes caseworker 1002";
    assert_eq!(told(LEADER).await, [&[waits][..], &turning].concat());
    // In two functions under one norm they are one, and leave with the last.
    let again =
        format!("{}; {}", end(2), planned(&follows, "2027-02-15").replacen("#2,", "#3,", 1));
    assert_eq!(done(&app, WORKER, &again).await, None);
    let leaves = "2027-02-15 leaves job-consultant 1001";
    assert_eq!(told(LEADER).await, [&[waits, leaves][..], &turning].concat());
    assert_eq!(told(1013).await, [""; 0]);
}
