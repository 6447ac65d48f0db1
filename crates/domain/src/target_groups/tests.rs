use super::follow_ups::{
    FollowUpRefusal, Left, StateAfter, StateSource, TakenState, Taking, due_on, follow_ups, take,
};
use super::sanctions::{Sanction, SanctionKind, SanctionRefusal, SanctionSource};
use super::*;
use crate::courses::WeeklyHours;
use crate::education_and_work::{EpisodeDays, EpisodeKind, Pursuit, Source};
use crate::ids::EpisodeId;
use crate::residence::{Move, Place};
use chrono::Days;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The dossier's table, of 18-29-year-olds: without a category, åbenlyst uddannelsesparat, uddannelsesparat,
/// aktivitetsparat, jobparat. `-` is no group, `x` what the law does not know.
const TABLE: [(&str, bool, [&str; 5]); 13] = [
    ("a-dagpenge", false, ["1", "1", "1", "1", "1"]),
    ("sygedagpenge", false, ["1", "1", "1", "1", "1"]),
    ("kontanthjaelp", false, ["-", "x", "x", "3", "1"]),
    ("kontanthjaelp", true, ["-", "x", "x", "3", "1"]),
    ("uddannelseshjaelp", false, ["-", "1", "2", "3", "x"]),
    ("integrationsydelse", false, ["-", "1", "2", "3", "1"]),
    ("integrationsydelse", true, ["-", "x", "x", "3", "1"]),
    ("ressourceforloeb", false, ["3", "3", "3", "3", "3"]),
    ("jobafklaringsforloeb", false, ["3", "3", "3", "3", "3"]),
    ("rehabilitent", false, ["3", "3", "3", "3", "3"]),
    ("fleksjob", false, ["4", "4", "4", "4", "4"]),
    ("ledighedsydelse", false, ["4", "4", "4", "4", "4"]),
    ("foertidspension", false, ["4", "4", "4", "4", "4"]),
];
const CATEGORIES: [Option<&str>; 5] = [
    None,
    Some("aabenlyst-uddannelsesparat"),
    Some("uddannelsesparat"),
    Some("aktivitetsparat"),
    Some("jobparat"),
];

fn benefit(number: u128, kind: BenefitKind, from: &str, to: Option<&str>) -> Benefit {
    Benefit {
        id: BenefitId(Uuid::from_u128(number)),
        kind,
        leading: true,
        in_integration_programme: false,
        from: day(from),
        to: to.map(day),
        version: 1,
    }
}

fn category(on: &str, category: Category) -> Assessment {
    Assessment { on: day(on), verdict: Verdict::Category { category } }
}

fn education(on: &str, education: YouthEducation, ready: bool) -> Assessment {
    Assessment { on: day(on), verdict: Verdict::Education { education, ready } }
}

fn of(born: &str, benefits: &[Benefit], assessments: &[Assessment]) -> Circumstances {
    Circumstances {
        birth_date: day(born),
        benefits: benefits.to_vec(),
        assessments: assessments.to_vec(),
        episodes: vec![],
    }
}

#[test]
fn tg_01_every_age_benefit_programme_and_category_is_as_the_dossier_says() {
    let born = day("2000-02-29");
    assert_eq!(
        TABLE.map(|row| row.0).iter().collect::<BTreeSet<_>>().len(),
        BenefitKind::VARIANTS.len()
    );
    for age in 13..=30 {
        let birthday = birthday(born, age);
        let last_before = birthday.checked_sub_days(Days::new(1)).unwrap();
        for (on, of_age) in [(last_before, (19..=30)), (birthday, (18..=29))] {
            let is_grown_up = of_age.contains(&age);
            assert_eq!(of("2000-02-29", &[], &[]).group_on(on), None, "no benefit on {on}");
            for (kind, in_integration_programme, groups) in TABLE {
                for (name, group) in CATEGORIES.iter().zip(groups) {
                    let had = Benefit {
                        in_integration_programme,
                        ..benefit(1, kind.parse().unwrap(), "2013-01-01", None)
                    };
                    let found: Vec<Assessment> = name
                        .map(|name| category("2013-01-01", name.parse().unwrap()))
                        .into_iter()
                        .collect();
                    let expected = group.parse().ok().filter(|_| is_grown_up);
                    let told = of("2000-02-29", &[had], &found).group_on(on);
                    assert_eq!(told, expected, "{kind} {in_integration_programme} {name:?} {on}");
                    let written = of("2000-02-29", &[], &found).record(had);
                    assert_eq!(written.is_err(), group == "x", "{kind} with {name:?} is written");
                    for first in &found {
                        let assessed = of("2000-02-29", &[had], &[]).assess(first);
                        assert_eq!(assessed.is_err(), group == "x", "{name:?} with {kind}");
                    }
                }
            }
        }
    }
}

