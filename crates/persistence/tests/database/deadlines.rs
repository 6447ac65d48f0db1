//! Deadlines in the database: the calendar held against the domain's (DL-6), what a rule gives (DL-1), spells of
//! absence against a slow model (AB-1), and what nobody can write, whoever asks.

use crate::fixture::{referral, town};
use crate::sql::{NOW, Prompt, id};
use chrono::{Days, NaiveDate};
use domain::calendar::{add_working_days, is_working_day};
use domain::deadlines::{Length, Unit};
use domain::interventions::OFFER_STANDS_WORKING_DAYS;
use domain::plans::REVIEW_WITHIN_DAYS;
use domain::responsibility::TO_DIRECTORS;
use domain::target_groups::follow_ups;
use std::collections::BTreeSet;
use strum::VariantArray as _;
use test_support::TestDatabase;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn dl_06_the_databases_calendar_is_the_domains_day_by_day() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let free = "SELECT d::date FROM generate_series(timestamp '1990-01-01', '2089-12-31', '1 day') d WHERE NOT is_working_day(d::date)";
    let free: BTreeSet<NaiveDate> = admin.column(free).await.iter().map(|one| day(one)).collect();
    let days = day("1990-01-01").iter_days().take_while(|on| *on <= day("2089-12-31"));
    let expected: BTreeSet<NaiveDate> = days.filter(|on| !is_working_day(*on)).collect();
    assert_eq!(free, expected);
    let later = "SELECT d::date || ' ' || n || ' ' || add_working_days(d::date, n)
        FROM generate_series(timestamp '2026-12-01', '2027-06-30', '1 day') d, unnest(ARRAY[0, 1, 3, 5, 17]) n";
    for row in admin.column(later).await {
        let parts: Vec<&str> = row.split(' ').collect();
        assert_eq!(
            add_working_days(day(parts[0]), parts[1].parse().unwrap()),
            day(parts[2]),
            "{row}"
        );
    }
}

#[tokio::test]
async fn dl_01_a_rule_gives_the_same_day_in_database_and_domain() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    for unit in Unit::VARIANTS {
        for count in [1, 6, 26] {
            let name: &str = unit.into();
            admin.run(&format!("UPDATE deadline_rule SET unit = '{name}', length = {count} WHERE code = 'close-gap'")).await;
            let days = "SELECT d::date || ' ' || deadline_of('close-gap', d::date) FROM generate_series(timestamp '2027-12-20', '2028-03-31', '1 day') d";
            for row in admin.column(days).await {
                let (from, to) = row.split_once(' ').unwrap();
                assert_eq!(
                    Length { count, unit: *unit }.after(day(from)),
                    day(to),
                    "{count} {name} from {from}"
                );
            }
        }
    }
    assert_eq!(
        admin.value("SELECT coalesce(deadline_of('close-gap', '1999-12-31')::text, 'none')").await,
        "none"
    );
}

/// What the domain has as a constant, for the database's constraints have it too, is what the table says.
#[tokio::test]
async fn dl_01_what_is_said_twice_is_the_same() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    for from in ["2026-02-28", "2026-08-31", "2026-11-23"] {
        let due = async |code: &str| {
            day(&admin.value(&format!("SELECT deadline_of('{code}', '{from}')")).await)
        };
        let from = day(from);
        assert_eq!(due("hold-review").await, from + Days::new(REVIEW_WITHIN_DAYS));
        assert_eq!(due("take-state").await, follow_ups::due_on(from));
        assert_eq!(due("take-group-state").await, follow_ups::due_on(from));
        assert_eq!(due("answer-offer").await, add_working_days(from, OFFER_STANDS_WORKING_DAYS));
        assert_eq!(due("settle-responsibility").await, add_working_days(from, TO_DIRECTORS));
    }
}

