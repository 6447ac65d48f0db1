//! AC-15 at a SQL prompt of the application: the ways in which an access basis arises, each allowed and refused.

use crate::fixture::{referral, town};
use crate::sql::{NOW, Prompt, id};

/// The rule that refuses an access basis that does not arise in an allowed way.
const REFUSED: Option<&str> = Some("access.not-passed-on");

/// An access basis of young person 100 that employee 11 gives, in unit 2's stead.
#[derive(Clone, Copy)]
struct Given {
    holder: u64,
    kind: &'static str,
    areas: i32,
    source: u64,
    from: &'static str,
    to: &'static str,
    /// How it arose, the basis it comes from, and its rule; as SQL.
    way: [&'static str; 3],
}

/// Unit 3 takes part by the access that unit 2 passes on.
const PASSED_ON: Given = Given {
    holder: 3,
    kind: "participation",
    areas: 7,
    source: 900,
    from: "2026-11-22 10:00:00+00",
    to: "infinity",
    way: ["'passed-on'", "#200", "NULL"],
};

/// The records that an access basis names as its source: unit 3 takes part, and employee 11 of unit 2 has the case.
const SOURCES: &str = "
    INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
        VALUES (#900, #300, #100, #2, #3, #13, '2026-11-22');
    INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at)
        VALUES (#900, #100, #2, #2, #11, 'caseworker', 'caseworker', '2026-11-22');";

/// A legal basis that applies to young person 100.
const APPLIES: &str = "(SELECT min(code) FROM legal_basis WHERE from_age <= 18 AND to_age IS NULL)";

impl Given {
    fn sql(self) -> String {
        let Self { holder, kind, areas, source, from, to, way: [arose, basis, rule] } = self;
        let holder_kind = if holder < 10 { "unit" } else { "employee" };
        let legal_basis = if arose == "'widened'" { APPLIES } else { "NULL" };
        format!(
            "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, granted_by_id,
                                       valid_from, valid_to, arose, from_basis_id, access_rule, legal_basis)
             VALUES (#901, #100, #{holder}, '{holder_kind}', '{kind}', {areas}, #{source}, 'x', acting_employee(),
                     '{from}', '{to}', {arose}, {basis}, {rule}, {legal_basis})"
        )
    }

    /// The rule that refuses it to an employee in a town with these changes. The town is rolled back afterwards.
    async fn refusal(self, admin: &Prompt, changed: &str, by: u64) -> Option<String> {
        admin
            .run(&format!(
                "BEGIN; SET LOCAL session_replication_role = replica; {SOURCES} {changed};
                 SET LOCAL session_replication_role = origin; SET LOCAL SESSION AUTHORIZATION enplan_app;
                 SELECT act_as('{}', '{NOW}')",
                id(1000 + by)
            ))
            .await;
        if self.way[0] == "'by-rule'" {
            // The application cannot write it at all; a function of the owner can if the rule opens it.
            admin.run("SAVEPOINT s").await;
            assert!(admin.refusal(&self.sql()).await.is_some(), "{}", self.sql());
            admin.run("ROLLBACK TO s; SET LOCAL SESSION AUTHORIZATION enplan_worker").await;
        }
        let refusal = admin.refusal(&self.sql()).await;
        admin.rollback().await;
        refusal
    }
}

#[tokio::test]
async fn ac_15_only_registration_participation_and_assignment_are_passed_on() {
    let database = town().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    admin.load(SOURCES).await;
    for (kind, refusal) in [
        ("registration", None),
        ("participation", None),
        ("assignment", None),
        ("provision", REFUSED),
        ("meeting", REFUSED),
        ("consent", REFUSED),
        ("law", REFUSED),
        ("break-glass", REFUSED),
    ] {
        admin.load(&format!("UPDATE access_basis SET kind = '{kind}' WHERE id = #200")).await;
        app.begin(id(1011), NOW).await;
        assert_eq!(app.refusal(&PASSED_ON.sql()).await.as_deref(), refusal, "{kind}");
        app.rollback().await;
    }
}

/// What a source gave is ended by those who work on the case, and a registration by nobody.
#[tokio::test]
async fn ac_16_access_is_ended_by_casework_alone() {
    let database = town().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let source = admin.value("SELECT source_id::text FROM access_basis WHERE id = #200").await;
    admin
        .load(
            "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
             VALUES (#905, #100, #3, 'unit', 'participation', 7, #900, 'x', '2026-11-01Z')",
        )
        .await;
    for (kind, theirs, own) in [
        ("registration", "1", "0"),
        ("participation", "1", "1"),
        ("assignment", "1", "1"),
        ("provision", "0", "1"),
        ("meeting", "0", "1"),
        ("law", "0", "1"),
    ] {
        admin.load(&format!("UPDATE access_basis SET kind = '{kind}' WHERE id = #200")).await;
        app.begin(id(1011), NOW).await;
        let ended = app.value("SELECT end_access(#900, acting_now())").await;
        assert_eq!(ended, theirs, "{kind}");
        let ended = app.value(&format!("SELECT end_access('{source}', acting_now())")).await;
        assert_eq!(ended, own, "{kind}");
        app.rollback().await;
    }
}

#[tokio::test]
async fn ac_15_a_basis_is_passed_on_with_at_most_its_areas_and_its_end() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let narrow = "UPDATE access_basis SET areas = 3, valid_to = '2026-12-01' WHERE id = #200";
    let within = Given { areas: 3, to: "2026-12-01", ..PASSED_ON };
    let cases = [
        (within, narrow, 11, None),
        (Given { areas: 7, ..within }, narrow, 11, REFUSED),
        (Given { areas: 4, ..within }, narrow, 11, REFUSED),
        (Given { to: "2026-12-02", ..within }, narrow, 11, REFUSED),
        (Given { to: "infinity", ..within }, narrow, 11, REFUSED),
        // A basis that opens only the rows of one unit.
        (within, "UPDATE access_basis SET giver_id = #9 WHERE id = #200", 11, REFUSED),
        // A basis that has ended, of another holder, or of another young person.
        (PASSED_ON, "UPDATE access_basis SET valid_to = '2026-11-22' WHERE id = #200", 11, REFUSED),
        (PASSED_ON, "UPDATE access_basis SET holder_id = #3 WHERE id = #200", 11, REFUSED),
        (PASSED_ON, "SELECT", 13, REFUSED),
        // Beginning before its creation, without a way, or in a way that does not explain it.
        (Given { from: "2026-11-22 09:59:59+00", ..PASSED_ON }, "SELECT", 11, REFUSED),
        (Given { way: ["NULL", "NULL", "NULL"], ..PASSED_ON }, "SELECT", 11, REFUSED),
        (Given { way: ["'registered'", "NULL", "NULL"], ..PASSED_ON }, "SELECT", 11, REFUSED),
        (
            Given { way: ["'by-rule'", "NULL", "'held-meeting'"], ..PASSED_ON },
            "SELECT",
            11,
            REFUSED,
        ),
        (Given { way: ["'by-rule'", "NULL", "'x'"], ..PASSED_ON }, "SELECT", 11, REFUSED),
        (Given { kind: "registration", ..PASSED_ON }, "SELECT", 11, REFUSED),
    ];
    for (given, changed, by, refusal) in cases {
        assert_eq!(given.refusal(&admin, changed, by).await.as_deref(), refusal, "{}", given.sql());
    }
}

#[tokio::test]
async fn ac_15_an_assignment_is_replaced_inside_the_unit_that_holds_the_case() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let assigned = Given { kind: "assignment", way: ["'replaced'", "#200", "NULL"], ..PASSED_ON };
    for (holder, refusal) in [(2, None), (11, None), (3, REFUSED), (13, REFUSED)] {
        let given = Given { holder, ..assigned };
        assert_eq!(given.refusal(&admin, "SELECT", 11).await.as_deref(), refusal, "{holder}");
    }
    let by_law = "UPDATE access_basis SET kind = 'law' WHERE id = #200";
    assert_eq!(
        Given { holder: 11, ..assigned }.refusal(&admin, by_law, 11).await.as_deref(),
        REFUSED
    );
}

