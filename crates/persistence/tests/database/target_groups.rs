//! TG-1 to TG-5, PL-8: what the database keeps by itself of benefits, readiness and follow-ups, and that
//! it derives a target group as the domain does.

use crate::fixture::town;
use crate::sql::{NOW, Prompt, id};
use chrono::{Days, NaiveDate};
use domain::courses::WeeklyHours;
use domain::education_and_work::{Episode, EpisodeDays, EpisodeKind, Pursuit, Source};
use domain::ids::{BenefitId, EpisodeId};
use domain::target_groups::{
    Assessment, Benefit, BenefitKind, Category, Circumstances, NotDefined, Verdict, YouthEducation,
    benefit_group,
};
use domain::young_people::birthday;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fmt::Write as _;
use strum::VariantArray as _;
use tokio::runtime;
use uuid::Uuid;

#[tokio::test]
async fn tg_01_the_database_knows_the_groups_that_the_domain_knows() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let categories: Vec<Option<Category>> =
        Category::VARIANTS.iter().copied().map(Some).chain([None]).collect();
    for kind in BenefitKind::VARIANTS {
        for programme in [false, true] {
            for category in &categories {
                let name = category
                    .map_or("NULL".to_owned(), |category| format!("'{}'", <&str>::from(category)));
                let asked =
                    format!("SELECT benefit_group('{}', {programme}, {name})", <&str>::from(*kind));
                let expected = match benefit_group(*kind, programme, *category) {
                    Ok(group) => group.map_or(String::new(), |group| group.to_string()),
                    Err(NotDefined) => "-1".to_owned(),
                };
                assert_eq!(worker.value(&asked).await, expected, "{asked}");
            }
        }
    }
}

/// Leading benefits with gaps between them, and assessments of every kind on any day.
fn history() -> impl Strategy<Value = Circumstances> {
    // Of one born on a leap day, on the last of a month, and on the first of a year.
    let births = prop::sample::select(vec!["2008-02-29", "2004-02-29", "2003-08-31", "2000-01-01"]);
    let span = (0..11_usize, any::<bool>(), 0..900_u64, 1..900_u64);
    let verdict = prop_oneof![
        prop::sample::select(Category::VARIANTS.to_vec())
            .prop_map(|category| Verdict::Category { category }),
        (prop::sample::select(YouthEducation::VARIANTS.to_vec()), any::<bool>())
            .prop_map(|(education, ready)| Verdict::Education { education, ready }),
    ];
    let assessments = vec((0..6000_u64, verdict), 0..12);
    (births, vec(span, 0..8), option::of(Just(())), assessments, vec(episode(), 0..5)).prop_map(
        |(born, spans, goes_on, found, told)| {
            let birth_date: NaiveDate = born.parse().unwrap();
            let first = birthday(birth_date, 14);
            let (mut from, mut benefits) = (first, Vec::new());
            for (number, (kind, programme, gap, days)) in (900..).zip(spans) {
                let kind = BenefitKind::VARIANTS[kind];
                from = from + Days::new(gap % 100);
                benefits.push(Benefit {
                    id: BenefitId(id(number)),
                    kind,
                    leading: true,
                    in_integration_programme: programme && kind.knows_integration_programme(),
                    from,
                    to: Some(from + Days::new(days - 1)),
                    version: 1,
                });
                from = from + Days::new(days);
            }
            if let (Some(()), Some(last)) = (goes_on, benefits.last_mut()) {
                last.to = None;
            }
            let episodes = told.into_iter().map(|episode| episode.from(first)).collect();
            let assessments = found
                .into_iter()
                .map(|(after, verdict)| Assessment { on: first + Days::new(after), verdict })
                .collect();
            Circumstances { birth_date, benefits, assessments, episodes }
        },
    )
}

/// An episode by its kind, hours, and the days between what is told of it: applied, enrolled, started, ended.
#[derive(Debug, Clone)]
struct Told {
    kind: EpisodeKind,
    hours: u8,
    begins: u64,
    days: [Option<u64>; 4],
    completed: bool,
}

fn episode() -> impl Strategy<Value = Told> {
    let days = [(); 4].map(|()| option::weighted(0.6, 0..2000_u64));
    let kind = prop::sample::select(EpisodeKind::VARIANTS.to_vec());
    let hours = prop::sample::select(vec![0_u8, 17, 18, 37]);
    // From 14 on, for it is told of 15-17-year-olds.
    (kind, hours, 0..900_u64, days, any::<bool>())
        .prop_map(|(kind, hours, begins, days, completed)| Told {
            kind,
            hours,
            begins,
            days,
            completed,
        })
        .prop_filter("the days of a course", |told| told.days(NaiveDate::MIN).course().is_ok())
}

