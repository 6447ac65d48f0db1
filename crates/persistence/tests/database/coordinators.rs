//! PL-17, U1, U7: the coordinator of an active plan has the case and is counted. DL-7: every deadline belongs to an
//! employee or is in a unit's intake queue. At a SQL prompt.

use crate::caseload::{beyond, caseworker, done, done_at, end, norm, stands_now, team};
use crate::sql::{NOW, Prompt, id};
use domain::access::HeldRole;
use domain::access::policy::{ActionKind, Relation, allows};
use domain::caseload::Function;
use domain::organisation::{Department, Role};
use domain::tasks::TaskKind;
use std::collections::BTreeSet;
use strum::VariantArray as _;
use test_support::TestDatabase;

const LEADER: u64 = 1015;
const WORKER: u64 = 1016;
const ADMINISTRATOR: u64 = 1030;
const WITHOUT_CASE: Option<&str> = Some("plan.coordinator-without-case");
const FORBIDDEN: Option<&str> = Some("42501");
/// The time at which another coordinator is named.
const LATER: &str = "2026-11-22 10:00:01+00";

/// Active plans 3001 to 3009 of young people 1001 to 1009, with unit 2 as a participant (3002 also with unit 3) and
/// without a coordinator. Plan 3010 is a draft that lacks only a coordinator.
const PLANS: &str = "
    INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, own_words, opened_at, activated_at, next_review_on, review_set_on)
        SELECT lpad((3000 + n)::text, 32, '0')::uuid, lpad((1000 + n)::text, 32, '0')::uuid, #2, 'active', 'A way', 'Yes', '2026-11-02',
               '2026-11-02', '2026-12-01', '2026-11-02' FROM generate_series(1, 9) n;
    INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, own_words, opened_at)
        VALUES (#3010, #1010, #2, 'draft', 'A way', 'Yes', '2026-11-02');
    INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
        VALUES (#4010, #3010, #1010, #2, 'education', 'A diploma', '2027-06-01', '2026-11-03');
    INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department)
        SELECT young_person_id, '2026-11-01', #2, 'JV' FROM plan WHERE id <> #300;
    INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
        SELECT gen_random_uuid(), p.id, p.young_person_id, #2, #2, #16, timestamptz '2026-11-02' FROM plan p WHERE p.id <> #300
         UNION ALL SELECT #5002, #3002, #1002, #2, #3, #13, '2026-11-03';";

async fn plans() -> (TestDatabase, Prompt, Prompt) {
    let (database, admin, app) = team().await;
    admin.load(PLANS).await;
    (database, admin, app)
}

/// Names the coordinator of the plan of young person `1000 + n`.
fn name(n: u64, who: u64) -> String {
    format!(
        "INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
         VALUES (#{}, 'coordinator', acting_now(), #{}, #2, #{who})",
        3000 + n,
        1000 + n
    )
}

const ACTIVATE: &str = "UPDATE plan SET state = 'active', activated_at = acting_now() + interval '1 ms', next_review_on = '2026-12-01',
    review_set_on = '2026-11-22' WHERE id = #3010";

#[tokio::test]
async fn u01_pl_17_who_coordinates_an_active_plan_has_the_case() {
    let (_database, admin, app) = plans().await;
    assert_eq!(done(&app, LEADER, &name(1, 16)).await.as_deref(), WITHOUT_CASE);
    // In any order within one transaction.
    let named = format!("{}; {}", name(1, 16), caseworker(1, 1001, 16));
    assert_eq!(done(&app, LEADER, &named).await, None);
    let named = format!("{}; {}", caseworker(2, 1002, 16), name(2, 16));
    assert_eq!(done(&app, LEADER, &named).await, None);
    assert_eq!(stands_now(&admin, 16, "caseworker").await, "2 0 0");
    // Neither the assignment nor the participation can end without a next coordinator, who must have the case too.
    assert_eq!(done(&app, LEADER, &end(1)).await.as_deref(), WITHOUT_CASE);
    assert_eq!(done_at(&app, LEADER, LATER, &name(1, 17)).await.as_deref(), WITHOUT_CASE);
    let leaves = "UPDATE plan_participant SET left_at = acting_now() WHERE plan_id = #3001";
    assert_eq!(done(&app, LEADER, leaves).await.as_deref(), WITHOUT_CASE);
    let other = "UPDATE plan_participant SET left_at = acting_now() WHERE id = #5002";
    assert_eq!(done(&app, LEADER, other).await, None);
    let passed = format!("{}; {}; {}", end(1), caseworker(3, 1001, 17), name(1, 17));
    assert_eq!(done_at(&app, LEADER, LATER, &passed).await, None);
    // A draft is activated with a coordinator who has the case.
    assert_eq!(
        done_at(&app, LEADER, LATER, &name(10, 16)).await,
        None,
        "of a draft it is not asked"
    );
    assert_eq!(done_at(&app, LEADER, LATER, ACTIVATE).await.as_deref(), WITHOUT_CASE);
    let activated = format!("{}; {ACTIVATE}", caseworker(4, 1010, 16));
    assert_eq!(done_at(&app, LEADER, LATER, &activated).await, None);
    // For a closed plan nothing is required.
    let closed = "UPDATE plan SET state = 'closed', closed_at = acting_now(), outcome = 'education', next_review_on = NULL,
        review_set_on = NULL WHERE id = #3002";
    assert_eq!(done_at(&app, LEADER, LATER, closed).await, None);
    assert_eq!(done_at(&app, LEADER, LATER, &end(2)).await, None);
    // The triggers enforce the rule.
    admin.run("DROP TRIGGER coordinator_keeps_the_case ON assignment").await;
    assert_eq!(done_at(&app, LEADER, LATER, &end(3)).await, None);
}

/// The rule also applies to the worker's role, and no count uses an old snapshot.
#[tokio::test]
async fn pl_17_it_holds_for_every_role_and_in_read_committed_alone() {
    let (database, _admin, app) = plans().await;
    let worker = Prompt::of_worker(&database).await;
    assert_eq!(worker.refusal(&name(1, 16)).await.as_deref(), WITHOUT_CASE);
    worker.run(&format!("{}; {}", caseworker(1, 1001, 16), name(1, 16))).await;
    app.run("BEGIN ISOLATION LEVEL REPEATABLE READ").await;
    app.run(&format!("SELECT act_as('{}', '{NOW}')", id(LEADER))).await;
    let refused = app.refusal(&format!("{}; COMMIT", end(1))).await;
    assert_eq!(refused.as_deref(), Some("40001"));
    app.rollback().await;
}

/// Like CL-4: two concurrent instances, in both orders.
#[tokio::test]
async fn pl_17_of_two_at_once_the_later_one_sees_what_the_earlier_one_did() {
    for naming_first in [true, false] {
        let (database, admin, app) = plans().await;
        let other = Prompt::of_app(&database).await;
        assert_eq!(done(&app, LEADER, &caseworker(1, 1001, 16)).await, None);
        app.begin(id(LEADER), NOW).await;
        other.begin(id(LEADER), NOW).await;
        app.run(&name(1, 16)).await;
        other.run(&end(1)).await;
        let (earlier, later) = if naming_first { (&app, &other) } else { (&other, &app) };
        assert_eq!(earlier.refusal("COMMIT").await, None);
        assert_eq!(later.refusal("COMMIT").await.as_deref(), WITHOUT_CASE, "{naming_first}");
        let broken = "SELECT count(*) FROM plan p WHERE p.state = 'active' AND NOT coordinator_has_case(p.id)";
        assert_eq!(admin.value(broken).await, "0");
    }
}

#[tokio::test]
async fn pl_17_naming_keeps_the_norm_and_its_exception_is_the_leaders() {
    let (_database, admin, app) = plans().await;
    assert_eq!(done(&app, LEADER, &norm(1, "caseworker", "2026-11-22", "1")).await, None);
    let named = |n: u64| format!("{}; {}", name(n, 16), caseworker(n, 1000 + n, 16));
    assert_eq!(done(&app, LEADER, &named(1)).await, None);
    assert_eq!(done(&app, LEADER, &named(2)).await.as_deref(), Some("caseload.limit-reached"));
    let over = format!("{}; {}", name(2, 16), beyond(2, 1002, 16, "2026-12-01"));
    assert_eq!(done(&app, WORKER, &over).await.as_deref(), FORBIDDEN);
    assert_eq!(done(&app, LEADER, &over).await, None);
    assert_eq!(stands_now(&admin, 16, "caseworker").await, "1 1 1 0");
}

/// An employee of another unit receives a case only as coordinator, and beyond the norm only by their own leader.
#[tokio::test]
async fn pl_17_another_units_employee_gets_the_case_by_coordinating_alone() {
    let (_database, _admin, app) = plans().await;
    let others = caseworker(1, 1002, 13).replace("#2, #2", "#2, #3");
    assert_eq!(done(&app, WORKER, &others).await.as_deref(), FORBIDDEN);
    let over = beyond(1, 1002, 13, "2026-12-01").replace("#2, #2", "#2, #3");
    assert_eq!(done(&app, LEADER, &format!("{}; {over}", name(2, 13))).await.as_deref(), FORBIDDEN);
    assert_eq!(done(&app, WORKER, &format!("{}; {others}", name(2, 13))).await, None);
    // An assignment in a unit that does not take part is not the case of the plan.
    let outside = caseworker(2, 1001, 13).replace("#2, #2", "#2, #3");
    let named = format!("{}; {outside}", name(1, 13));
    assert_eq!(done(&app, WORKER, &named).await.as_deref(), WITHOUT_CASE);
}

#[tokio::test]
async fn u07_who_coordinates_does_not_leave_and_a_draft_of_who_left_is_not_activated() {
    let (_database, _admin, app) = plans().await;
    let stop = "UPDATE employee SET deactivated_at = acting_now() WHERE id = #17";
    let leave = "UPDATE employee SET deactivated_at = acting_now(), employment_ended_at = acting_now() WHERE id = #17";
    let left = Some("employee.has-open-cases");
    assert_eq!(done(&app, LEADER, &name(10, 17)).await, None);
    assert_eq!(done(&app, ADMINISTRATOR, leave).await.as_deref(), left, "of a draft");
    let queue = "SELECT kind || ' ' || right(id::text, 4) || ' ' || coalesce(right(employee_id::text, 2), '-')
        FROM intake_of(#2, '-infinity', #0, 50)";
    let queued = async || {
        app.begin(id(LEADER), NOW).await;
        let queued = app.column(queue).await;
        app.rollback().await;
        queued
    };
    // The town's own draft has no coordinator.
    assert_eq!(queued().await, ["plan 0300 -", "plan 3010 17"], "without the case");
    assert_eq!(done(&app, LEADER, &caseworker(1, 1010, 17)).await, None);
    assert_eq!(queued().await, ["plan 0300 -"]);
    assert_eq!(done(&app, ADMINISTRATOR, stop).await, None, "always");
    assert_eq!(queued().await, ["plan 0300 -", "assignment 0001 17"]);
    assert_eq!(done(&app, LEADER, ACTIVATE).await.as_deref(), Some("plan.coordinator-missing"));
    assert_eq!(done(&app, ADMINISTRATOR, leave).await.as_deref(), left);
    // After another employee has become coordinator, no entry is left.
    let passed = format!("{}; {}; {}", end(1), caseworker(2, 1010, 16), name(10, 16));
    assert_eq!(done_at(&app, LEADER, LATER, &passed).await, None);
    assert_eq!(done_at(&app, LEADER, LATER, ACTIVATE).await, None);
    assert_eq!(done_at(&app, ADMINISTRATOR, LATER, leave).await, None);
}

/// A case that was handed over while two registrations were merged moves back with the plan.
#[tokio::test]
async fn pl_17_yp_08_a_merge_that_is_undone_leaves_the_coordinator_with_the_case() {
    let (_database, admin, app) = plans().await;
    let at = |second: u32| format!("2026-11-22 10:00:{second:02}+00");
    let named = format!("{}; {}", name(1, 16), caseworker(1, 1001, 16));
    assert_eq!(done_at(&app, LEADER, &at(1), &named).await, None);
    let merge = "SELECT merge_young_people(#9001, #1021, #1001, #2, 'why')";
    assert_eq!(done_at(&app, LEADER, &at(2), merge).await, None);
    let passed = format!("{}; {}; {}", end(1), caseworker(2, 1021, 17), name(1, 17));
    let passed = passed.replace("#1001", "#1021");
    assert_eq!(done_at(&app, LEADER, &at(3), &passed).await, None);
    let undone = "SELECT undo_merge(#9001, 'why')";
    assert_eq!(done_at(&app, LEADER, &at(4), undone).await, None);
    assert_eq!(admin.value("SELECT coordinator_has_case(#3001)").await, "t");
    let whose = "SELECT right(young_person_id::text, 4) FROM assignment WHERE ended_at IS NULL";
    assert_eq!(admin.column(whose).await, ["1001"]);
}

/// The roles that coordinate by the policy are those that the database accepts, each with its own function.
#[tokio::test]
async fn pl_17_the_database_takes_the_roles_that_coordinate_by_the_policy() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let known: Vec<&str> = Function::COORDINATING.iter().map(Into::into).collect();
    assert_eq!(admin.column("SELECT unnest(coordinating_functions())").await, known);
    let by_policy: BTreeSet<&str> = Department::VARIANTS
        .iter()
        .flat_map(|department| Role::VARIANTS.iter().map(move |role| (*department, *role)))
        .filter(|(department, role)| {
            allows(*department, *role, Relation::Works, ActionKind::ActivatePlan)
        })
        .inspect(|(department, role)| {
            let held = HeldRole { role: *role, unit: id(1).into(), department: *department };
            assert!(held.may_coordinate());
        })
        .map(|(_, role)| <&str>::from(role))
        .collect();
    assert_eq!(by_policy, known.into_iter().collect());
}

/// DL-7, for each kind: the tasks of the coordinating caseworker follow the case; the others are given to a named
/// employee or to a unit.
#[tokio::test]
async fn dl_07_each_kind_of_deadline_has_somebody_to_whom_it_belongs() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let odd =
        "SELECT code FROM deadline_rule WHERE (whose = 'coordinator') <> follows_the_case(code)";
    assert_eq!(admin.column(odd).await, Vec::<String>::new());
    let rules: BTreeSet<String> =
        admin.column("SELECT code FROM deadline_rule").await.into_iter().collect();
    let without_rule: Vec<&str> =
        TaskKind::VARIANTS.iter().map(Into::into).filter(|kind| !rules.contains(*kind)).collect();
    let mut follow = Vec::new();
    for kind in without_rule {
        if admin.value(&format!("SELECT follows_the_case('{kind}')")).await == "t" {
            follow.push(kind);
        }
    }
    assert_eq!(follow, ["answer-hotline"]);
}

/// DL-7, U3: a deadline belongs to the coordinator, otherwise to the employee who has the case, otherwise to the unit's
/// intake queue, and moves when these change.
#[tokio::test]
async fn u03_dl_07_a_deadline_moves_with_who_coordinates_and_who_has_the_case() {
    let (_database, admin, app) = plans().await;
    // A review of an active plan, the first conversation of a young person with a benefit and without a plan, and a
    // follow-up status.
    admin
        .load(
            "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at) VALUES
                 (#701, #1001, 2, #2, 'hold-review', #3001, '2026-12-01', '2026-11-20'),
                 (#702, #1011, 4, #2, 'hold-first-conversation', #900, '2026-12-01', '2026-11-20'),
                 (#703, #1011, 4, #2, 'take-group-state', #1011, '2026-12-01', '2026-11-20'),
                 (#704, #1011, 4, #2, 'answer-hotline', #901, '2026-12-01', '2026-11-20'),
                 (#705, #1011, 2, #2, 'hotline-notice', #901, '2026-12-01', '2026-11-20')",
        )
        .await;
    let whose = async |person: u64| {
        let query = format!(
            "SELECT coalesce(right(employee_id::text, 2), '-') FROM task WHERE young_person_id = #{person} ORDER BY id"
        );
        admin.column(&query).await.join(" ")
    };
    let consults = |case: u64, whose: u64, who: u64| {
        caseworker(case, whose, who).replace("'caseworker'", "'job-consultant'")
    };
    assert_eq!((whose(1001).await, whose(1011).await), ("-".into(), "- - - -".into()));
    // U3: an assignment without a plan.
    assert_eq!(done(&app, LEADER, &consults(1, 1011, 18)).await, None);
    assert_eq!(whose(1011).await, "18 18 18 -");
    assert_eq!(done(&app, LEADER, &end(1)).await, None);
    assert_eq!(whose(1011).await, "- - - -", "it lies in the intake again");
    // For a plan: the coordinator, then the employee who has the case.
    assert_eq!(done(&app, LEADER, &consults(2, 1001, 18)).await, None);
    assert_eq!(whose(1001).await, "18");
    let named = format!("{}; {}", name(1, 16), caseworker(3, 1001, 16));
    assert_eq!(done(&app, LEADER, &named).await, None);
    assert_eq!(whose(1001).await, "16");
    let stop =
        |who: u64| format!("UPDATE employee SET deactivated_at = acting_now() WHERE id = #{who}");
    assert_eq!(done(&app, ADMINISTRATOR, &stop(16)).await, None);
    assert_eq!(whose(1001).await, "18");
    let role = "UPDATE employee_role SET valid_to = acting_now() WHERE employee_id = #18";
    assert_eq!(done(&app, ADMINISTRATOR, role).await, None);
    assert_eq!(whose(1001).await, "-", "nobody who is there has it");
    let back = "UPDATE employee SET deactivated_at = NULL WHERE id = #16";
    assert_eq!(done(&app, ADMINISTRATOR, back).await, None);
    assert_eq!(whose(1001).await, "16");
}