#[test]
fn tg_01_from_15_to_17_those_who_are_ready_for_nothing_are_in_group_0() {
    use YouthEducation::{Eud, Gymnasium, Hf};
    let none: [Assessment; 0] = [];
    let not_gymnasium = education("2020-01-01", Gymnasium, false);
    for (found, group) in [
        (none.as_slice(), None),
        (&[not_gymnasium], Some(0)),
        (&[not_gymnasium, education("2020-01-02", Eud, false)], Some(0)),
        (&[not_gymnasium, education("2020-01-02", Hf, true)], None),
        (&[not_gymnasium, education("2020-01-02", Gymnasium, true)], None),
        (&[education("2020-01-02", Gymnasium, true), not_gymnasium], None),
        (&[category("2020-01-01", Category::Aktivitetsparat)], None),
    ] {
        let they = of("2004-06-15", &[], found);
        for (on, of_age) in [
            ("2020-06-14", true),
            ("2022-06-14", true),
            ("2022-06-15", false),
            ("2019-06-14", false),
        ] {
            assert_eq!(they.group_on(day(on)), group.filter(|_| of_age), "{found:?} on {on}");
        }
    }
}

#[test]
fn tg_03_each_past_day_has_the_group_that_followed_then() {
    let they = of(
        "2000-06-15",
        &[
            benefit(1, BenefitKind::Uddannelseshjaelp, "2018-06-01", Some("2019-03-31")),
            benefit(2, BenefitKind::Sygedagpenge, "2019-04-01", Some("2019-12-31")),
        ],
        &[
            education("2015-01-01", YouthEducation::Eud, false),
            category("2018-09-01", Category::Aktivitetsparat),
            category("2019-01-01", Category::Uddannelsesparat),
        ],
    );
    let told: Vec<(String, Option<i32>)> = they
        .history(day("2021-01-01"))
        .into_iter()
        .map(|step| (step.from.to_string(), step.group))
        .collect();
    let expected = [
        ("2015-06-15", Some(0)),
        ("2018-06-15", None),
        ("2018-09-01", Some(3)),
        ("2019-01-01", Some(2)),
        ("2019-04-01", Some(1)),
        ("2020-01-01", None),
    ];
    assert_eq!(told, expected.map(|(from, group)| (from.to_owned(), group)));
    assert_eq!(they.history(day("2018-12-31")).len(), 3, "up to the day that was asked for");
    assert_eq!(they.history(day("2015-06-14")), []);
}

#[test]
fn tg_02_exactly_one_leads_on_each_day_with_benefits() {
    let kind = BenefitKind::Sygedagpenge;
    let they = of("2000-06-15", &[benefit(1, kind, "2019-01-01", Some("2019-06-30"))], &[]);
    let beside = |from, to| Benefit { leading: false, ..benefit(2, kind, from, to) };
    let on = day("2019-06-30");
    assert_eq!(
        they.record(benefit(2, kind, "2019-06-30", None)),
        Err(TargetGroupRefusal::Overlap { on })
    );
    assert!(they.record(benefit(2, kind, "2019-07-01", None)).is_ok());
    assert!(they.record(benefit(2, kind, "2018-01-01", Some("2018-12-31"))).is_ok());
    assert!(they.record(beside("2019-01-01", Some("2019-06-30"))).is_ok());
    let on = day("2019-07-01");
    assert_eq!(
        they.record(beside("2019-02-01", None)),
        Err(TargetGroupRefusal::LeadingMissing { on })
    );
    let both =
        of("2000-06-15", &[benefit(1, kind, "2019-01-01", None), beside("2019-02-01", None)], &[]);
    let on = day("2019-03-02");
    assert_eq!(
        both.end(both.benefits[0], day("2019-03-01")),
        Err(TargetGroupRefusal::LeadingMissing { on })
    );
    assert!(both.end(both.benefits[1], day("2019-03-01")).is_ok());
}

#[test]
fn tg_02_a_benefit_ends_on_one_of_its_days() {
    let had = benefit(1, BenefitKind::Fleksjob, "2019-01-01", Some("2019-06-30"));
    let they = of("2000-06-15", &[had], &[]);
    for outside in ["2018-12-31", "2019-07-01"] {
        let refused = TargetGroupRefusal::DayOutOfRange { from: had.from, to: had.to };
        assert_eq!(they.end(had, day(outside)), Err(refused));
    }
    let ended = Benefit { to: Some(day("2019-01-01")), version: 2, ..had };
    assert_eq!(they.end(had, day("2019-01-01")), Ok(BenefitEvent::Ended(ended)));
    assert_eq!(they.lead(had, had.from, || had.id), Err(TargetGroupRefusal::LeadsAlready {}));
}

