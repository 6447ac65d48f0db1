//! YP-6, YP-9, YP-10, TG-5, PL-8: what the database keeps by itself of school and work, residence, guardians
//! and sanctions. Young person 100 was born on 29 February 2008: of age from 1 March 2026 on.

use crate::fixture::town;
use crate::rules::Rule;
use crate::sql::{NOW, Prompt, id};

/// An episode with these further columns.
fn episode(columns: &str, values: &str) -> String {
    format!(
        "INSERT INTO education_and_work (id, young_person_id, writing_unit_id, place, source, recorded_at, {columns})
         VALUES (#900, #100, #2, 'Skolen', 'register', '{NOW}', {values})"
    )
}

#[tokio::test]
async fn yp_10_the_days_of_an_episode_follow_one_another() {
    for (columns, values) in [
        ("state, applied_on, enrolled_on", "'enrolled', '2026-01-02', '2026-01-01'"),
        ("state, applied_on, started_on", "'started', '2026-01-02', '2026-01-01'"),
        ("state, enrolled_on, started_on", "'started', '2026-01-02', '2026-01-01'"),
        ("state, enrolled_on, ended_on", "'dropped-out', '2026-01-02', '2026-01-01'"),
        ("state, started_on, ended_on", "'completed', '2026-01-02', '2026-01-01'"),
    ] {
        Rule {
            code: "episode.days-contradict",
            given: "",
            breaks: &episode(&format!("kind, grade, {columns}"), &format!("'school', 9, {values}")),
            without: "ALTER TABLE education_and_work DROP CONSTRAINT \"episode.days-contradict\"",
        }
        .must_hold()
        .await;
    }
}

#[tokio::test]
async fn yp_10_each_state_and_each_kind_has_its_columns() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let school = |columns: &str, values: &str| {
        episode(&format!("kind, grade, {columns}"), &format!("'school', 9, {values}"))
    };
    for (columns, values) in [
        ("state, started_on", "'applied', '2026-01-01'"),
        ("state, applied_on, enrolled_on", "'applied', '2026-01-01', '2026-01-01'"),
        ("state, applied_on", "'enrolled', '2026-01-01'"),
        ("state, enrolled_on", "'started', '2026-01-01'"),
        ("state, started_on, ended_on", "'started', '2026-01-01', '2026-01-01'"),
        ("state, started_on", "'completed', '2026-01-01'"),
        ("state, enrolled_on, ended_on", "'completed', '2026-01-01', '2026-01-01'"),
        ("state, started_on", "'dropped-out', '2026-01-01'"),
        ("state, started_on", "'begun', '2026-01-01'"),
    ] {
        let refusal = worker.refusal(&school(columns, values)).await;
        assert_eq!(refusal.as_deref(), Some("education_and_work_state_columns"), "{values}");
    }
    // What begins on no day is of none.
    let nothing = worker.refusal(&school("state, ended_on", "'dropped-out', '2026-01-01'")).await;
    assert_eq!(nothing.as_deref(), Some("23502"));
    for (columns, values) in [
        ("kind", "'education'"),
        ("kind, name, grade", "'education', 'x', 9"),
        ("kind", "'school'"),
        ("kind, grade", "'school', 6"),
        ("kind, grade, name", "'school', 9, 'x'"),
        ("kind, name", "'apprenticeship', 'x'"),
        ("kind, weekly_minutes", "'apprenticeship', 60"),
        ("kind", "'job'"),
        ("kind, name, weekly_minutes", "'job', 'x', 60"),
        ("kind", "'spare-time-job'"),
        ("kind", "'su'"),
    ] {
        let started = episode(
            &format!("{columns}, state, started_on"),
            &format!("{values}, 'started', '2026-01-01'"),
        );
        let refusal = worker.refusal(&started).await;
        assert_eq!(refusal.as_deref(), Some("education_and_work_kind_columns"), "{values}");
    }
    for minutes in [-1, 37 * 60 + 1] {
        let job = episode(
            "kind, weekly_minutes, state, started_on",
            &format!("'job', {minutes}, 'started', '2026-01-01'"),
        );
        let refusal = worker.refusal(&job).await;
        assert_eq!(refusal.as_deref(), Some("education_and_work_weekly"), "{minutes}");
    }
}