#[tokio::test]
async fn dl_01_rules_do_not_contradict_one_another() {
    let database = TestDatabase::new().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let with = |columns: &str| {
        format!(
            "INSERT INTO deadline_rule (code, valid_from, rule, starts_from, length, unit, whose, source) VALUES ({columns})"
        )
    };
    for (columns, refusal) in [
        (
            "'close-gap', '2026-01-01', 'AB-2', 'nothing-agreed', 5, 'days', 'coordinator', 'x'",
            "deadline_rule_one_at_a_time",
        ),
        (
            "'x', '2026-01-01', 'AB-2', 'nothing', 5, 'days', 'coordinator', 'x'",
            "deadline_rule_starts_known",
        ),
        (
            "'x', '2026-01-01', 'AB-2', 'absence', 0, 'days', 'coordinator', 'x'",
            "deadline_rule_length",
        ),
        (
            "'x', '2026-01-01', 'AB-2', 'absence', 5, 'hours', 'coordinator', 'x'",
            "deadline_rule_unit_known",
        ),
        (
            "'x', '2026-01-01', 'AB-2', 'absence', 5, 'days', 'nobody', 'x'",
            "deadline_rule_whose_known",
        ),
        (
            "'x', '1026-01-01', 'AB-2', 'absence', 5, 'days', 'uu', 'x'",
            "deadline_rule_valid_from_in_calendar",
        ),
    ] {
        assert_eq!(admin.refusal(&with(columns)).await.as_deref(), Some(refusal), "{columns}");
    }
    for change in ["UPDATE deadline_rule SET length = 1", "DELETE FROM school_holiday"] {
        assert_eq!(app.refusal(change).await.as_deref(), Some("42501"), "{change}");
    }
    let backwards = "INSERT INTO school_holiday VALUES ('0791', '2026-01-02', '2026-01-01', 'x')";
    assert_eq!(admin.refusal(backwards).await.as_deref(), Some("school_holiday_period"));
    let nowhere = "INSERT INTO school_holiday VALUES ('79', '2026-01-02', '2026-01-03', 'x')";
    assert_eq!(admin.refusal(nowhere).await.as_deref(), Some("school_holiday_municipality_form"));
}

/// DL-4 at a SQL prompt too: due is the later of the two, and what was missed stays missed.
#[tokio::test]
async fn dl_04_the_due_day_follows_from_the_exemption_and_what_was_missed_stays() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let made = |columns: &str, values: &str| {
        format!(
            "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at{columns})
             VALUES (#700, #100, 2, #2, 'hand-over', #300, '2026-11-20', '2026-11-01'{values})"
        )
    };
    for (columns, values, refusal) in [
        (", due_on", ", '2026-12-01'", "428C9"),
        (", exempt_until", ", '2026-12-01'", "task_exemption"),
        (", done_at", ", '2026-11-21'", "task_ended"),
        (", ended, done_at", ", 'x', '2026-11-21'", "task_ended_known"),
    ] {
        assert_eq!(
            admin.refusal(&made(columns, values)).await.as_deref(),
            Some(refusal),
            "{columns}"
        );
    }
    admin.run(&made(", raised_at", ", '2026-11-21'")).await;
    let told = "SELECT due_on || ' ' || coalesce(missed_on::text, 'none') || ' ' || coalesce(raised_at::date::text, 'none') FROM task WHERE id = #700";
    for (until, expected) in [
        // Today is the 22nd: the 20th has passed.
        ("2026-12-01", "2026-12-01 2026-11-20 none"),
        ("2026-11-10", "2026-11-20 2026-11-20 none"),
        ("2027-01-01", "2027-01-01 2026-11-20 none"),
    ] {
        admin
            .run(&format!(
                "UPDATE task SET exempt_until = '{until}', exempt_reason = 'why' WHERE id = #700"
            ))
            .await;
        assert_eq!(admin.value(told).await, expected, "{until}");
    }
}