fn group(kind: usize) -> BenefitKind {
    BenefitKind::VARIANTS[kind]
}

/// Leading benefits one after the other, and one beside them that begins and ends among their days.
fn led() -> impl Strategy<Value = (Circumstances, Benefit, NaiveDate)> {
    let first = day("2019-01-01");
    let spans = proptest::collection::vec((0..11_usize, 1..40_u64), 1..5);
    (spans, any::<bool>(), 0..200_u64, 0..200_u64, 0..200_u64, any::<bool>()).prop_map(
        move |(spans, goes_on, begins, ends, leads, beside_goes_on)| {
            let (mut from, mut benefits) = (first, Vec::new());
            let many = spans.len();
            for (number, (kind, days)) in (1..).zip(spans) {
                let to = (number < many || !goes_on).then_some(from + Days::new(days - 1));
                let id = BenefitId(Uuid::now_v7());
                let template = benefit(0, group(kind), "2019-01-01", None);
                benefits.push(Benefit { id, from, to, ..template });
                from = from + Days::new(days);
            }
            let length = (from - first).num_days().unsigned_abs();
            let begins = begins % length;
            let last = benefits.last().unwrap().to;
            let to = match last {
                None if beside_goes_on => None,
                _ => Some(first + Days::new(begins + ends % (length - begins))),
            };
            let beside = Benefit {
                leading: false,
                from: first + Days::new(begins),
                to,
                ..benefit(1, BenefitKind::Rehabilitent, "2019-01-01", None)
            };
            benefits.push(beside);
            let until = to.unwrap_or(from);
            let span = (until - beside.from).num_days().unsigned_abs() + 1;
            let leads = beside.from + Days::new(leads % span);
            let they = Circumstances { benefits, ..of("1995-01-01", &[], &[]) };
            (they, beside, leads)
        },
    )
}

proptest! {
    /// From the day on the other one leads to its end, nothing had is lost, and before and after it is as it was.
    #[test]
    fn tg_02_the_lead_passes_and_nothing_is_lost((they, beside, from) in led()) {
        let mut next = 100;
        let event = they.lead(beside, from, || { next += 1; BenefitId(Uuid::from_u128(next)) }).unwrap();
        let mut after = they.clone();
        after.benefits.retain(|old| event.benefits().iter().all(|new| new.id != old.id));
        after.benefits.extend_from_slice(event.benefits());
        let mut on = day("2018-12-25");
        while on < day("2019-08-01") {
            let kinds = |of: &Circumstances| {
                let had = of.benefits.iter().filter(|benefit| benefit.is_had_on(on));
                let mut kinds: Vec<&str> = had.map(|benefit| benefit.kind.into()).collect();
                kinds.sort_unstable();
                kinds
            };
            prop_assert_eq!(kinds(&they), kinds(&after), "what is had on {}", on);
            let expected = if on >= from && beside.is_had_on(on) {
                Some(beside.kind)
            } else {
                they.leading_on(on).map(|benefit| benefit.kind)
            };
            let leading = after.benefits.iter().filter(|benefit| benefit.leading && benefit.is_had_on(on));
            let leading: Vec<BenefitKind> = leading.map(|benefit| benefit.kind).collect();
            prop_assert_eq!(leading, expected.into_iter().collect::<Vec<_>>(), "what leads on {}", on);
            on = on.succ_opt().unwrap();
        }
        for stored in event.benefits() {
            let known = they.benefits.iter().find(|old| old.id == stored.id);
            prop_assert_eq!(stored.version, known.map_or(1, |old| old.version + 1));
        }
    }
}

#[test]
fn pl_08_six_months_after_each_leaving_of_groups_1_to_3() {
    let they = of(
        "2000-06-15",
        &[
            benefit(1, BenefitKind::Sygedagpenge, "2019-01-01", Some("2019-03-31")),
            benefit(2, BenefitKind::Rehabilitent, "2019-04-01", Some("2019-08-30")),
            benefit(3, BenefitKind::Fleksjob, "2020-01-01", Some("2020-02-01")),
            benefit(4, BenefitKind::ADagpenge, "2029-01-01", None),
        ],
        &[education("2015-06-15", YouthEducation::Hf, false)],
    );
    let left = ["2019-04-01", "2019-08-31", "2030-06-15"].map(day);
    assert_eq!(they.leavings(day("2040-01-01")), left);
    assert_eq!(they.leavings(day("2019-08-31")), left[..2]);
    assert_eq!(they.leavings(day("2019-08-30")), left[..1]);
    assert_eq!(due_on(day("2019-08-31")), day("2020-02-29"));
    assert_eq!(due_on(day("2019-04-01")), day("2019-10-01"));
}