#[tokio::test]
async fn ac_15_the_first_basis_is_the_registering_units() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let known = Given {
        holder: 2,
        kind: "registration",
        source: 100,
        way: ["'registered'", "NULL", "NULL"],
        ..PASSED_ON
    };
    let nobodys = "DELETE FROM access_basis";
    let just_now = format!("{nobodys}; UPDATE young_person SET registered_at = '{NOW}'");
    assert_eq!(known.refusal(&admin, &just_now, 11).await, None);
    assert_eq!(known.refusal(&admin, nobodys, 11).await.as_deref(), REFUSED, "registered long ago");
    assert_eq!(
        Given { areas: 15, ..known }.refusal(&admin, &just_now, 11).await.as_deref(),
        REFUSED
    );
    assert_eq!(
        Given { holder: 3, ..known }.refusal(&admin, &just_now, 11).await.as_deref(),
        REFUSED
    );
    let seen = format!(
        "UPDATE young_person SET registered_at = '{NOW}'; UPDATE access_basis SET valid_to = '2026-11-02', source_id = #7"
    );
    assert_eq!(known.refusal(&admin, &seen, 11).await.as_deref(), REFUSED, "somebody saw them");
}

/// A transition need about young person 100 that unit 9 created and that unit 3 sees.
const NEED: &str = "
    UPDATE unit SET receives_needs = true WHERE id = #3;
    INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, guide, acute, reason, raised_on, raised_by_id, state)
        VALUES (#900, #100, #9, 'by-hand', 17, false, 'x', '2026-11-20', #14, 'open');";

#[tokio::test]
async fn ac_15_a_rule_fixes_fact_receiver_areas_and_end() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let by_rule = Given {
        kind: "law",
        areas: 3,
        way: ["'by-rule'", "NULL", "'prepare-transition-meeting'"],
        ..PASSED_ON
    };
    // Neither the reporter's own basis nor the writing role matters.
    for by in [11, 13, 14] {
        assert_eq!(by_rule.refusal(&admin, NEED, by).await, None, "{by}");
    }
    let settled =
        format!("{NEED} UPDATE transition_need SET state = 'exempt', decided_on = '2026-11-21'");
    let of_its_own = format!("{NEED} UPDATE transition_need SET writing_unit_id = #3");
    let raised_in_it = format!("{NEED} UPDATE transition_need SET raised_by_id = #13");
    let of_before = format!("{NEED} UPDATE access_rule SET valid_to = '2026-11-21'");
    for (given, changed) in [
        (Given { areas: 7, ..by_rule }, NEED),
        (Given { holder: 4, ..by_rule }, NEED),
        (Given { kind: "participation", ..by_rule }, NEED),
        (Given { source: 800, ..by_rule }, NEED),
        (by_rule, "SELECT"),
        (by_rule, &settled),
        (by_rule, &of_its_own),
        (by_rule, &raised_in_it),
        (by_rule, &of_before),
    ] {
        assert_eq!(
            given.refusal(&admin, changed, 13).await.as_deref(),
            REFUSED,
            "{} after {changed}",
            given.sql()
        );
    }
}