/// DL-3: asked for at the same moment by two, each is told once; whom one is reckoning the other leaves.
#[tokio::test]
async fn dl_03_two_at_once_tell_nothing_twice() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin
        .load(&format!(
            "INSERT INTO benefit_episode (id, young_person_id, writing_unit_id, kind, leads, in_integration_programme, from_day, recorded_at)
             VALUES (#600, #100, #2, 'uddannelseshjaelp', true, false, '2026-11-20', '{NOW}')"
        ))
        .await;
    let (one, two) = (Prompt::of_worker(&database).await, Prompt::of_worker(&database).await);
    assert_eq!(one.column("SELECT * FROM deadlines_to_reckon()").await, [id(100).to_string()]);
    one.run(&format!("BEGIN; SELECT set_config('app.now', '{NOW}', true)")).await;
    assert_eq!(one.value("SELECT reckon_due_deadlines(#100)").await, "t");
    assert_eq!(two.value("SELECT reckon_due_deadlines(#100)").await, "f", "the other leaves it");
    // Whoever acts waits for it, and finds nothing left to tell.
    let app = Prompt::of_app(&database).await;
    app.begin(id(1011), NOW).await;
    let (waited, ()) = tokio::join!(app.refusal("SELECT reckon_deadlines(#100)"), async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        one.run("COMMIT").await;
    });
    assert_eq!(waited, None);
    app.run("COMMIT").await;
    assert_eq!(
        admin.value("SELECT count(*) FROM task WHERE kind = 'hold-first-conversation'").await,
        "1"
    );
    assert_eq!(two.column("SELECT * FROM deadlines_to_reckon()").await, [""; 0]);
    // A second one of the same occasion is refused, whoever tries.
    let copy = "INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, occasion, original_due_on, made_at, done_at, ended)
        SELECT gen_random_uuid(), young_person_id, information_area, writing_unit_id, kind, subject_id, occasion, original_due_on, made_at, made_at, 'act'
          FROM task WHERE kind = 'hold-first-conversation'";
    assert_eq!(admin.refusal(copy).await.as_deref(), Some("task_once_each_time"));
    // Rising, too, is told once.
    let later = "SELECT set_config('app.now', '2026-12-08 10:00:00+00', false)";
    one.run(later).await;
    two.run(later).await;
    one.run("BEGIN").await;
    assert_eq!(one.column("SELECT id FROM raise_overdue(9)").await.len(), 1);
    assert_eq!(two.column("SELECT id FROM raise_overdue(9)").await.len(), 0);
    one.run("COMMIT").await;
    assert_eq!(two.column("SELECT id FROM raise_overdue(9)").await.len(), 0);
    // Nobody of the application reckons for all, or raises.
    for forbidden in [
        "SELECT * FROM deadlines_to_reckon()",
        "SELECT * FROM raise_overdue(9)",
        "SELECT reckon_due_deadlines(#100)",
    ] {
        assert_eq!(app.refusal(forbidden).await.as_deref(), Some("42501"), "{forbidden}");
    }
}

/// A referral of young person 100 that runs since the second of November.
const RUNS: &str =
    "UPDATE intervention SET state = 'started', started_on = '2026-11-02' WHERE id = #500";

#[tokio::test]
async fn ab_01_an_absence_is_of_what_runs_and_of_days_that_were() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.load(&referral(500, (300, 100), "stigen", "2026-11-02")).await;
    let absence = |days: &str| {
        format!(
            "INSERT INTO absence (id, intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id,
                from_day, to_day, dropped_out_on, told_on, told_by_id)
             VALUES (gen_random_uuid(), #500, #100, 4, #2, #4, {days}, '2026-11-22', #14)"
        )
    };
    let plain = absence("'2026-11-10', NULL, NULL");
    assert_eq!(admin.refusal(&plain).await.as_deref(), Some("intervention.step-not-allowed"));
    admin.load(RUNS).await;
    for (days, refusal) in [
        ("'2026-11-01', NULL, NULL", "intervention.day-out-of-range"),
        ("'2026-11-23', NULL, NULL", "absence_from_day_not_ahead"),
        ("'2026-11-10', '2026-11-09', NULL", "absence_period"),
        ("'2026-11-10', '2026-11-23', NULL", "absence_to_day_not_ahead"),
        ("'2026-11-10', NULL, '2026-11-09'", "absence_dropped_out"),
        ("'2026-11-10', '2026-11-12', '2026-11-13'", "absence_dropped_out"),
        ("'2026-11-10', NULL, '2026-11-23'", "absence_dropped_out_on_not_ahead"),
    ] {
        assert_eq!(admin.refusal(&absence(days)).await.as_deref(), Some(refusal), "{days}");
    }
    // The provider tells; a caseworker of another team sees nothing of it, and tells nothing.
    admin
        .load("INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
               VALUES (#209, #100, #4, 'unit', 'provision', 1, #500, 'x', '2026-11-01')")
        .await;
    let app = Prompt::of_app(&database).await;
    app.begin(id(1013), NOW).await;
    assert_eq!(app.refusal(&plain).await.as_deref(), Some("42501"));
    app.rollback().await;
    app.begin(id(1014), NOW).await;
    app.run(&plain).await;
    assert_eq!(app.refusal(&plain).await.as_deref(), Some("absence_once"));
    app.rollback().await;
}

/// Absences drawn at random make the spells that a slow model makes, day by day.
#[tokio::test]
async fn ab_01_spells_are_those_of_the_slow_model() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.load(&referral(500, (300, 100), "stigen", "2026-11-02")).await;
    admin.load(RUNS).await;
    for seed in 0..60 {
        admin
            .load(&format!(
                "DELETE FROM absence; DELETE FROM attendance; SELECT setseed(0.{seed:02});
                 INSERT INTO absence (id, intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id, from_day, to_day, told_on, told_by_id)
                 SELECT gen_random_uuid(), #500, #100, 4, #2, #4, a.from_day, CASE WHEN random() < 0.8 THEN least(a.from_day + (random() * 4)::int, '2026-11-22') END, '2026-11-22', #14
                   FROM (SELECT DISTINCT date '2026-11-02' + (random() * 20)::int AS from_day FROM generate_series(1, 1 + (random() * 4)::int)) a;
                 INSERT INTO attendance (intervention_id, young_person_id, information_area, writing_unit_id, providing_unit_id, on_day, presence)
                 SELECT #500, #100, 4, #2, #4, d::date, (ARRAY['present', 'absent', 'excused'])[1 + (random() * 2)::int]
                   FROM generate_series(timestamp '2026-11-02', '2026-11-22', '1 day') d WHERE random() < 0.25"
            ))
            .await;
        let reported: Vec<(NaiveDate, Option<NaiveDate>)> = admin
            .rows("SELECT from_day, to_day FROM absence")
            .await
            .iter()
            .map(|row| (day(&row[0]), row[1].parse().ok()))
            .collect();
        let days = async |presence: &str| -> BTreeSet<NaiveDate> {
            let query = format!("SELECT on_day FROM attendance WHERE presence = '{presence}'");
            admin.column(&query).await.iter().map(|one| day(one)).collect()
        };
        let (came, mut absent) = (days("present").await, days("absent").await);
        let today = day("2026-11-22");
        for (from, to) in reported {
            let ends = came.iter().find(|on| **on > from).map(|on| *on - Days::new(1));
            let last = to.or(ends).unwrap_or(today);
            absent.extend(from.iter_days().take_while(|on| *on <= last));
        }
        // A day belongs to the spell of the one before it if only days on which nobody works lie between.
        let mut spells: Vec<(NaiveDate, NaiveDate)> = Vec::new();
        for on in absent {
            match spells.last_mut() {
                Some((_, last)) if add_working_days(*last, 1) >= on => *last = on,
                _ => spells.push((on, on)),
            }
        }
        let expected: Vec<String> =
            spells.iter().map(|(first, last)| format!("{first} {last}")).collect();
        let told = "SELECT lower(during) || ' ' || last_day FROM absence_spells(#500) ORDER BY 1";
        assert_eq!(admin.column(told).await, expected, "seed {seed}");
    }
}