#[test]
fn pl_08_a_state_is_taken_of_what_was_left_when_it_is_due_and_once() {
    let taking = |of, left_on, taken_on| Taking {
        of,
        left_on: day(left_on),
        state: Some(StateAfter::PublicSupport),
        taken_on: day(taken_on),
    };
    let taken = |of, left_on, taken_on| TakenState {
        of,
        left_on: day(left_on),
        state: StateAfter::PublicSupport,
        source: StateSource::Asked,
        taken_on: day(taken_on),
    };
    let first = taken(Left::Plan, "2019-04-01", "2019-10-01");
    let undone = taken(Left::TargetGroup, "2018-01-01", "2018-07-01");
    let left = [day("2019-04-01"), day("2019-04-01")];
    let known = follow_ups(&left[..1], &left, &[first, undone], |_| None);
    assert_eq!(known.len(), 3, "each once, and what a correction undid: {known:?}");
    assert_eq!(
        take(&known, &taking(Left::Plan, "2019-04-01", "2019-10-01")),
        Err(FollowUpRefusal::AlreadyTaken {})
    );
    assert_eq!(
        take(&known, &taking(Left::Plan, "2019-04-02", "2026-01-01")),
        Err(FollowUpRefusal::NotLeft {})
    );
    let early = taking(Left::TargetGroup, "2019-04-01", "2019-09-30");
    let due_on = day("2019-10-01");
    assert_eq!(take(&known, &early), Err(FollowUpRefusal::TooEarly { due_on }));
    let now = taking(Left::TargetGroup, "2019-04-01", "2019-10-01");
    let asked = taken(Left::TargetGroup, "2019-04-01", "2019-10-01");
    assert_eq!(take(&known, &now), Ok(asked));

    // Where nothing is asked, the history tells of the very day on which it is due, or it is to be asked.
    let unasked = Taking { state: None, ..now };
    assert_eq!(take(&known, &unasked), Err(FollowUpRefusal::NotTold {}));
    let told = |on: NaiveDate| (on == due_on).then_some(StateAfter::EducationOrWork);
    let known = follow_ups(&left[..1], &[], &[], told);
    let (state, source) = (StateAfter::EducationOrWork, StateSource::Episodes);
    assert_eq!(take(&known, &unasked), Ok(TakenState { state, source, ..asked }));
    assert_eq!(take(&known, &now), Ok(asked), "what was asked for counts");
}

/// What is told of one day: started on an education, dropped out of it again, on a benefit, moved abroad.
#[test]
fn pl_08_the_state_is_told_where_exactly_one_thing_tells_it() {
    let due = day("2026-06-01");
    for (works, is_supported, has_left, state) in [
        (false, false, false, None),
        (true, false, false, Some(StateAfter::EducationOrWork)),
        (false, true, false, Some(StateAfter::PublicSupport)),
        (false, false, true, Some(StateAfter::SelfSupportingOrLeft)),
        (true, true, false, None),
        (true, false, true, None),
        (false, true, true, None),
        (true, true, true, None),
    ] {
        let mut they = of("2000-01-01", &[], &[]);
        let ended = (!works).then_some("2026-06-01");
        they.episodes =
            vec![episode(EpisodeKind::Job, 37, [None, None, Some("2026-06-01"), ended])];
        // The last day of a benefit counts, the day after it does not.
        let last = if is_supported { "2026-06-01" } else { "2026-05-31" };
        they.benefits = vec![benefit(1, BenefitKind::Sygedagpenge, "2026-01-01", Some(last))];
        let moves = [("2026-01-01", "0740"), ("2026-06-01", "NO")].map(|(from, code)| Move {
            from: day(from),
            to: match code {
                "NO" if has_left => Place::Abroad { country_code: code.to_owned() },
                code => Place::Municipality { municipality_code: code.to_owned() },
            },
            source: Source::Register,
        });
        assert_eq!(they.state_on(&moves, due), state, "{works} {is_supported} {has_left}");
    }
}

