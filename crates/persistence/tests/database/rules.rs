//! The rules that the database keeps by itself, against the worker at a SQL prompt. Each test also
//! takes away what keeps the rule, and sees the same statement pass: it is that, and nothing else.

use crate::fixture::{referral, town};
use crate::sql::Prompt;

/// A rule, by its code.
pub struct Rule<'a> {
    pub code: &'a str,
    /// What stands before.
    pub given: &'a str,
    /// What breaks the rule.
    pub breaks: &'a str,
    /// Takes away what keeps it.
    pub without: &'a str,
}

impl Rule<'_> {
    pub async fn must_hold(self) {
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
    UPDATE plan SET state = 'active', activated_at = '2026-11-20', next_review_on = '2027-02-01',
        review_set_on = '2026-11-20', own_words = 'I want to draw' WHERE id = #300;";

const PARTICIPATION: &str = "
    INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
        VALUES (gen_random_uuid(), #300, #100, #2, #3, #13, '2026-11-03');";

/// Names employee 11 as coordinator of plan 300 from a day on.
fn named(from: &str) -> String {
    format!(
        "INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
            VALUES (#300, 'coordinator', '{from}', #100, #2, #11);"
    )
}

/// The same, with the case in unit 2 (PL-17).
fn coordinated(from: &str) -> String {
    let named = named(from);
    format!(
        "{named}
         INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
            VALUES (gen_random_uuid(), #300, #100, #2, #2, #11, '2026-11-03');
         INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at)
            VALUES (gen_random_uuid(), #100, #2, #2, #11, 'caseworker', 'caseworker', '2026-11-03');"
    )
}

/// The goal of [`CLOSED`] and [`ACTIVATED`], by itself.
const GOAL: &str = "
    INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
        VALUES (#400, #300, #100, #2, 'education', 'A diploma', '2027-06-01', '2026-11-03');";

/// A score of the professional's, of a day, told on 22 November.
fn progress(on: &str) -> String {
    format!(
        "INSERT INTO goal_progress (id, goal_id, plan_id, young_person_id, writing_unit_id, voice, on_day, score,
                entered_by_id, entered_at)
            VALUES (gen_random_uuid(), #400, #300, #100, #2, 'professional', '{on}', 5, #11, '2026-11-22 10:00:00+00')"
    )
}

/// A measurement of a day, told on 22 November.
fn measured(on: &str) -> String {
    format!(
        "INSERT INTO plan_indicators (id, plan_id, young_person_id, writing_unit_id, on_day, everyday_coping,
                entered_by_id, entered_at)
            VALUES (gen_random_uuid(), #300, #100, #2, '{on}', 3, #11, '2026-11-22 10:00:00+00')"
    )
}

/// A review held on a day, told on 22 November.
fn held(on: &str) -> String {
    format!(
        "INSERT INTO plan_review (id, plan_id, young_person_id, writing_unit_id, on_day, took_part,
                young_person_took_part, decisions, next_review_on, entered_by_id, entered_at)
            VALUES (gen_random_uuid(), #300, #100, #2, '{on}', '{{Her mother}}', true, 'On', '2027-02-01', #11,
                '2026-11-22 10:00:00+00')"
    )
}

#[tokio::test]
async fn pl_04_a_voice_tells_once_a_day() {
    let rule = Rule {
        code: "goal.progress-already-told",
        given: &format!("{GOAL} {}", progress("2026-11-21")),
        breaks: &progress("2026-11-21"),
        without: "ALTER TABLE goal_progress DROP CONSTRAINT \"goal.progress-already-told\"",
    };
    rule.must_hold().await;

    // Another day, and another voice.
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&format!("{GOAL} {}; {}", progress("2026-11-21"), progress("2026-11-22"))).await;
    worker.run(&progress("2026-11-21").replace("professional", "young-person")).await;
}

#[tokio::test]
async fn pl_04_pl_12_scores_lie_on_their_scales() {
    for (constraint, breaks) in [
        ("goal_progress_scale", progress("2026-11-21").replace(", 5,", ", 11,")),
        ("goal_progress_scale", progress("2026-11-21").replace(", 5,", ", -1,")),
        ("plan_indicators_everyday_coping", measured("2026-11-21").replace(", 3,", ", 6,")),
        ("plan_indicators_everyday_coping", measured("2026-11-21").replace(", 3,", ", 0,")),
        ("plan_indicators_something", measured("2026-11-21").replace(", 3,", ", NULL,")),
    ] {
        let table =
            if constraint.starts_with("goal") { "goal_progress" } else { "plan_indicators" };
        let rule = Rule {
            code: constraint,
            given: GOAL,
            breaks: &breaks,
            without: &format!("ALTER TABLE {table} DROP CONSTRAINT {constraint}"),
        };
        rule.must_hold().await;
    }
}

/// The plan was opened on 2 November 2026; 26 weeks before it was 4 May.
#[tokio::test]
async fn pl_04_pl_05_pl_12_what_is_told_is_of_a_day_that_fits() {
    type OfDay = fn(&str) -> String;
    let told: [(&str, OfDay); 3] =
        [("goal_progress", progress), ("plan_indicators", measured), ("plan_review", held)];
    for (table, of_day) in told {
        for day in ["2026-05-03", "2026-11-23"] {
            let rule = Rule {
                code: "plan.day-out-of-range",
                given: &format!("{GOAL} {}; {}", of_day("2026-05-04"), of_day("2026-11-22")),
                breaks: &of_day(day),
                without: &format!("DROP TRIGGER {table}_day_fits ON {table}"),
            };
            rule.must_hold().await;
        }
    }
}

#[tokio::test]
async fn pl_05_the_next_review_is_26_weeks_ahead_at_most() {
    let coordinator = &coordinated("2026-11-20");
    for day in ["2026-11-21", "2027-05-24"] {
        let rule = Rule {
            code: "plan.review-out-of-range",
            given: &format!("{coordinator} {ACTIVATED}"),
            breaks: &format!(
                "UPDATE plan SET next_review_on = '{day}', review_set_on = '2026-11-22'"
            ),
            without: "ALTER TABLE plan DROP CONSTRAINT \"plan.review-out-of-range\"",
        };
        rule.must_hold().await;
    }
}

#[tokio::test]
async fn pl_05_an_active_plan_has_a_next_review() {
    let coordinator = &coordinated("2026-11-20");
    let rule = Rule {
        code: "plan_state_columns",
        given: &format!("{coordinator} {ACTIVATED}"),
        breaks: "UPDATE plan SET next_review_on = NULL",
        without: "ALTER TABLE plan DROP CONSTRAINT plan_state_columns",
    };
    rule.must_hold().await;
}

/// Neither role changes what was told.
#[tokio::test]
async fn pl_04_pl_05_pl_12_what_was_told_is_never_changed() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let told = [progress("2026-11-21"), measured("2026-11-21"), held("2026-11-21")].join(";");
    worker.run(&format!("{GOAL} {told}")).await;
    let app = Prompt::of_app(&database).await;
    for table in ["goal_progress", "plan_indicators", "plan_review"] {
        for change in
            [format!("UPDATE {table} SET on_day = on_day"), format!("DELETE FROM {table}")]
        {
            for prompt in [&worker, &app] {
                assert_eq!(prompt.refusal(&change).await.as_deref(), Some("42501"), "{change}");
            }
        }
    }
}

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
    let coordinator = &coordinated("2026-11-20");
    Prompt::of_worker(&database).await.run(&format!("{ACTIVATED} {coordinator}")).await;
}

#[tokio::test]
async fn pl_02_a_coordinator_from_tomorrow_on_is_none() {
    let coordinator = &coordinated("2026-11-21");
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
    let given = &format!("{} {PARTICIPATION}", coordinated("2026-11-20"));
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
        given: &coordinated("2026-11-20"),
        breaks: "UPDATE plan SET state = 'active', activated_at = '2026-11-20', next_review_on = '2027-02-01',
            review_set_on = '2026-11-20', own_words = 'I want to draw'",
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

/// Unit 4 has no access of its own; what it provides would be hidden from it.
#[tokio::test]
async fn pl_07_a_unit_does_not_leave_a_plan_with_an_intervention_that_it_would_no_longer_see() {
    let joined = PARTICIPATION.replace("#3, #13", "#4, #14");
    let rule = Rule {
        code: "participation.interventions-running",
        given: &format!("{joined} {}", referral(500, (300, 100), "stigen", "2026-12-01")),
        breaks: "UPDATE plan_participant SET left_at = '2026-11-04' WHERE unit_id = #4",
        without: "DROP TRIGGER participant_leaves_nothing_running ON plan_participant",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_07_nor_does_it_in_a_snapshot_that_is_older_than_the_referral() {
    let database = town().await;
    let (closer, referrer) =
        (Prompt::of_worker(&database).await, Prompt::of_worker(&database).await);
    closer.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM plan").await;
    referrer.run(&referral(500, (300, 100), "stigen", "2026-12-01")).await;
    assert_eq!(closer.refusal(CLOSED).await.as_deref(), Some("40001"));
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
async fn pl_09_an_open_plan_is_no_draft_again() {
    let rule = Rule {
        code: "plan.step-not-allowed",
        given: &format!("{ACTIVATED} {}", coordinated("2026-11-20")),
        breaks: "UPDATE plan SET state = 'draft', activated_at = NULL, next_review_on = NULL, review_set_on = NULL",
        without: "DROP TRIGGER plan_stays_closed ON plan",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_09_nothing_moves_from_a_closed_plan_to_an_open_one() {
    let link = "
        INSERT INTO plan_link (id, plan_id, young_person_id, writing_unit_id, kind, title, reference, linked_at)
            VALUES (#420, #300, #100, #2, 'min-plan', 'Min plan', 'https://', '2026-11-03');";
    let rule = Rule {
        code: "plan.closed",
        given: &format!("{link} {CLOSED} {SECOND_PLAN}"),
        breaks: "UPDATE plan_link SET plan_id = #301",
        without: "DROP TRIGGER plan_link_in_open_plan ON plan_link",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_09_nothing_is_carried_on_in_a_closed_plan_that_was_not_given_before() {
    let rule = Rule {
        code: "plan.closed",
        given: &format!(
            "{} UPDATE intervention SET state = 'withdrawn'; {CLOSED}",
            referral(500, (300, 100), "stigen", "2026-12-01")
        ),
        breaks: "UPDATE intervention SET carried_on_by_id = #4, note = 'Once more'",
        without: "DROP TRIGGER intervention_in_open_plan ON intervention",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn pl_09_nothing_that_hangs_on_a_closed_plan_changes() {
    let goal = "
        INSERT INTO goal (id, plan_id, young_person_id, writing_unit_id, area, wished_result, target_date, set_at)
            VALUES (#401, #300, #100, #2, 'education', 'A diploma', '2027-06-01', '2026-11-03');";
    let coordinator = &named("2026-11-21");
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
        ("goal_progress", &progress("2026-11-21")),
        ("plan_indicators", &measured("2026-11-21")),
        ("plan_review", &held("2026-11-21")),
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
async fn iv_02_nobody_says_that_an_offer_repeats_but_the_offer() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let told =
        |id| referral(id, (300, 100), "stigen", "2026-12-01").replace("e.repeatable,", "true,");
    worker.run(&told(500)).await;
    assert_eq!(worker.value("SELECT repeatable FROM intervention").await, "f");
    worker.run("UPDATE intervention SET repeatable = true").await;
    assert_eq!(worker.refusal(&told(501)).await.as_deref(), Some("intervention.already-running"));

    // It may change its word: what runs follows, and what runs twice holds it back.
    worker.run("UPDATE catalogue_entry SET repeatable = true WHERE code = 'stigen'").await;
    worker.run(&told(501)).await;
    let once = "UPDATE catalogue_entry SET repeatable = false WHERE code = 'stigen'";
    assert_eq!(worker.refusal(once).await.as_deref(), Some("intervention.already-running"));
    worker.run("UPDATE intervention SET state = 'withdrawn' WHERE id = #500").await;
    worker.run(once).await;
    assert_eq!(worker.refusal(&told(502)).await.as_deref(), Some("intervention.already-running"));
}

#[tokio::test]
async fn iv_04_there_is_no_other_step() {
    for (given, breaks) in [
        ("state = 'withdrawn'", "state = 'referred'"),
        (
            "state = 'declined', decline_reason = 'no', declined_by = 'provider', declined_on = '2026-11-22'",
            "state = 'started', decline_reason = NULL, declined_by = NULL, declined_on = NULL, started_on = '2026-12-01'",
        ),
        ("state = 'started', started_on = '2026-12-01'", "state = 'withdrawn', started_on = NULL"),
    ] {
        let rule = Rule {
            code: "intervention.step-not-allowed",
            given: &format!(
                "{} UPDATE intervention SET {given};",
                referral(500, (300, 100), "stigen", "2026-12-01")
            ),
            breaks: &format!("UPDATE intervention SET {breaks}"),
            without: "DROP TRIGGER intervention_takes_a_step ON intervention",
        };
        rule.must_hold().await;
    }
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

/// STIGEN asks for what `asks` says, and young person 100 is referred to it.
fn asked_for(asks: &str) -> String {
    format!(
        "UPDATE catalogue_entry SET {asks} WHERE code = 'stigen'; {}",
        referral(500, (300, 100), "stigen", "2026-12-01")
    )
}

const STARTS: &str =
    "UPDATE intervention SET state = 'started', started_on = '2026-11-20' WHERE id = #500";

#[tokio::test]
async fn iv_11_what_asks_for_a_visitation_starts_after_its_yes() {
    let rule = Rule {
        code: "intervention.not-accepted",
        given: &asked_for("visitation = true"),
        breaks: STARTS,
        without: "UPDATE intervention SET accepted_on = '2026-11-20', accepted_by_id = #14",
    };
    rule.must_hold().await;
}

/// An assessment of young person 100 by UU on a day.
fn assessment(id: u64, on: &str, yes: bool) -> String {
    format!(
        "INSERT INTO intake_assessment (id, young_person_id, information_area, writing_unit_id, catalogue_code,
            assessed_on, assessed_by_id, in_target_group, reason)
         VALUES (#{id}, #100, 4, #9, 'stigen', '{on}', #11, {yes}, 'why');"
    )
}

#[tokio::test]
async fn iv_11_what_asks_for_an_assessment_starts_where_the_newest_says_yes() {
    let older_yes =
        format!("{} {}", assessment(602, "2026-11-18", false), assessment(603, "2026-11-17", true));
    let another_departments = assessment(605, "2026-11-18", true).replace("#9", "#2");
    for told in
        [String::new(), assessment(601, "2026-11-18", false), older_yes, another_departments]
    {
        let rule = Rule {
            code: "intervention.assessment-missing",
            given: &format!("{} {told}", asked_for("assessment_required = true")),
            breaks: STARTS,
            without: &assessment(604, "2026-11-19", true),
        };
        rule.must_hold().await;
    }
}

#[tokio::test]
async fn iv_11_the_yes_of_what_has_started_stays() {
    let rule = Rule {
        code: "intervention.not-accepted",
        given: &format!(
            "{} UPDATE intervention SET accepted_on = '2026-11-20', accepted_by_id = #14; {STARTS}",
            asked_for("visitation = true")
        ),
        breaks: "UPDATE intervention SET accepted_on = NULL, accepted_by_id = NULL",
        without: "DROP TRIGGER intervention_is_started ON intervention",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn iv_11_iv_08_iv_03_which_offer_it_is_of_is_set_once() {
    let rule = Rule {
        code: "42501",
        given: &format!("{} {STARTS}", referral(500, (300, 100), "stigen", "2026-12-01")),
        breaks: "UPDATE intervention SET catalogue_code = 'internship'",
        without: "DROP TRIGGER intervention_stays_its_offer ON intervention",
    };
    rule.must_hold().await;
}

#[tokio::test]
async fn iv_04_a_life_begins_with_a_referral() {
    let started = referral(500, (300, 100), "stigen", "2026-11-20")
        .replace("'referred'", "'started'")
        .replace("holds_from)", "started_on)");
    let rule = Rule {
        code: "intervention.step-not-allowed",
        given: "",
        breaks: &started,
        without: "DROP TRIGGER intervention_takes_a_step ON intervention",
    };
    rule.must_hold().await;
}

/// Whether it can wait is the offer's word, and it may change after the referral.
#[tokio::test]
async fn iv_04_what_can_wait_is_neither_referred_to_nor_started_in_a_draft_plan() {
    let waits = "UPDATE catalogue_entry SET cannot_wait = false;";
    let referred = referral(500, (300, 100), "stigen", "2026-12-01");
    for (given, breaks, trigger) in [
        (waits.to_owned(), &*referred, "intervention_is_referred_in_time"),
        (format!("{referred} {waits}"), STARTS, "intervention_is_started_in_time"),
    ] {
        let rule = Rule {
            code: "plan.not-active",
            given: &given,
            breaks,
            without: &format!("DROP TRIGGER {trigger} ON intervention"),
        };
        rule.must_hold().await;
    }
}

/// Young person 100 was 17 on 20 February 2026. Thirteen weeks from 1 December end on 2 March.
#[tokio::test]
async fn iv_06_the_reason_is_asked_for_as_it_really_begins_and_is_changed() {
    let planned = |reason: &str| {
        referral(500, (300, 100), "stigen", "2026-12-01")
            .replace("planned_start,", "planned_start, planned_end, reason,")
            .replace("'2026-12-01', #11", &format!("'2026-12-01', '2027-03-02', {reason}, #11"))
    };
    let bounds = "UPDATE catalogue_entry SET min_age = 18, usual_weeks = 13;";
    let told = "UPDATE catalogue_entry SET min_age = 19;";
    for (given, breaks) in [
        (
            format!("{bounds} {}", planned("NULL")),
            "UPDATE intervention SET state = 'started', started_on = '2026-02-20', planned_end = NULL",
        ),
        (
            format!("{bounds} {}", planned("NULL")),
            "UPDATE intervention SET state = 'started', started_on = '2026-11-20'",
        ),
        (
            format!("{bounds} {}", planned("NULL")),
            "UPDATE intervention SET planned_end = '2027-03-03'",
        ),
        (format!("{told} {}", planned("'why'")), "UPDATE intervention SET reason = NULL"),
    ] {
        let rule = Rule {
            code: "intervention.reason-needed",
            given: &given,
            breaks,
            without: "DROP TRIGGER intervention_keeps_a_reason ON intervention",
        };
        rule.must_hold().await;
    }
    // An extension has a reason of its own, told beside the new end.
    let extension = "INSERT INTO intervention_extension (intervention_id, planned_end, young_person_id, information_area,
        writing_unit_id, providing_unit_id, reason, extended_on) VALUES (#500, '2027-03-03', #100, 4, #2, #4, 'On', '2026-11-22');";
    let longer = "UPDATE intervention SET planned_end = '2027-03-03';";
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&format!("{bounds} {}", planned("NULL"))).await;
    worker.run("UPDATE intervention SET state = 'started', started_on = '2026-12-01'").await;
    worker.run(&format!("{longer} {extension}")).await;
}

/// What rules stand on was not told to be of a day that is yet to come: today is 22 November 2026.
#[tokio::test]
async fn pl_05_pl_08_iv_11_tg_04_no_day_of_what_was_done_lies_ahead() {
    let coordinator = &coordinated("2026-11-20");
    let activated = format!("{coordinator} {ACTIVATED}");
    let readiness = |track: &str, verdict: &str, on: &str| {
        format!(
            "INSERT INTO readiness (id, young_person_id, writing_unit_id, track, verdict, assessed_on, assessor_id,
                recorded_at) VALUES (gen_random_uuid(), #100, #2, '{track}', '{verdict}', '{on}', #11, '2026-11-22')"
        )
    };
    let follow_up = |on: &str| {
        format!(
            "INSERT INTO follow_up (id, young_person_id, writing_unit_id, kind, left_on, state, source, taken_on, recorded_at)
                VALUES (gen_random_uuid(), #100, #2, 'plan', '2026-04-30', 'public-support', 'asked', '{on}', '2026-11-22')"
        )
    };
    let left = "UPDATE plan SET state = 'closed', closed_at = '2026-04-30 10:00:00+00', outcome = 'education';";
    let review =
        |on: &str| format!("UPDATE plan SET next_review_on = '2027-02-02', review_set_on = '{on}'");
    let entered = |what: String| what.replace("2026-11-22 10:00:00+00", "2026-11-23 10:00:00+00");
    for (code, given, fits, breaks, trigger) in [
        (
            "intake_assessment_assessed_on_not_ahead",
            "",
            assessment(601, "2026-11-22", true),
            assessment(602, "2026-11-23", true),
            "intake_assessment_is_made_by_now ON intake_assessment",
        ),
        (
            "readiness_assessed_on_not_ahead",
            "",
            readiness("eud", "ready", "2026-11-22"),
            readiness("eud", "ready", "2026-11-23"),
            "readiness_in_time ON readiness",
        ),
        (
            "readiness_assessed_on_not_ahead",
            "",
            readiness("benefit", "jobparat", "2027-01-17"),
            readiness("benefit", "jobparat", "2027-01-18"),
            "readiness_in_time ON readiness",
        ),
        (
            "follow_up_taken_on_not_ahead",
            left,
            String::new(),
            follow_up("2026-11-23"),
            "follow_up_is_taken_by_now ON follow_up",
        ),
        (
            "plan_review_set_on_not_ahead",
            &activated,
            review("2026-11-22"),
            review("2026-11-23"),
            "plan_review_is_set_by_now ON plan",
        ),
        (
            "plan.day-out-of-range",
            GOAL,
            progress("2026-11-21"),
            entered(progress("2026-11-22")),
            "goal_progress_day_fits ON goal_progress",
        ),
        (
            "plan.day-out-of-range",
            "",
            measured("2026-11-22"),
            entered(measured("2026-11-22")),
            "plan_indicators_day_fits ON plan_indicators",
        ),
        (
            "plan.day-out-of-range",
            "",
            held("2026-11-22"),
            entered(held("2026-11-22")),
            "plan_review_day_fits ON plan_review",
        ),
    ] {
        let rule = Rule {
            code,
            given: &format!("{given} {fits}"),
            breaks: &breaks,
            without: &format!("DROP TRIGGER {trigger}"),
        };
        rule.must_hold().await;
    }
}

#[tokio::test]
async fn pl_05_a_review_that_is_overdue_is_held_and_not_set_anew() {
    let coordinator = &coordinated("2026-11-20");
    let later = |on: &str| format!("SELECT set_config('app.now', '{on} 10:00:00+00', false);");
    let moved = "UPDATE plan SET next_review_on = '2027-03-01', review_set_on = '2027-02-01';";
    let rule = Rule {
        code: "plan.review-overdue",
        given: &format!("{coordinator} {ACTIVATED} {}", later("2027-02-02")),
        breaks: moved,
        without: "DROP TRIGGER overdue_review_is_held ON plan",
    };
    rule.must_hold().await;

    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&format!("{coordinator} {ACTIVATED} {}", later("2027-02-01"))).await;
    worker.run("UPDATE plan SET next_review_on = '2027-02-08'").await;
    let review = held("2027-02-09").replace("2026-11-22 10", "2027-02-09 10");
    let review = review.replace("2027-02-01", "2027-03-01");
    worker.run(&format!("{} {moved} {review}", later("2027-02-09"))).await;
}

#[tokio::test]
async fn iv_09_it_does_not_end_before_the_last_day_on_which_somebody_came() {
    let attendance = |day: &str| {
        format!(
            "INSERT INTO attendance (intervention_id, young_person_id, information_area, writing_unit_id,
                providing_unit_id, on_day, presence) VALUES (#500, #100, 4, #2, #4, '{day}', 'present');"
        )
    };
    let ended = |day: &str| {
        format!(
            "UPDATE intervention SET state = 'ended-early', end_reason = 'own-wish', ended_on = '{day}';"
        )
    };
    let referred = referral(500, (300, 100), "stigen", "2026-12-01");
    let given = format!("{referred} {STARTS}; {}", attendance("2026-11-22"));
    let rule = Rule {
        code: "intervention.day-out-of-range",
        given: &given,
        breaks: &ended("2026-11-21"),
        without: "DROP TRIGGER intervention_ends_after_presence ON intervention",
    };
    rule.must_hold().await;

    // Its days can be told and put right after its end, and no others; nor where the plan was closed.
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&format!("{referred} {STARTS}; {}", attendance("2026-11-20"))).await;
    worker.run(&ended("2026-11-21")).await;
    worker.run(&attendance("2026-11-21")).await;
    worker.run("UPDATE attendance SET presence = 'excused' WHERE on_day = '2026-11-20'").await;
    let after = worker.refusal(&attendance("2026-11-22")).await;
    assert_eq!(after.as_deref(), Some("intervention.day-out-of-range"));
    worker.run(CLOSED).await;
    let closed = worker.refusal("UPDATE attendance SET presence = 'absent'").await;
    assert_eq!(closed.as_deref(), Some("intervention.day-out-of-range"));
}

#[tokio::test]
async fn iv_06_outside_ages_or_usual_length_there_is_a_reason() {
    let until = |end: &str, reason: &str| {
        referral(500, (300, 100), "stigen", "2026-12-01")
            .replace("planned_start,", "planned_start, planned_end, reason,")
            .replace("'2026-12-01', #11", &format!("'2026-12-01', {end}, {reason}, #11"))
    };
    // Young person 100 is 18 from 28 February 2026 on.
    for (asks, end) in [
        ("min_age = 19", "NULL"),
        ("max_age = 17", "NULL"),
        ("usual_weeks = 13, min_age = 18, max_age = 18", "'2027-03-03'"),
    ] {
        let rule = Rule {
            code: "intervention.reason-needed",
            given: &format!("UPDATE catalogue_entry SET {asks} WHERE code = 'stigen'"),
            breaks: &until(end, "NULL"),
            without: "DROP TRIGGER intervention_has_a_reason ON intervention",
        };
        rule.must_hold().await;
    }
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run("UPDATE catalogue_entry SET min_age = 18, max_age = 18, usual_weeks = 13").await;
    worker.run(&until("'2027-03-02'", "NULL")).await;
    worker.run("UPDATE intervention SET state = 'withdrawn'").await;
    worker.run(&until("'2027-03-03'", "'why'").replace("#500", "#501")).await;
}

#[tokio::test]
async fn iv_09_attendance_is_of_a_day_since_the_start_and_no_later_than_today() {
    let attendance = |day: &str| {
        format!(
            "INSERT INTO attendance (intervention_id, young_person_id, information_area, writing_unit_id,
                providing_unit_id, on_day, presence) VALUES (#500, #100, 4, #2, #4, '{day}', 'present')"
        )
    };
    let today = "SELECT set_config('app.now', '2026-11-22 10:00:00+00', false);";
    let referred = format!("{today} {}", referral(500, (300, 100), "stigen", "2026-12-01"));
    let started = format!("{referred} {STARTS}");
    for (given, day) in
        [(&started, "2026-11-19"), (&started, "2026-11-23"), (&referred, "2026-11-20")]
    {
        let rule = Rule {
            code: "intervention.day-out-of-range",
            given,
            breaks: &attendance(day),
            without: "DROP TRIGGER attendance_is_told ON attendance",
        };
        rule.must_hold().await;
    }
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&started).await;
    worker.run(&attendance("2026-11-20")).await;
    let moved = "UPDATE attendance SET on_day = '2026-11-23'";
    let refusal = worker.refusal(moved).await;
    assert_eq!(refusal.as_deref(), Some("intervention.day-out-of-range"));
    // It is of the intervention's area, writer and provider, and of no other's.
    for other in ["information_area = 8", "writing_unit_id = #3", "providing_unit_id = #3"] {
        let other = format!("UPDATE attendance SET {other}");
        assert!(worker.refusal(&other).await.is_some(), "{other}");
    }
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
        without: "DROP INDEX \"young-person.already-registered\"",
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
    worker.run(&[GOAL, &progress("2026-11-21"), ";", &measured("2026-11-21")].concat()).await;
    worker.run(&held("2026-11-21")).await;
    worker
        .run("UPDATE plan SET state = 'closed', closed_at = '2026-11-20', outcome = 'education'")
        .await;
    worker.run("UPDATE young_person SET id = #101").await;
    let left = "SELECT (SELECT count(*) FROM plan WHERE young_person_id = #100)
        + (SELECT count(*) FROM goal WHERE young_person_id = #100)
        + (SELECT count(*) FROM goal_progress WHERE young_person_id = #100)
        + (SELECT count(*) FROM plan_indicators WHERE young_person_id = #100)
        + (SELECT count(*) FROM plan_review WHERE young_person_id = #100)
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
        without: "DROP TRIGGER access_basis_holder_operates ON access_basis; DROP TRIGGER never_grows ON access_basis",
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