#[tokio::test]
async fn yp_10_a_day_that_was_told_stays() {
    let enrolled = episode(
        "kind, grade, state, applied_on, enrolled_on",
        "'school', 9, 'enrolled', '2026-01-01', '2026-02-01'",
    );
    let dropped_out = episode(
        "kind, grade, state, started_on, ended_on",
        "'school', 9, 'dropped-out', '2026-01-01', '2026-02-01'",
    );
    for (given, change) in [
        (&enrolled, "applied_on = '2026-01-02'"),
        (&enrolled, "applied_on = NULL"),
        (&enrolled, "enrolled_on = '2026-02-02'"),
        (&enrolled, "enrolled_on = NULL, state = 'applied'"),
        (&dropped_out, "started_on = '2026-01-02'"),
        (&dropped_out, "ended_on = '2026-02-02'"),
        (&dropped_out, "ended_on = NULL, state = 'started'"),
        (&dropped_out, "state = 'completed'"),
    ] {
        Rule {
            code: "episode.already-told",
            given,
            breaks: &format!("UPDATE education_and_work SET {change}"),
            without: "DROP TRIGGER episode_days_stay ON education_and_work",
        }
        .must_hold()
        .await;
    }
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let forward = "UPDATE education_and_work SET started_on = '2026-03-01', state = 'started'";
    worker.run(&format!("{enrolled}; {forward}")).await;
}