impl Told {
    fn days(&self, first: NaiveDate) -> EpisodeDays {
        let mut after = self.begins;
        let [applied_on, enrolled_on, started_on, ended_on] = self.days.map(|days| {
            after += days? / 6;
            Some(first + Days::new(after))
        });
        let (completed_on, dropped_out_on) =
            if self.completed { (ended_on, None) } else { (None, ended_on) };
        EpisodeDays { applied_on, enrolled_on, started_on, completed_on, dropped_out_on }
    }

    fn from(&self, first: NaiveDate) -> Episode {
        let text = || "x".to_owned();
        let hours_per_week = WeeklyHours::parse(&self.hours.to_string()).unwrap();
        Episode {
            id: EpisodeId(Uuid::now_v7()),
            pursuit: match self.kind {
                EpisodeKind::Education => Pursuit::Education { name: text(), place: text() },
                EpisodeKind::School => Pursuit::School { grade: 9, place: text() },
                EpisodeKind::Apprenticeship => {
                    Pursuit::Apprenticeship { name: text(), place: text(), hours_per_week }
                }
                EpisodeKind::Job => Pursuit::Job { place: text(), hours_per_week },
                EpisodeKind::SpareTimeJob => {
                    Pursuit::SpareTimeJob { place: text(), hours_per_week }
                }
            },
            course: self.days(first).course().unwrap(),
            source: Source::Register,
            version: 1,
        }
    }
}

/// The same, for one who runs no triggers: also what the law does not know is there.
fn written(they: &Circumstances) -> String {
    let mut sql = format!(
        "DELETE FROM benefit_episode; DELETE FROM readiness; DELETE FROM education_and_work;
         UPDATE young_person SET birth_date = '{}' WHERE id = #100;",
        they.birth_date
    );
    for benefit in &they.benefits {
        let kind: &str = benefit.kind.into();
        let to = benefit.to.map_or("NULL".to_owned(), |to| format!("'{to}'"));
        let (programme, from) = (benefit.in_integration_programme, benefit.from);
        let _ = write!(
            sql,
            "INSERT INTO benefit_episode (id, young_person_id, writing_unit_id, kind, leads, in_integration_programme,
                 from_day, to_day, recorded_at)
             VALUES ('{}', #100, #2, '{kind}', true, {programme}, '{from}', {to}, '{NOW}');",
            benefit.id
        );
    }
    for (number, assessment) in they.assessments.iter().enumerate() {
        let (track, verdict): (&str, &str) = match assessment.verdict {
            Verdict::Category { category } => ("benefit", category.into()),
            Verdict::Education { education, ready } => {
                (education.into(), if ready { "ready" } else { "not-ready" })
            }
        };
        let _ = write!(
            sql,
            "INSERT INTO readiness (id, young_person_id, writing_unit_id, track, verdict, assessed_on, assessor_id, recorded_at)
             VALUES (gen_random_uuid(), #100, #2, '{track}', '{verdict}', '{}', #11,
                 timestamptz '{NOW}' + interval '{number} seconds');",
            assessment.on
        );
    }
    for episode in &they.episodes {
        let kind: &str = episode.pursuit.kind().into();
        let state: &str = episode.course.state().into();
        let days = episode.course.days().in_order().map(day_or_null).join(", ");
        let (name, grade, hours) = match &episode.pursuit {
            Pursuit::Education { .. } => ("'x'", "NULL", None),
            Pursuit::School { .. } => ("NULL", "9", None),
            Pursuit::Apprenticeship { hours_per_week, .. } => ("'x'", "NULL", Some(hours_per_week)),
            Pursuit::Job { hours_per_week, .. } | Pursuit::SpareTimeJob { hours_per_week, .. } => {
                ("NULL", "NULL", Some(hours_per_week))
            }
        };
        let minutes = hours.map_or("NULL".to_owned(), |hours| hours.minutes().to_string());
        let _ = write!(
            sql,
            "INSERT INTO education_and_work (id, young_person_id, writing_unit_id, kind, name, place, grade,
                 weekly_minutes, state, applied_on, enrolled_on, started_on, ended_on, source, recorded_at)
             VALUES ('{}', #100, #2, '{kind}', {name}, 'x', {grade}, {minutes}, '{state}', {days}, 'register', '{NOW}');",
            episode.id
        );
    }
    sql
}

fn day_or_null(day: Option<NaiveDate>) -> String {
    day.map_or("NULL".to_owned(), |day| format!("'{day}'"))
}