/// A fact that the receiving unit invents at the prompt opens no access to it.
#[tokio::test]
async fn ac_15_a_unit_that_records_the_fact_itself_gets_nothing() {
    let database = town().await;
    Prompt::of_admin(&database)
        .await
        .load(
            "UPDATE unit SET receives_needs = true WHERE id = #3; UPDATE young_person SET birth_date = '2010-05-22';
             INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
                VALUES (#202, #100, #3, 'unit', 'law', 2, #202, 'x', '2026-11-20')",
        )
        .await;
    let app = Prompt::of_app(&database).await;
    let need = |origin: &str, state: &str, by: &str| {
        let by_hand =
            if origin == "by-hand" { format!("'x', {by}") } else { "NULL, NULL".to_owned() };
        format!(
            "INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, guide, acute, raised_on, state, reason, raised_by_id)
             VALUES (#900, #100, #3, '{origin}', 17, false, '2026-11-22', '{state}', {by_hand})"
        )
    };
    let of_health = "INSERT INTO transition_need (id, young_person_id, information_area, writing_unit_id, origin, guide, acute, raised_on, state,
                                                  reason, raised_by_id)
                     VALUES (#900, #100, 8, #3, 'by-hand', 17, false, '2026-11-22', 'open', 'x', #13)";
    let task = |kind: &str| {
        format!(
            "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at)
             VALUES (#900, #100, 2, #3, '{kind}', #300, '2026-12-01', '{NOW}')"
        )
    };
    let by_rule = |kind: &str| format!("{}; SELECT grant_by_rule('{kind}', #900)", task(kind));
    for fact in [
        need("by-hand", "open", "#13"),
        need("by-hand", "to-judge", "#13"),
        task("guide-absentee"),
        task("plan-leaving-school"),
    ] {
        app.begin(id(1013), NOW).await;
        app.run(&fact).await;
        assert_eq!(
            app.column("SELECT id FROM access_basis").await,
            [id(202).to_string()],
            "{fact}"
        );
        app.rollback().await;
    }
    for fact in [
        need("by-hand", "open", "#14"),
        need("enrolment", "to-judge", ""),
        of_health.to_owned(),
        by_rule("guide-absentee"),
        by_rule("plan-leaving-school"),
    ] {
        app.begin(id(1013), NOW).await;
        assert_eq!(app.refusal(&fact).await.as_deref(), Some("42501"), "{fact}");
        app.rollback().await;
    }
}

/// Nor through a colleague's unit: an employee who works for both units records the fact for the one that gets access.
#[tokio::test]
async fn ac_15_an_employee_of_two_units_gives_neither_access_by_a_meeting_or_an_agreement() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin
        .load(
            "INSERT INTO responsibility_agreement (id, need_id, young_person_id, writing_unit_id, receiving_unit_id, supports_from,
                                                   coordinates_from, agreed_at, agreed_by_id, accepted_at, accepted_by_id)
             VALUES (#900, #901, #100, #2, #3, '2026-11-22', '2026-11-22', '2026-11-22Z', #11, '2026-11-22Z', #13);
             INSERT INTO meeting (id, young_person_id, writing_unit_id, kind, need_id, outside_because, room_id, starts_at, ends_at, state,
                                  held_at, called_by_id, called_at, changed_at)
             VALUES (#910, #100, #2, 'transition', #901, 'overdue', #911, '2026-11-20 12:00Z', '2026-11-20 13:00Z', 'held',
                     '2026-11-20 13:00Z', #11, '2026-11-19Z', '2026-11-20Z');
             INSERT INTO meeting_minutes (id, meeting_id, young_person_id, writing_unit_id, other, receiving_unit_id, responsible_id)
             VALUES (#912, #910, #100, #2, 'x', #3, #13)",
        )
        .await;
    let own = async || {
        admin.begin(id(1011), NOW).await;
        let query = "SELECT (SELECT own_recording FROM accepting_unit(#900))::text || ' '
                         || (SELECT own_recording FROM receiving_unit_of_meeting(#910))::text";
        let own = admin.value(query).await;
        admin.rollback().await;
        own
    };
    assert_eq!(own().await, "false false");
    admin
        .load(
            "INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
             VALUES (#950, #11, 'counsellor', #3, '2026-01-01')",
        )
        .await;
    assert_eq!(own().await, "true true");
}

#[tokio::test]
async fn ac_15_access_is_widened_by_who_may_pass_it_on_or_else_by_the_leader() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let by_law = "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
        VALUES (#202, #100, #3, 'unit', 'law', 1, #202, 'x', '2026-11-20');";
    let leads = "UPDATE employee_role SET role = 'team-leader' WHERE employee_id = #13;";
    let nobody_else = "UPDATE access_basis SET valid_to = '2026-11-22' WHERE id = #200;";
    let widened = Given {
        kind: "law",
        areas: 3,
        to: "2027-02-01",
        way: ["'widened'", "#200", "NULL"],
        ..PASSED_ON
    };
    let by_leader = Given { way: ["'widened'", "#202", "NULL"], ..widened };
    let alone = format!("{by_law}{leads}{nobody_else}");
    let cases = [
        (widened, by_law.to_owned(), 11, None),
        (widened, "SELECT".to_owned(), 11, REFUSED),
        (Given { areas: 8, ..widened }, by_law.to_owned(), 11, REFUSED),
        (Given { to: "infinity", ..widened }, by_law.to_owned(), 11, REFUSED),
        (by_leader, alone.clone(), 13, None),
        (by_leader, format!("{by_law}{leads}"), 13, REFUSED),
        (by_leader, format!("{by_law}{nobody_else}"), 13, REFUSED),
        (Given { areas: 8, ..by_leader }, alone.clone(), 13, REFUSED),
        (Given { holder: 4, ..by_leader }, alone.clone(), 13, REFUSED),
        (Given { to: "2027-06-01", ..by_leader }, alone.clone(), 13, REFUSED),
        (
            by_leader,
            format!("{alone} UPDATE access_basis SET kind = 'meeting' WHERE id = #202"),
            13,
            REFUSED,
        ),
    ];
    for (given, changed, by, refusal) in cases {
        assert_eq!(
            given.refusal(&admin, &changed, by).await.as_deref(),
            refusal,
            "{} after {changed}",
            given.sql()
        );
    }
}

/// A basis can only be ended; the worker, which may update it, cannot extend it either.
#[tokio::test]
async fn ac_15_a_basis_only_ends() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run("UPDATE access_basis SET valid_to = '2026-12-01' WHERE id = #200").await;
    for change in [
        "valid_to = '2026-12-02'",
        "areas = 63",
        "holder_id = #3",
        "kind = 'participation'",
        "giver_id = NULL, areas = 15",
    ] {
        let change = format!("UPDATE access_basis SET {change} WHERE id = #200");
        assert_eq!(worker.refusal(&change).await.as_deref(), REFUSED, "{change}");
    }
}

/// Every function that creates access states the way. The test detects a new function.
#[tokio::test]
async fn ac_15_every_function_that_gives_access_states_its_way() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let gives = "prosrc ~* 'insert\\s+into\\s+(public\\.)?access_basis\\M' AND pronamespace = 'public'::regnamespace";
    let silent = format!("SELECT proname FROM pg_proc WHERE {gives} AND prosrc !~ '\\marose\\M'");
    assert_eq!(admin.column(&silent).await, [""; 0]);
    let all = format!("SELECT proname FROM pg_proc WHERE {gives} ORDER BY 1");
    assert_eq!(admin.column(&all).await, ["grant_by_rule"]);
    // A function of the owner finds the access of a rule; the application cannot replace it with its own table.
    let strange = "SELECT r.code FROM access_rule r LEFT JOIN pg_proc f ON f.proname = r.receivers AND f.prosecdef AND f.provolatile = 's'
         WHERE f.oid IS NULL";
    assert_eq!(admin.column(strange).await, [""; 0]);
    assert_eq!(
        admin.column("SELECT code FROM access_rule ORDER BY code").await,
        [
            "acceptance",
            "called-to-network-meeting",
            "guide-absentee",
            "held-meeting",
            "judge-need",
            "known-at-network-meeting",
            "plan-leaving-school",
            "prepare-transition-meeting",
            "refer-instead",
        ]
    );
}

/// After a merge, everybody who sees one registration sees the other. The caller must therefore be able to pass on
/// both.
#[tokio::test]
async fn ac_15_two_registrations_are_merged_by_who_may_pass_on_both() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin
        .load(
            "INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                VALUES (#101, #2, 'Freja', 'Holm', '2008-02-29', '2026-11-20');
             INSERT INTO person_identifier (id, young_person_id, writing_unit_id, kind, cipher, digest, key_id, valid_from)
                VALUES (#151, #101, #2, 'cpr', '', 'another', 1, '2026-11-20');
             INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
                VALUES (#201, #101, #2, 'unit', 'registration', 7, #101, 'registered', '2026-11-20')",
        )
        .await;
    let app = Prompt::of_app(&database).await;
    for (held, merged) in [
        ("kind = 'registration'", "t"),
        ("kind = 'participation', areas = 15", "t"),
        ("kind = 'law', areas = 7", "f"),
        ("kind = 'meeting', areas = 1", "f"),
        ("kind = 'participation', areas = 3", "f"),
    ] {
        admin.load(&format!("UPDATE access_basis SET {held} WHERE id = #200")).await;
        for (kept, other) in [(100, 101), (101, 100)] {
            app.begin(id(1011), NOW).await;
            let merge = format!("SELECT merge_young_people(#77, #{kept}, #{other}, #2, 'x')");
            assert_eq!(app.value(&merge).await, merged, "{held}: {kept} keeps {other}");
            app.rollback().await;
        }
    }
}

/// An access basis stands on a record of this young person and holder, so that it ends with it.
#[tokio::test]
async fn ac_15_an_access_basis_stands_on_its_source() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let assigned = Given { holder: 11, kind: "assignment", ..PASSED_ON };
    let cases = [
        (PASSED_ON, "SELECT", None),
        (PASSED_ON, "UPDATE plan_participant SET left_at = '2026-11-22' WHERE id = #900", REFUSED),
        (PASSED_ON, "UPDATE plan_participant SET unit_id = #4 WHERE id = #900", REFUSED),
        (PASSED_ON, "UPDATE plan_participant SET young_person_id = #7 WHERE id = #900", REFUSED),
        (Given { source: 777, ..PASSED_ON }, "SELECT", REFUSED),
        (assigned, "SELECT", None),
        (
            assigned,
            "UPDATE assignment SET ended_at = '2026-11-22', end_reason = 'x' WHERE id = #900",
            REFUSED,
        ),
        (assigned, "UPDATE assignment SET employee_id = #13 WHERE id = #900", REFUSED),
        (assigned, "UPDATE assignment SET young_person_id = #7 WHERE id = #900", REFUSED),
        (Given { source: 777, ..assigned }, "SELECT", REFUSED),
    ];
    for (given, changed, refusal) in cases {
        let answer = given.refusal(&admin, changed, 11).await;
        assert_eq!(answer.as_deref(), refusal, "{} after {changed}", given.sql());
    }
}

/// A provider ends neither the access of others nor their tasks, and nobody without access learns when somebody meets.
#[tokio::test]
async fn ac_16_functions_that_end_or_tell_ask_for_the_callers_access() {
    let database = town().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    admin
        .load(&format!(
            "{SOURCES}
             INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
                VALUES (#202, #100, #3, 'unit', 'participation', 7, #900, 'x', '2026-11-20'),
                       (#203, #100, #4, 'unit', 'provision', 1, #901, 'x', '2026-11-20');
             UPDATE plan SET state = 'closed', closed_at = '2026-11-20', outcome = 'education' WHERE id = #300;
             INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at)
                VALUES (#904, #100, 2, #2, 'hold-review', #300, '2026-12-01', '{NOW}');
             INSERT INTO meeting (id, young_person_id, writing_unit_id, kind, need_id, outside_because, room_id, starts_at,
                                  ends_at, state, called_by_id, called_at, changed_at)
                VALUES (#910, #100, #2, 'transition', #901, 'overdue', #911, '2026-12-20 12:00Z', '2026-12-20 13:00Z', 'planned', #11,
                        '{NOW}', '{NOW}')"
        ))
        .await;
    let of =
        "SELECT count(*) FROM meeting_clashes(#100, '{}', NULL, '2026-12-01', '2026-12-31', NULL)";
    app.begin(id(1014), NOW).await;
    app.run("SELECT end_participations(#300, acting_now() + interval '1 day'); SELECT finish_task('hold-review', #300, acting_now())").await;
    assert_eq!(app.value(of).await, "1", "it has a basis");
    app.run("COMMIT").await;
    let ends = "SELECT valid_to FROM access_basis WHERE id = #202";
    let done = "SELECT coalesce(done_at::text, 'open') FROM task WHERE id = #904";
    assert_eq!(admin.value(ends).await, "infinity");
    assert_eq!(admin.value(done).await, "open");
    admin.load("DELETE FROM access_basis WHERE id = #203").await;
    app.begin(id(1014), NOW).await;
    assert_eq!(app.value(of).await, "0");
    assert_eq!(app.value("SELECT receiver_takes_part(#999, #300, #4, #14, #4)").await, "f");
    app.rollback().await;
    app.begin(id(1011), NOW).await;
    app.run("SELECT end_participations(#300, acting_now() + interval '1 day'); SELECT finish_task('hold-review', #300, acting_now())").await;
    app.run("COMMIT").await;
    assert_eq!(admin.value(ends).await, "2026-11-23 10:00:00+00");
    assert_ne!(admin.value(done).await, "open");
}

/// Guidance of an absentee opens the case of the young person who was absent, and no other.
#[tokio::test]
async fn ac_15_a_rule_opens_the_case_of_the_young_person_of_its_fact() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let guided = Given {
        kind: "law",
        areas: 5,
        way: ["'by-rule'", "NULL", "'guide-absentee'"],
        ..PASSED_ON
    };
    let fact = format!(
        "{}
         INSERT INTO absence (id, intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id, from_day,
                              told_on, told_by_id)
            VALUES (#501, #500, #100, 4, #2, #4, '2026-11-02', '2026-11-22', #14);
         INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at)
            VALUES (#900, #100, 4, #3, 'guide-absentee', #500, '2026-12-01', '{NOW}')",
        referral(500, (300, 100), "stigen", "2026-11-01")
    );
    assert_eq!(guided.refusal(&admin, &fact, 11).await, None);
    let of_another =
        format!("{fact}; UPDATE intervention SET young_person_id = #7 WHERE id = #500");
    assert_eq!(guided.refusal(&admin, &of_another, 11).await.as_deref(), REFUSED);
}