fn lives(number: u64, from: &str) -> String {
    format!(
        "INSERT INTO residence (id, young_person_id, writing_unit_id, from_day, municipality_code, source, recorded_at)
         VALUES (#{number}, #100, #2, '{from}', '0791', 'register', '{NOW}')"
    )
}

#[tokio::test]
async fn yp_06_from_each_day_on_somebody_lives_in_one_place() {
    Rule {
        code: "residence.already-told",
        given: &lives(900, "2026-01-01"),
        breaks: &lives(901, "2026-01-01"),
        without: "ALTER TABLE residence DROP CONSTRAINT \"residence.already-told\"",
    }
    .must_hold()
    .await;
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let place = |columns: &str, values: &str| {
        format!(
            "INSERT INTO residence (id, young_person_id, writing_unit_id, from_day, source, recorded_at, {columns})
             VALUES (#900, #100, #2, '2026-01-01', 'register', '{NOW}', {values})"
        )
    };
    for (columns, values, code) in [
        ("address", "'x'", "residence_somewhere"),
        ("municipality_code, country_code", "'0791', 'NO'", "residence_somewhere"),
        ("municipality_code", "'791'", "residence_municipality_form"),
        ("country_code", "'no'", "residence_country_form"),
        ("country_code", "'DK'", "residence_country_form"),
    ] {
        let refusal = worker.refusal(&place(columns, values)).await;
        assert_eq!(refusal.as_deref(), Some(code), "{values}");
    }
}

#[tokio::test]
async fn yp_06_tg_05_no_role_overwrites_a_move_or_a_sanction() {
    let database = town().await;
    for prompt in [Prompt::of_app(&database).await, Prompt::of_worker(&database).await] {
        for change in
            ["UPDATE residence SET municipality_code = '0740'", "UPDATE sanction SET ground = 'x'"]
        {
            assert_eq!(prompt.refusal(change).await.as_deref(), Some("42501"), "{change}");
        }
    }
}

fn guardian(told_at: &str) -> String {
    format!(
        "INSERT INTO guardian (id, young_person_id, writing_unit_id, name, relation, has_custody, from_day, told_at)
         VALUES (#900, #100, #2, 'Karen', 'mother', true, '2020-01-01', '{told_at}')"
    )
}

#[tokio::test]
async fn yp_09_a_guardian_is_written_until_the_midnight_of_18() {
    let (last, first) = ("2026-02-28 22:59:59.999999+00", "2026-02-28 23:00:00+00");
    let without = "DROP TRIGGER guardian_of_a_minor ON guardian";
    Rule { code: "guardian.of-age", given: "", breaks: &guardian(first), without }
        .must_hold()
        .await;
    Rule {
        code: "guardian.of-age",
        given: &guardian(last),
        breaks: &format!("UPDATE guardian SET telephone = '1', told_at = '{first}'"),
        without,
    }
    .must_hold()
    .await;
}

const BENEFIT: &str = "
    INSERT INTO benefit_episode (id, young_person_id, writing_unit_id, kind, leads, in_integration_programme,
        from_day, to_day, recorded_at)
    VALUES (#800, #100, #2, 'fleksjob', true, false, '2026-03-01', '2026-05-31', '2026-06-01');";

fn sanction(on: &str) -> String {
    format!(
        "INSERT INTO sanction (id, benefit_id, young_person_id, writing_unit_id, kind, on_day, ground, source, recorded_at)
         VALUES (#900, #800, #100, #2, 'punktsanktion', '{on}', 'Udeblev', 'recorded', '{NOW}');"
    )
}

#[tokio::test]
async fn tg_05_a_sanction_lies_within_its_benefit_whichever_is_written_last() {
    for on in ["2026-02-28", "2026-06-01"] {
        Rule {
            code: "sanction.day-out-of-range",
            given: BENEFIT,
            breaks: &sanction(on),
            without: "DROP TRIGGER sanction_lies_within ON sanction",
        }
        .must_hold()
        .await;
    }
    let given = format!("{BENEFIT} {}", sanction("2026-05-31"));
    for change in ["to_day = '2026-05-30'", "from_day = '2026-06-01', to_day = NULL"] {
        Rule {
            code: "sanction.day-out-of-range",
            given: &given,
            breaks: &format!("UPDATE benefit_episode SET {change}"),
            without: "DROP TRIGGER sanctions_stay_within ON benefit_episode",
        }
        .must_hold()
        .await;
    }
}

/// Of two who do not see each other's row yet, one is refused.
#[tokio::test]
async fn tg_05_a_benefit_that_ends_meanwhile_takes_no_sanction_after_its_end() {
    let database = town().await;
    let (one, other) = (Prompt::of_worker(&database).await, Prompt::of_worker(&database).await);
    one.run(BENEFIT).await;
    one.run("BEGIN; UPDATE benefit_episode SET to_day = '2026-04-30'").await;
    let late = sanction("2026-05-01");
    let (refusal, ()) = tokio::join!(other.refusal(&late), async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        one.run("COMMIT").await;
    });
    assert_eq!(refusal.as_deref(), Some("sanction.day-out-of-range"));
}

#[tokio::test]
async fn tg_05_a_sanction_is_against_a_benefit_of_the_same_young_person() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let other = "INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                 VALUES (#101, #2, 'Villads', 'Holm', '2000-01-01', '2026-11-01')";
    worker.run(&format!("{BENEFIT} {other}")).await;
    let theirs = sanction("2026-05-01").replace("#100", "#101");
    assert_eq!(
        worker.refusal(&theirs).await.as_deref(),
        Some("sanction_benefit_id_young_person_id_fkey")
    );
}

#[tokio::test]
async fn pl_08_the_task_about_a_group_is_the_coordinators_who_sees_it() {
    let database = town().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let on_sick_leave = BENEFIT.replace("fleksjob", "sygedagpenge");
    admin.run(&on_sick_leave).await;
    let reckon = format!("SELECT reckon_group_task(gen_random_uuid(), #100, '{NOW}')");
    let task = async || -> Vec<String> {
        app.begin(id(1011), NOW).await;
        app.rows(&reckon).await;
        app.run("COMMIT").await;
        let query = "SELECT coalesce(employee_id::text, 'nobody'), due_on, information_area, subject_id = #100
                       FROM task WHERE done_at IS NULL";
        let mut rows = admin.rows(query).await;
        assert_eq!(rows.len(), 1, "one, however often it is reckoned");
        rows.remove(0)
    };
    assert_eq!(task().await, ["nobody", "2026-12-01", "4", "t"]);
    let coordinates = "INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
                       VALUES (#300, 'coordinator', '2026-11-03', #100, #2, #11);";
    // Who does not see education and employment is not told of the group.
    let narrow = "UPDATE access_basis SET areas = 3";
    admin
        .run(&format!("BEGIN; SELECT act_as(#1011, '{NOW}'); {narrow}; {coordinates} COMMIT"))
        .await;
    assert_eq!(task().await[0], "nobody");
    let wide = "UPDATE access_basis SET areas = 7; DELETE FROM plan_role;";
    admin.run(&format!("BEGIN; SELECT act_as(#1011, '{NOW}'); {wide} {coordinates} COMMIT")).await;
    assert_eq!(task().await[0], id(11).to_string());
}
