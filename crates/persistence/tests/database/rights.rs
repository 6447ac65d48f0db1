//! OR-2, OR-3: how the database enforces two people for rights against the application's role at a SQL prompt.

use crate::fixture::town;
use crate::rules::Rule;
use crate::sql::{NOW, Prompt, id};
use test_support::TestDatabase;

/// Administrators 15 and 16 of the administration's unit 5, who have accounts, and team leaders 17 of unit 2 and 18 of
/// unit 3. The session of employee 15 is 1015, and so on.
const PEOPLE: &str = "
    INSERT INTO unit (id, code, name, department, path, operational)
        VALUES (#5, 'administration', 'Administration', 'administration', ARRAY[#5], false);
    INSERT INTO employee (id, username, given_name, family_name)
        SELECT lpad(n::text, 32, '0')::uuid, 'e' || n, 'Employee', n::text FROM generate_series(15, 18) n;
    INSERT INTO account (employee_id, password_hash, changed_at)
        SELECT id, 'hash', '2026-01-01' FROM employee;
    INSERT INTO session (id, employee_id, started_at, refreshed_at)
        SELECT lpad((1000 + n)::text, 32, '0')::uuid, lpad(n::text, 32, '0')::uuid,
               '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00' FROM generate_series(15, 18) n;
    INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from) VALUES
        (#25, #15, 'administrator', #5, '2026-01-01'), (#26, #16, 'administrator', #5, '2026-01-01'),
        (#27, #17, 'team-leader', #2, '2026-01-01'), (#28, #18, 'team-leader', #3, '2026-01-01');
";

async fn people() -> (TestDatabase, Prompt, Prompt) {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run(PEOPLE).await;
    let app = Prompt::of_app(&database).await;
    (database, admin, app)
}

/// Runs it in a transaction of a session, and commits.
async fn done_at(app: &Prompt, session: u64, now: &str, statements: &str) -> Option<String> {
    app.begin(id(session), now).await;
    let refused = app.refusal(&format!("{statements}; COMMIT")).await;
    app.rollback().await;
    refused
}

async fn done(app: &Prompt, session: u64, statements: &str) -> Option<String> {
    done_at(app, session, NOW, statements).await
}

/// A proposal with this id: a role in a unit, or a pass phrase.
fn propose(request: u64, whom: u64, role: Option<(&str, u64)>) -> String {
    let (kind, role) = role.map_or(("pass-phrase", "NULL, NULL".to_owned()), |(role, unit)| {
        ("role", format!("'{role}', #{unit}"))
    });
    format!(
        "INSERT INTO rights_request (id, kind, employee_id, role, unit_id, requested_by_id, requested_at)
         VALUES (#{request}, '{kind}', #{whom}, {role}, acting_employee(), acting_now())"
    )
}

fn confirm(request: u64) -> String {
    format!("SELECT confirm_rights(#{request}, #{request}, 'new hash')")
}

const FORBIDDEN: Option<&str> = Some("42501");

#[tokio::test]
async fn or_03_no_session_puts_a_right_in_force_alone() {
    let (_database, admin, app) = people().await;
    assert_eq!(done(&app, 1015, &propose(50, 14, Some(("department-head", 2)))).await, None);
    let own = Some("rights-request.own-request");
    assert_eq!(done(&app, 1015, &confirm(50)).await.as_deref(), own);
    for alone in [
        "INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from, rights_request_id)
             VALUES (#60, #14, 'department-head', #2, acting_now(), #50)",
        "INSERT INTO account VALUES (#14, 'mine', acting_now(), NULL)",
        "UPDATE account SET password_hash = 'mine' WHERE employee_id = #17",
        "UPDATE rights_request SET requested_by_id = #16 WHERE id = #50",
        "UPDATE rights_request SET state = 'confirmed', settled_by_id = #16, settled_at = acting_now() WHERE id = #50",
        "DELETE FROM rights_request WHERE id = #50",
        "SELECT give_one_time_phrase(#17, 'mine', acting_now())",
        "SELECT rights_request_to_settle(#50)",
        "INSERT INTO rights_request (id, kind, employee_id, requested_by_id, requested_at)
             VALUES (#51, 'pass-phrase', #14, #16, acting_now())",
        "INSERT INTO rights_request (id, kind, employee_id, requested_by_id, requested_at, state, settled_at, settled_by_id)
             VALUES (#51, 'pass-phrase', #14, #15, acting_now(), 'confirmed', acting_now(), #16)",
        "INSERT INTO rights_request (id, kind, employee_id, requested_at, state, settled_at)
             VALUES (#51, 'pass-phrase', #14, acting_now(), 'confirmed', acting_now())",
        // A proposal with a future time would last longer.
        "INSERT INTO rights_request (id, kind, employee_id, requested_by_id, requested_at)
             VALUES (#51, 'pass-phrase', #14, #15, acting_now() + interval '1 day')",
    ] {
        assert_eq!(done(&app, 1015, alone).await.as_deref(), FORBIDDEN, "{alone}");
    }
    let held =
        "SELECT count(*) FROM employee_role WHERE employee_id = #14 AND role = 'department-head'";
    assert_eq!(admin.value(held).await, "0");
    assert_eq!(done(&app, 1016, &confirm(50)).await, None);
    assert_eq!(admin.value(held).await, "1");
    let again = Some("rights-request.not-pending");
    assert_eq!(done(&app, 1016, &confirm(50)).await.as_deref(), again);
}

#[tokio::test]
async fn or_03_the_second_person_gains_nothing_by_it() {
    let (_database, _admin, app) = people().await;
    assert_eq!(done(&app, 1015, &propose(50, 16, Some(("caseworker", 2)))).await, None);
    let own = Some("employee.own-rights:confirmed");
    assert_eq!(done(&app, 1016, &confirm(50)).await.as_deref(), own);
    assert_eq!(done(&app, 1015, &propose(51, 17, Some(("caseworker", 2)))).await, None);
    assert_eq!(done(&app, 1017, &confirm(51)).await.as_deref(), own);
    assert_eq!(done(&app, 1015, &propose(52, 17, None)).await, None);
    assert_eq!(done(&app, 1017, &confirm(52)).await.as_deref(), own);
    let own = Some("employee.own-rights");
    assert_eq!(done(&app, 1015, &propose(53, 15, None)).await.as_deref(), own);
}

/// The leader of the unit or of the unit above; for an account, of every unit in which it has a role (A8).
#[tokio::test]
async fn or_03_a_leader_confirms_for_their_unit_and_those_below() {
    let (_database, _admin, app) = people().await;
    for (n, role, unit) in [(50, "caseworker", 2), (51, "caseworker", 1), (53, "administrator", 5)]
    {
        assert_eq!(done(&app, 1015, &propose(n, 14, Some((role, unit)))).await, None);
    }
    for (n, whom) in [(54, 11), (55, 17), (56, 16), (57, 14)] {
        assert_eq!(done(&app, 1015, &propose(n, whom, None)).await, None);
    }
    let expected = [
        // Role in team 2, in the directorate, in the administration; account of a caseworker of 2, of the leader of 2, of an
        // administrator, and of a counsellor of the school.
        (1017, [true, false, false, true, true, false, false]),
        (1018, [false; 7]),
        (1012, [true, true, false, true, true, false, false]),
        (1011, [false; 7]),
        (1016, [true; 7]),
    ];
    for (session, may) in expected {
        for (n, may) in [50, 51, 53, 54, 55, 56, 57].into_iter().zip(may) {
            app.begin(id(session), NOW).await;
            // AC-17: it is read by the same people.
            let seen = app.column(&format!("SELECT id FROM rights_request WHERE id = #{n}")).await;
            assert_eq!(!seen.is_empty(), may, "{session} reads {n}");
            let refused = app.refusal(&format!("SELECT refuse_rights(#{n})")).await;
            app.rollback().await;
            assert_eq!(refused.is_none(), may, "{session} of {n}: {refused:?}");
        }
    }
    // If the account also has a role in another team, this leader may not confirm it.
    assert_eq!(done(&app, 1015, &propose(58, 11, Some(("mentor", 3)))).await, None);
    assert_eq!(done(&app, 1016, &confirm(58)).await, None);
    assert_eq!(done(&app, 1017, &confirm(54)).await.as_deref(), FORBIDDEN);
    assert_eq!(done(&app, 1012, &confirm(54)).await, None);
}

#[tokio::test]
async fn or_03_a_request_lasts_fourteen_days_and_can_then_be_made_again() {
    let (_database, admin, app) = people().await;
    assert_eq!(done(&app, 1015, &propose(50, 14, Some(("mentor", 2)))).await, None);
    let twice = propose(51, 14, Some(("mentor", 2)));
    assert_eq!(done(&app, 1016, &twice).await.as_deref(), Some("rights-request.already-pending"));
    let renew =
        "UPDATE session SET started_at = '2026-12-06 09:00Z', refreshed_at = '2026-12-06 09:00Z'";
    admin.run(renew).await;
    let (before, then) = ("2026-12-06 09:59:59+00", "2026-12-06 10:00:00+00");
    let over = Some("rights-request.not-pending");
    assert_eq!(done_at(&app, 1016, then, &confirm(50)).await.as_deref(), over);
    assert_eq!(done_at(&app, 1016, then, &twice).await, None);
    assert_eq!(done_at(&app, 1016, before, &confirm(50)).await, None);
}

/// OR-2: opening a sign-in again does not restore requests by or for the employee.
#[tokio::test]
async fn or_02_what_is_pending_lapses_when_a_sign_in_stops_or_the_role_ends() {
    let (_database, admin, app) = people().await;
    let state = async |n: u64| {
        admin.value(&format!("SELECT state FROM rights_request WHERE id = #{n}")).await
    };
    let stop =
        |who: u64| format!("UPDATE employee SET deactivated_at = acting_now() WHERE id = #{who}");
    let open = |who: u64| format!("UPDATE employee SET deactivated_at = NULL WHERE id = #{who}");
    assert_eq!(done(&app, 1015, &propose(50, 14, Some(("mentor", 2)))).await, None);
    assert_eq!(done(&app, 1015, &propose(51, 13, Some(("mentor", 2)))).await, None);
    assert_eq!(done(&app, 1016, &stop(14)).await, None);
    assert_eq!((state(50).await, state(51).await), ("lapsed".into(), "pending".into()));
    assert_eq!(done(&app, 1016, &stop(15)).await, None);
    assert_eq!(state(51).await, "lapsed");
    assert_eq!(done(&app, 1016, &open(15)).await, None);
    let over = Some("rights-request.not-pending");
    assert_eq!(done(&app, 1016, &confirm(51)).await.as_deref(), over);
    // The same applies if the administrator's role ends and is given again. (The session and the pass phrase ended with
    // the stop: new ones.)
    admin
        .run(
            "INSERT INTO session VALUES (#2015, #15, '2026-11-22 09:00Z', '2026-11-22 09:00Z');
             UPDATE account SET one_time_until = NULL WHERE employee_id = #15",
        )
        .await;
    assert_eq!(done(&app, 2015, &propose(52, 13, Some(("mentor", 2)))).await, None);
    let end = "UPDATE employee_role SET valid_to = acting_now() WHERE id = #25";
    assert_eq!(done(&app, 1016, end).await, None);
    assert_eq!(state(52).await, "lapsed");
}

/// OR-2: the rows of sessions, refresh tokens, the calendar's secret and an unused one-time pass phrase are ended
/// themselves.
#[tokio::test]
async fn or_02_a_stopped_sign_in_ends_every_secret_for_good() {
    let (_database, admin, app) = people().await;
    admin
        .run(&format!(
            "INSERT INTO refresh_token (digest, session_id, issued_at) VALUES ('token', #1013, '{NOW}');
             INSERT INTO calendar_subscription (id, employee_id, digest, made_at) VALUES (#70, #13, sha256('secret'), '{NOW}');
             UPDATE account SET one_time_until = '2026-11-23 09:00Z' WHERE employee_id = #13"
        ))
        .await;
    let alive = "SELECT concat_ws(' ', (SELECT count(*) FROM session WHERE employee_id = #13 AND ended_at IS NULL),
        (SELECT count(*) FROM refresh_token), (SELECT count(*) FROM calendar_subscription WHERE withdrawn_at IS NULL),
        (SELECT count(*) FROM account WHERE employee_id = #13 AND one_time_until > acting_now()))";
    assert_eq!(admin.value(alive).await, "1 1 1 1");
    let stop = "UPDATE employee SET deactivated_at = acting_now() WHERE id = #13";
    assert_eq!(done(&app, 1015, stop).await, None);
    assert_eq!(admin.value(alive).await, "0 0 0 0");
    let open = "UPDATE employee SET deactivated_at = NULL WHERE id = #13";
    assert_eq!(done(&app, 1015, open).await, None);
    assert_eq!(admin.value(alive).await, "0 0 0 0");
    let who = |at: &str| format!("SELECT count(*) FROM credential_of('e13', '{at}')");
    assert_eq!(admin.value(&who(NOW)).await, "0");
}

/// OR-2: verification takes time; a session is opened only if the account has not changed meanwhile.
#[tokio::test]
async fn or_02_a_pass_phrase_that_was_revoked_while_it_was_verified_opens_nothing() {
    let (_database, admin, app) = people().await;
    let open = |n: u64| format!("SELECT open_session(#{n}, #13, 'hash', '\\x{n}', '{NOW}', #1)");
    assert_eq!(app.value(&open(2001)).await, "t");
    for revoked in [
        "UPDATE account SET password_hash = 'another' WHERE employee_id = #13",
        "UPDATE account SET one_time_until = acting_now() WHERE employee_id = #13",
        "UPDATE employee SET deactivated_at = acting_now() WHERE id = #13",
    ] {
        admin.run(&format!("BEGIN; {revoked}; COMMIT")).await;
        assert_eq!(app.value(&open(2002)).await, "f", "{revoked}");
        admin
            .run("UPDATE account SET password_hash = 'hash', one_time_until = NULL; UPDATE employee SET deactivated_at = NULL")
            .await;
    }
}

/// Two administrators stop each other concurrently: one of them remains.
#[tokio::test]
async fn or_02_two_administrators_do_not_stop_each_other_at_once() {
    let (database, admin, app) = people().await;
    let other = Prompt::of_app(&database).await;
    let stop =
        |who: u64| format!("UPDATE employee SET deactivated_at = acting_now() WHERE id = #{who}");
    app.begin(id(1015), NOW).await;
    other.begin(id(1016), NOW).await;
    app.run(&stop(16)).await;
    let (stop_first, ends) = (format!("{}; COMMIT", stop(15)), async {
        // The other transaction waits for this one.
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
        while admin.value(waiting).await == "0" {
            tokio::task::yield_now().await;
        }
        app.run("COMMIT").await;
    });
    let (refused, ()) = tokio::join!(other.refusal(&stop_first), ends);
    assert_eq!(refused.as_deref(), Some("employee.last-administrator"));
    let left = "SELECT count(*) FROM administrators(acting_now())";
    assert_eq!(admin.value(left).await, "1");
    // The last administrator cannot give up the role either.
    other.rollback().await;
    let down = "UPDATE employee_role SET valid_to = acting_now() WHERE id = #25";
    assert_eq!(done(&app, 1015, down).await.as_deref(), Some("employee.last-administrator"));
}

const REQUEST: &str = "INSERT INTO rights_request
    (id, kind, employee_id, role, unit_id, requested_at, state, requested_by_id, settled_at, settled_by_id) VALUES";

#[tokio::test]
async fn or_03_nobody_confirms_what_they_asked_for() {
    let breaks = format!(
        "{REQUEST} (#50, 'role', #13, 'mentor', #2, acting_now(), 'confirmed', #11, acting_now(), #11)"
    );
    let rule = Rule {
        code: "rights-request.own-request",
        given: "",
        breaks: &breaks,
        without: "ALTER TABLE rights_request DROP CONSTRAINT \"rights-request.own-request\"",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn or_03_nobody_asks_for_or_confirms_their_own_rights() {
    for (code, asks, confirms) in
        [("employee.own-rights", 13, 11), ("employee.own-rights:confirmed", 11, 13)]
    {
        let breaks = format!(
            "{REQUEST} (#50, 'role', #13, 'mentor', #2, acting_now(), 'confirmed', #{asks}, acting_now(), #{confirms})"
        );
        let without = format!("ALTER TABLE rights_request DROP CONSTRAINT \"{code}\"");
        Rule { code, given: "", breaks: &breaks, without: &without }.must_hold().await;
    }
}

#[tokio::test]
async fn or_03_a_right_is_proposed_once_at_a_time() {
    for kind in ["'role', #13, 'mentor', #2", "'pass-phrase', #13, NULL, NULL"] {
        let pending = |n: u64, by: u64| {
            format!("{REQUEST} (#{n}, {kind}, acting_now(), 'pending', #{by}, NULL, NULL)")
        };
        let rule = Rule {
            code: "rights-request.already-pending",
            given: &pending(50, 11),
            breaks: &pending(51, 12),
            without: "ALTER TABLE rights_request DROP CONSTRAINT \"rights-request.already-pending\"",
        };
        rule.must_hold().await;
    }
}

#[tokio::test]
async fn or_03_nothing_is_proposed_that_is_held_or_for_an_employment_that_ended() {
    let without = "DROP TRIGGER rights_request_is_new ON rights_request";
    let held = format!(
        "{REQUEST} (#50, 'role', #13, 'caseworker', #3, acting_now(), 'pending', #11, NULL, NULL)"
    );
    let rule = Rule { code: "employee.role-already-held", given: "", breaks: &held, without };
    rule.must_hold().await;
    let ended = "UPDATE employee SET deactivated_at = acting_now(), employment_ended_at = acting_now() WHERE id = #13";
    let breaks = format!(
        "{REQUEST} (#50, 'pass-phrase', #13, NULL, NULL, acting_now(), 'pending', #11, NULL, NULL)"
    );
    let rule = Rule { code: "employee.employment-ended", given: ended, breaks: &breaks, without };
    rule.must_hold().await;
}

#[tokio::test]
async fn or_02_the_last_administrator_is_not_stopped() {
    let given =
        format!("{PEOPLE}; UPDATE employee_role SET valid_to = acting_now() WHERE id = #26");
    for (breaks, table) in [
        ("UPDATE employee SET deactivated_at = acting_now() WHERE id = #15", "employee"),
        ("UPDATE employee_role SET valid_to = acting_now() WHERE id = #25", "employee_role"),
    ] {
        let without = format!("DROP TRIGGER an_administrator_remains ON {table}");
        let code = "employee.last-administrator";
        let prepared = town().await;
        let admin = Prompt::of_admin(&prepared).await;
        admin.run(&given).await;
        let worker = Prompt::of_worker(&prepared).await;
        assert_eq!(worker.refusal(breaks).await.as_deref(), Some(code), "{breaks}");
        admin.run(&without).await;
        assert_eq!(worker.refusal(breaks).await, None, "{breaks}");
    }
}