#[test]
fn tg_03_the_database_derives_the_group_of_every_day_as_the_domain_does() {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (database, admin, app) = runtime.block_on(async {
        let database = town().await;
        let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
        (database, admin, app)
    });
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(60) });
    let held = runner.run(&history(), |they| {
        runtime.block_on(async {
            admin.load(&written(&they)).await;
            // Each day on which something changes, the one before, and each birthday's.
            let mut days: Vec<NaiveDate> =
                (13..=31).map(|age| birthday(they.birth_date, age)).collect();
            days.extend(they.benefits.iter().map(|benefit| benefit.from));
            days.extend(they.benefits.iter().filter_map(|benefit| benefit.to?.succ_opt()));
            days.extend(they.assessments.iter().map(|assessment| assessment.on));
            let told = they.episodes.iter().map(|episode| episode.course.days().in_order());
            days.extend(told.flat_map(|days| days.into_iter().flatten()));
            let before: Vec<NaiveDate> = days.iter().filter_map(NaiveDate::pred_opt).collect();
            days.extend(before);
            let list: Vec<String> = days.iter().map(|day| format!("'{day}'::date")).collect();
            app.begin(id(1011), NOW).await;
            let told = app
                .column(&format!(
                    "SELECT target_group_on(#100, day) FROM unnest(ARRAY[{}]) WITH ORDINALITY d (day, nth) ORDER BY nth",
                    list.join(",")
                ))
                .await;
            app.rollback().await;
            let expected: Vec<String> = days
                .iter()
                .map(|day| they.group_on(*day).map_or(String::new(), |group| group.to_string()))
                .collect();
            prop_assert_eq!(told, expected, "on {:?}", days);
            // PL-8: the task is about the first leaving until the 30th birthday that there is.
            let leaving = they.leavings(birthday(they.birth_date, 30)).first().copied();
            let told = admin.value("SELECT next_leaving(#100)").await;
            prop_assert_eq!(told, leaving.map_or(String::new(), |day| day.to_string()));
            Ok(())
        })
    });
    runtime.block_on(async { drop(database) });
    held.unwrap();
}

fn benefit(number: u64, kind: &str, leads: bool, days: (&str, &str)) -> String {
    let (from, to) = days;
    format!(
        "INSERT INTO benefit_episode (id, young_person_id, writing_unit_id, kind, leads, in_integration_programme,
             from_day, to_day, recorded_at)
         VALUES (#{number}, #100, #2, '{kind}', {leads}, false, '{from}', {to}, '{NOW}');"
    )
}

