//! The rules that the database keeps by itself, against the worker at a SQL prompt. Each test also
//! takes away what keeps the rule, and sees the same statement pass: it is that, and nothing else.

use crate::fixture::{referral, town};
use crate::sql::Prompt;

/// A rule, by its code.
struct Rule<'a> {
    code: &'a str,
    /// What stands before.
    given: &'a str,
    /// What breaks the rule.
    breaks: &'a str,
    /// Takes away what keeps it.
    without: &'a str,
}

impl Rule<'_> {
    async fn must_hold(self) {
        let Self { code, given, breaks, without } = self;
        let database = town().await;
        let worker = Prompt::of_worker(&database).await;
        worker.run(given).await;
        assert_eq!(worker.refusal(breaks).await.as_deref(), Some(code), "{breaks}");
        Prompt::of_admin(&database).await.run(without).await;
        assert_eq!(worker.refusal(breaks).await, None, "{breaks} without what keeps {code}");
    }
}

/// A second plan of young person 100.
const SECOND_PLAN: &str = "
    INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, opened_at)
        VALUES (#301, #100, #2, 'draft', 'Another way', '2026-11-20');";

const CLOSED: &str = "
    INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
        VALUES (#400, #300, #100, #2, 'education', 'A diploma', '2027-06-01', '2026-11-03');
    UPDATE plan SET state = 'closed', closed_at = '2026-11-20', outcome = 'education' WHERE id = #300;";

/// A goal and the step to an active plan; a coordinator is missing.
const ACTIVATED: &str = "
    INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
        VALUES (#400, #300, #100, #2, 'education', 'A diploma', '2027-06-01', '2026-11-03');
    UPDATE plan SET state = 'active', activated_at = '2026-11-20', own_words = 'I want to draw' WHERE id = #300;";

const PARTICIPATION: &str = "
    INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
        VALUES (gen_random_uuid(), #300, #100, #2, #3, #13, '2026-11-03');";

#[tokio::test]
async fn pl_01_one_open_plan() {
    let rule = Rule {
        code: "plan.already-open",
        given: "",
        breaks: SECOND_PLAN,
        without: "DROP INDEX \"plan.already-open\"",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_01_another_plan_may_follow_a_closed_one() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(CLOSED).await;
    worker.run(SECOND_PLAN).await;
}

#[tokio::test]
async fn pl_02_an_active_plan_has_a_coordinator() {
    let rule = Rule {
        code: "plan.coordinator-missing",
        given: "",
        breaks: ACTIVATED,
        without: "DROP TRIGGER plan_is_complete ON plan",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_02_the_coordinator_may_come_later_in_the_same_transaction() {
    let database = town().await;
    let coordinator = "
        INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
            VALUES (#300, 'coordinator', '2026-11-20', #100, #2, #11);";
    Prompt::of_worker(&database).await.run(&format!("{ACTIVATED} {coordinator}")).await;
}

#[tokio::test]
async fn pl_02_a_coordinator_from_tomorrow_on_is_none() {
    let coordinator = "
        INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
            VALUES (#300, 'coordinator', '2026-11-21', #100, #2, #11);";
    let rule = Rule {
        code: "plan.coordinator-missing",
        given: coordinator,
        breaks: ACTIVATED,
        without: "DROP TRIGGER plan_is_complete ON plan",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_02_where_two_units_work_a_contact_person_is_offered() {
    let given = "
        INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
            VALUES (#300, 'coordinator', '2026-11-20', #100, #2, #11);
        INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
            VALUES (#410, #300, #100, #2, #2, #11, '2026-11-03'), (#411, #300, #100, #2, #3, #13, '2026-11-03');";
    let rule = Rule {
        code: "plan.contact-person-not-offered",
        given,
        breaks: ACTIVATED,
        without: "DROP TRIGGER plan_is_complete ON plan",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_03_an_active_plan_has_a_goal() {
    let rule = Rule {
        code: "plan.not-ready",
        given: "
            INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
                VALUES (#300, 'coordinator', '2026-11-20', #100, #2, #11);",
        breaks: "UPDATE plan SET state = 'active', activated_at = '2026-11-20', own_words = 'I want to draw'",
        without: "DROP TRIGGER plan_is_complete ON plan",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn tm_09_an_open_plan_has_a_coordinating_department() {
    let without_department = "
        INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
            VALUES (#101, #2, 'Bo', 'Lund', '2008-01-01', '2026-11-01');";
    for department in [
        "",
        "INSERT INTO coordination (young_person_id, from_at, writing_unit_id, department)
            VALUES (#101, '2026-11-21', #2, 'JV');",
    ] {
        let rule = Rule {
            code: "plan.department-missing",
            given: &format!("{without_department} {department}"),
            breaks:
                "INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, opened_at)
                VALUES (#301, #101, #2, 'draft', 'A way', '2026-11-20')",
            without: "DROP TRIGGER plan_is_complete ON plan",
        };
        rule.must_hold().await;
    }
}

#[tokio::test]
async fn pl_06_a_unit_takes_part_once_at_a_time() {
    let rule = Rule {
        code: "plan.already-participating",
        given: PARTICIPATION,
        breaks: PARTICIPATION,
        without: "DROP INDEX \"plan.already-participating\"",
    };
    rule.must_hold().await;

    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(PARTICIPATION).await;
    worker.run("UPDATE plan_participant SET left_at = '2026-11-04'").await;
    worker.run(PARTICIPATION).await;
}

#[tokio::test]
async fn pl_07_a_plan_does_not_close_over_what_is_running() {
    let rule = Rule {
        code: "plan.interventions-running",
        given: &referral(500, (300, 100), "stigen", "2026-12-01"),
        breaks: CLOSED,
        without: "DROP TRIGGER plan_leaves_nothing_running ON plan",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_07_what_a_named_unit_carries_on_may_go_on() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&referral(500, (300, 100), "stigen", "2026-12-01")).await;
    worker.run("UPDATE intervention SET carried_on_by_id = #4").await;
    worker.run(CLOSED).await;
    worker.run("UPDATE intervention SET state = 'started', started_on = '2026-12-01'").await;
}

#[tokio::test]
async fn pl_09_a_closed_plan_changes_no_more() {
    let rule = Rule {
        code: "plan.closed",
        given: CLOSED,
        breaks: "UPDATE plan SET purpose = 'Something else'",
        without: "DROP TRIGGER plan_stays_closed ON plan",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_09_nothing_that_hangs_on_a_closed_plan_changes() {
    let goal = "
        INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
            VALUES (#401, #300, #100, #2, 'education', 'A diploma', '2027-06-01', '2026-11-03');";
    let coordinator = "
        INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
            VALUES (#300, 'coordinator', '2026-11-21', #100, #2, #11);";
    let link = "
        INSERT INTO plan_link (id, plan_id, young_person_id, writing_unit_id, kind, title, reference, linked_at)
            VALUES (#420, #300, #100, #2, 'min-plan', 'Min plan', 'https://', '2026-11-03');";
    let intervention = referral(500, (300, 100), "stigen", "2026-12-01");
    for (table, breaks) in [
        ("goal", goal),
        ("goal", "UPDATE goal SET result = 'Done'"),
        ("plan_role", coordinator),
        ("plan_participant", PARTICIPATION),
        ("plan_link", link),
        ("intervention", &intervention),
    ] {
        let rule = Rule {
            code: "plan.closed",
            given: CLOSED,
            breaks,
            without: &format!("DROP TRIGGER {table}_in_open_plan ON {table}"),
        };
        rule.must_hold().await;
    }
}

#[tokio::test]
async fn iv_02_the_same_offer_runs_once_at_a_time() {
    let rule = Rule {
        code: "intervention.already-running",
        given: &referral(500, (300, 100), "stigen", "2026-12-01"),
        breaks: &referral(501, (300, 100), "stigen", "2026-12-08"),
        without: "DROP INDEX \"intervention.already-running\"",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn iv_02_what_repeats_runs_twice_and_what_has_ended_begins_again() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&referral(500, (300, 100), "internship", "2026-12-01")).await;
    worker.run(&referral(501, (300, 100), "internship", "2026-12-08")).await;
    worker.run(&referral(502, (300, 100), "stigen", "2026-12-01")).await;
    worker.run("UPDATE intervention SET state = 'withdrawn' WHERE id = #502").await;
    worker.run(&referral(503, (300, 100), "stigen", "2026-12-08")).await;
}

/// On the day of registration in Denmark, whatever the birth date was before.
#[tokio::test]
async fn yp_03_registered_from_the_13th_birthday_to_the_day_before_the_30th() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    for (born, registered, fits) in [
        ("2013-11-22", "2026-11-21 23:00:00Z", true),
        ("2013-11-22", "2026-11-21 22:59:59Z", false),
        ("1996-11-22", "2026-11-21 22:59:59Z", true),
        ("1996-11-22", "2026-11-21 23:00:00Z", false),
        ("2012-02-29", "2025-02-28 22:59:59Z", false),
        ("2012-02-29", "2025-02-28 23:00:00Z", true),
    ] {
        let change = format!(
            "UPDATE young_person SET birth_date = '{born}', registered_at = '{registered}' WHERE id = #100"
        );
        let refusal = (!fits).then_some("young-person.age-out-of-range");
        assert_eq!(admin.refusal(&change).await.as_deref(), refusal, "{born} {registered}");
    }
}

#[tokio::test]
async fn yp_02_a_number_is_one_persons() {
    let rule = Rule {
        code: "young-person.already-registered",
        given: "
            UPDATE person_identifier SET valid_to = '2026-11-20';
            INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                VALUES (#101, #3, 'Freja', 'Holm', '2008-02-29', '2026-11-21');",
        breaks: "
            INSERT INTO person_identifier (id, young_person_id, writing_unit_id, kind, cipher, digest, key_id, valid_from)
                VALUES (#151, #101, #3, 'cpr', '', 'digest', 1, '2026-11-21')",
        without: "ALTER TABLE person_identifier DROP CONSTRAINT \"young-person.already-registered\"",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn yp_01_one_number_is_current() {
    let rule = Rule {
        code: "person_identifier_current",
        given: "",
        breaks: "
            INSERT INTO person_identifier (id, young_person_id, writing_unit_id, kind, cipher, digest, key_id, valid_from)
                VALUES (#151, #100, #2, 'cpr', '', 'other digest', 1, '2026-11-21')",
        without: "DROP INDEX person_identifier_current",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn yp_08_a_young_person_who_gets_another_id_takes_everything_along() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&referral(500, (300, 100), "stigen", "2026-12-01")).await;
    worker.run("UPDATE intervention SET state = 'withdrawn'").await;
    worker.run(PARTICIPATION).await;
    worker.run(CLOSED).await;
    worker.run("UPDATE young_person SET id = #101").await;
    let left = "SELECT (SELECT count(*) FROM plan WHERE young_person_id = #100)
        + (SELECT count(*) FROM goal WHERE young_person_id = #100)
        + (SELECT count(*) FROM plan_participant WHERE young_person_id = #100)
        + (SELECT count(*) FROM intervention WHERE young_person_id = #100)
        + (SELECT count(*) FROM person_identifier WHERE young_person_id = #100)";
    assert_eq!(worker.value(left).await, "0");
}

#[tokio::test]
async fn ac_01_a_directorate_holds_no_basis() {
    let rule = Rule {
        code: "access.holder-not-operational",
        given: "",
        breaks: "
            INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas,
                    source_id, reason, valid_from)
                VALUES (#201, #100, #1, 'unit', 'law', 1, #501, 'why', '2026-11-22')",
        without: "DROP TRIGGER access_basis_holder_operates ON access_basis",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn ac_04_a_role_is_held_once_at_a_time() {
    let rule = Rule {
        code: "employee.role-already-held",
        given: "",
        breaks: "INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from)
            VALUES (#31, #11, 'caseworker', #2, '2026-11-22')",
        without: "ALTER TABLE employee_role DROP CONSTRAINT \"employee.role-already-held\"",
    };
    rule.must_hold().await;
}