/// An episode with its days: applied, enrolled, started, dropped out.
fn episode(kind: EpisodeKind, hours: u8, days: [Option<&str>; 4]) -> Episode {
    let place = "Skolen".to_owned();
    let hours_per_week = WeeklyHours::parse(&hours.to_string()).unwrap();
    let [applied_on, enrolled_on, started_on, dropped_out_on] = days.map(|on| on.map(day));
    let days =
        EpisodeDays { applied_on, enrolled_on, started_on, dropped_out_on, completed_on: None };
    Episode {
        id: EpisodeId(Uuid::from_u128(1)),
        pursuit: match kind {
            EpisodeKind::Education => Pursuit::Education { name: "EUD".to_owned(), place },
            EpisodeKind::School => Pursuit::School { grade: 9, place },
            EpisodeKind::Apprenticeship => {
                Pursuit::Apprenticeship { name: "Tømrer".to_owned(), place, hours_per_week }
            }
            EpisodeKind::Job => Pursuit::Job { place, hours_per_week },
            EpisodeKind::SpareTimeJob => Pursuit::SpareTimeJob { place, hours_per_week },
        },
        course: days.course().unwrap(),
        source: Source::YoungPerson,
        version: 1,
    }
}

#[test]
fn tg_01_from_15_to_17_neither_in_education_nor_in_work_is_group_0_where_it_is_known() {
    use EpisodeKind::{Apprenticeship, Education, Job, School, SpareTimeJob};
    let applied = [Some("2020-01-01"), None, None, None];
    let enrolled = [Some("2020-01-01"), Some("2020-02-01"), None, None];
    let started = [None, None, Some("2020-02-01"), None];
    let ended = [None, Some("2020-01-01"), Some("2020-02-01"), Some("2020-03-01")];
    for (kind, hours, days, on, group) in [
        (School, 0, started, "2020-01-31", None),
        (School, 0, started, "2020-02-01", None),
        (Education, 0, applied, "2019-12-31", None),
        (Education, 0, applied, "2020-01-01", Some(0)),
        (Education, 0, enrolled, "2020-01-31", Some(0)),
        (Education, 0, enrolled, "2020-02-01", None),
        (Education, 0, ended, "2020-01-01", None),
        (Education, 0, ended, "2020-02-29", None),
        (Education, 0, ended, "2020-03-01", Some(0)),
        (Apprenticeship, 1, started, "2020-02-01", None),
        (Job, 18, started, "2020-02-01", None),
        (Job, 17, started, "2020-02-01", Some(0)),
        (Job, 18, enrolled, "2020-02-01", None),
        (SpareTimeJob, 37, started, "2020-02-01", Some(0)),
    ] {
        // 15 on the first of these days.
        let mut they = of("2004-12-31", &[], &[]);
        they.episodes = vec![episode(kind, hours, days)];
        assert_eq!(they.group_on(day(on)), group, "{kind:?} {hours} {days:?} on {on}");
        for birth in ["2005-12-31", "2000-01-01"] {
            they.birth_date = day(birth);
            assert_eq!(they.group_on(day(on)), None, "14, or 18 and older, on {on}");
        }
    }
    // One who is in school beside what does not count is not at risk; one who is found ready may be.
    let mut they = of("2004-12-31", &[], &[education("2020-01-01", YouthEducation::Hf, true)]);
    they.episodes = vec![episode(SpareTimeJob, 8, started)];
    assert_eq!(they.group_on(day("2020-02-01")), Some(0));
    they.episodes.push(episode(School, 0, ended));
    let steps: Vec<(String, Option<i32>)> = they
        .history(day("2020-12-31"))
        .iter()
        .map(|step| (step.from.to_string(), step.group))
        .collect();
    assert_eq!(steps, [("2020-03-01".to_owned(), Some(0))], "it turns on the days of episodes");
}

#[test]
fn tg_05_a_sanction_lies_within_its_benefit() {
    let had = benefit(1, BenefitKind::Kontanthjaelp, "2026-01-01", Some("2026-03-31"));
    let sanction = |on: &str| Sanction {
        benefit_id: had.id,
        kind: SanctionKind::Punktsanktion,
        on: day(on),
        ground: "Udeblev.".to_owned(),
        source: SanctionSource::Recorded,
    };
    for (on, is_within) in
        [("2025-12-31", false), ("2026-01-01", true), ("2026-03-31", true), ("2026-04-01", false)]
    {
        let refused = SanctionRefusal::DayOutOfRange { from: had.from, to: had.to };
        let expected = if is_within { Ok(()) } else { Err(refused) };
        assert_eq!(sanction(on).ensure_within(&had), expected, "{on}");
    }
}