#[tokio::test]
async fn ab_02_hl_09_exemptions_and_clocks_are_written_once_and_by_their_rules() {
    let database = town().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let exemption = |from: &str, to: &str| {
        format!(
            "INSERT INTO plan_exemption (id, plan_id, young_person_id, writing_unit_id, reason, from_day, to_day, given_by_id, given_at)
             VALUES (#800, #300, #100, #2, 'why', '{from}', '{to}', #11, '{NOW}')"
        )
    };
    let clock = |day: &str| {
        format!(
            "INSERT INTO activity_clock (id, young_person_id, writing_unit_id, from_day, started_by_id, started_at)
             VALUES (gen_random_uuid(), #100, #2, '{day}', #11, '{NOW}')"
        )
    };
    for (statement, refusal) in [
        (exemption("2026-11-22", "2026-11-21"), "plan.exemption-out-of-range"),
        (exemption("2026-11-22", "2027-05-24"), "plan.exemption-out-of-range"),
        (exemption("2026-11-23", "2026-11-24"), "plan_exemption_from_day_not_ahead"),
        // 18 since March.
        (clock("2026-11-22"), "activity-clock.age-out-of-range"),
        ("UPDATE plan_exemption SET reason = 'x'".to_owned(), "42501"),
        ("UPDATE activity_clock SET from_day = '2026-01-01'".to_owned(), "42501"),
    ] {
        app.begin(id(1011), NOW).await;
        assert_eq!(app.refusal(&statement).await.as_deref(), Some(refusal), "{statement}");
        app.rollback().await;
    }
    admin.load("UPDATE young_person SET birth_date = '2010-01-01'").await;
    app.begin(id(1011), NOW).await;
    let ahead = app.refusal(&clock("2026-11-23")).await;
    assert_eq!(ahead.as_deref(), Some("activity_clock_from_day_not_ahead"));
    app.rollback().await;
    app.begin(id(1011), NOW).await;
    app.run(&clock("2026-11-22")).await;
    assert_eq!(
        app.refusal(&clock("2026-11-20")).await.as_deref(),
        Some("activity-clock.already-running")
    );
    app.rollback().await;
    admin
        .load("UPDATE plan SET state = 'closed', closed_at = '2026-11-22', outcome = 'own-wish'")
        .await;
    app.begin(id(1011), NOW).await;
    assert_eq!(
        app.refusal(&exemption("2026-11-22", "2026-12-01")).await.as_deref(),
        Some("plan.closed")
    );
}