fn category(on: &str, category: &str) -> String {
    format!(
        "INSERT INTO readiness (id, young_person_id, writing_unit_id, track, verdict, assessed_on, assessor_id, recorded_at)
         VALUES (gen_random_uuid(), #100, #2, 'benefit', '{category}', '{on}', #11, '{NOW}');"
    )
}

/// Refused at a SQL prompt by this rule, and by it alone: without what keeps it the statement passes.
async fn must_hold(code: &str, given: &str, breaks: &str, without: &str) {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(given).await;
    assert_eq!(worker.refusal(breaks).await.as_deref(), Some(code), "{breaks}");
    Prompt::of_admin(&database).await.run(without).await;
    assert_eq!(worker.refusal(breaks).await, None, "{breaks} without what keeps {code}");
}

#[tokio::test]
async fn tg_02_two_never_lead_at_once() {
    must_hold(
        "benefit.overlap",
        &benefit(900, "fleksjob", true, ("2026-01-01", "'2026-03-01'")),
        &benefit(901, "rehabilitent", true, ("2026-03-01", "NULL")),
        "ALTER TABLE benefit_episode DROP CONSTRAINT \"benefit.overlap\"",
    )
    .await;
}

#[tokio::test]
async fn tg_02_one_leads_on_every_day_with_benefits() {
    let led = benefit(900, "fleksjob", true, ("2026-01-01", "'2026-03-01'"));
    for breaks in [
        benefit(901, "rehabilitent", false, ("2026-03-01", "'2026-03-02'")),
        benefit(901, "rehabilitent", false, ("2026-02-01", "NULL")),
        benefit(901, "rehabilitent", false, ("2025-12-31", "'2026-01-01'")),
        "UPDATE benefit_episode SET leads = false".to_owned(),
    ] {
        must_hold(
            "benefit.leading-missing",
            &led,
            &breaks,
            "DROP TRIGGER benefits_are_led ON benefit_episode",
        )
        .await;
    }
    // Two that follow one another lead together.
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let next = benefit(902, "sygedagpenge", true, ("2026-03-02", "NULL"));
    let beside = benefit(901, "rehabilitent", false, ("2026-01-01", "NULL"));
    worker.run(&format!("{beside} {led} {next}")).await;
}

#[tokio::test]
async fn tg_01_what_the_law_does_not_know_is_refused_whichever_comes_last() {
    let had = benefit(900, "uddannelseshjaelp", true, ("2026-01-01", "'2026-03-01'"));
    for on in ["2025-01-01", "2026-03-01"] {
        let found = category(on, "jobparat");
        for (given, breaks, table, trigger) in [
            (&had, &found, "readiness", "readiness_has_a_target_group"),
            (&found, &had, "benefit_episode", "benefit_has_a_target_group"),
        ] {
            let without = format!("DROP TRIGGER {trigger} ON {table}");
            must_hold("target-group.not-defined", given, breaks, &without).await;
        }
    }
    // Nor by a change of what is there; and a category that holds on other days is no matter.
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    let later = category("2026-03-02", "jobparat");
    worker.run(&format!("{had} {later}")).await;
    let prolonged = "UPDATE benefit_episode SET to_day = '2026-03-02'";
    assert_eq!(worker.refusal(prolonged).await.as_deref(), Some("target-group.not-defined"));
}

#[tokio::test]
async fn tg_01_a_snapshot_of_before_is_not_decided_in() {
    let database = town().await;
    let (one, other) = (Prompt::of_worker(&database).await, Prompt::of_worker(&database).await);
    one.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM young_person").await;
    other.run(&category("2026-01-01", "jobparat")).await;
    let had = benefit(900, "uddannelseshjaelp", true, ("2026-01-01", "NULL"));
    assert_eq!(one.refusal(&had).await.as_deref(), Some("40001"));
}

#[tokio::test]
async fn tg_04_no_role_overwrites_an_assessment_or_a_state() {
    let database = town().await;
    for prompt in [Prompt::of_app(&database).await, Prompt::of_worker(&database).await] {
        for change in
            ["UPDATE readiness SET verdict = 'ready'", "UPDATE follow_up SET state = 'plan'"]
        {
            assert_eq!(prompt.refusal(change).await.as_deref(), Some("42501"), "{change}");
        }
    }
}

fn state(number: u64, kind: &str, left_on: &str, taken_on: &str) -> String {
    format!(
        "INSERT INTO follow_up (id, young_person_id, writing_unit_id, kind, left_on, state, source, taken_on, recorded_at)
         VALUES (#{number}, #100, #2, '{kind}', '{left_on}', 'public-support', 'asked', '{taken_on}', '{NOW}');"
    )
}

#[tokio::test]
async fn pl_08_a_state_is_taken_of_what_was_left_when_it_is_due_and_once() {
    // Born on 29 February 2008, of age from 29 February 2026 on, that is from 1 March.
    let had = benefit(900, "rehabilitent", true, ("2026-03-01", "'2026-05-19'"));
    let closed = "UPDATE plan SET state = 'closed', closed_at = '2026-04-30 22:00:00+00', outcome = 'education';";
    let given = format!("{had} {closed}");
    for (kind, left_on) in [("target-group", "2026-05-21"), ("plan", "2026-04-30")] {
        must_hold(
            "follow-up.not-left",
            &given,
            &state(910, kind, left_on, "2026-11-22"),
            "DROP TRIGGER follow_up_was_left ON follow_up",
        )
        .await;
    }
    must_hold(
        "follow-up.too-early",
        &given,
        &state(910, "plan", "2026-05-01", "2026-10-31"),
        "ALTER TABLE follow_up DROP CONSTRAINT \"follow-up.too-early\"",
    )
    .await;
    must_hold(
        "follow-up.already-taken",
        &format!("{given} {}", state(910, "target-group", "2026-05-20", "2026-11-20")),
        &state(911, "target-group", "2026-05-20", "2026-11-20"),
        "ALTER TABLE follow_up DROP CONSTRAINT \"follow-up.already-taken\"",
    )
    .await;
}

/// A group tells of benefits, and so does that one was left: whoever writes it, and whatever they say.
#[tokio::test]
async fn pl_08_a_state_is_seen_as_what_was_left() {
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&benefit(900, "rehabilitent", true, ("2026-03-01", "'2026-05-19'"))).await;
    worker.run("UPDATE plan SET state = 'closed', closed_at = '2026-04-30 10:00:00+00', outcome = 'education'").await;
    worker.run(&state(910, "target-group", "2026-05-20", "2026-11-20")).await;
    worker.run(&state(911, "plan", "2026-04-30", "2026-11-20")).await;
    let areas = worker.column("SELECT information_area FROM follow_up ORDER BY id").await;
    assert_eq!(areas, ["4", "2"]);
}

/// TG-2: a benefit that is moved to somebody else leaves no day of the first without one that leads.
#[tokio::test]
async fn tg_02_what_is_moved_leaves_one_that_leads() {
    let leads = benefit(900, "rehabilitent", true, ("2026-03-01", "NULL"));
    let beside = benefit(901, "fleksjob", false, ("2026-03-01", "NULL"));
    must_hold(
        "benefit.leading-missing",
        &format!(
            "{leads} {beside}
             INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                VALUES (#101, #2, 'Bo', 'Lund', '2005-01-01', '2026-11-01');"
        ),
        "UPDATE benefit_episode SET young_person_id = #101 WHERE id = #900",
        "DROP TRIGGER benefits_are_led ON benefit_episode",
    )
    .await;
}
