use super::*;
use crate::ids::{InterventionId, PlanId, UnitId, YoungPersonId};
use crate::interventions::{EndReason, InterventionState, Priority};
use chrono::Datelike as _;
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

/// A Monday.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();

fn day(n: u64) -> NaiveDate {
    FIRST + chrono::Days::new(n)
}

fn session(weekday: Weekday, from: &str, to: &str) -> Session {
    Session { weekday, from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn company() -> Company {
    let supervisor = Supervisor { name: "Karen".to_owned(), telephone: None };
    Company { cvr: Cvr::parse("10150817").unwrap(), name: "Savværket".to_owned(), supervisor }
}

fn intervention(state: InterventionState) -> Intervention {
    Intervention {
        id: InterventionId(Uuid::from_u128(1)),
        plan: PlanId(Uuid::from_u128(2)),
        young_person: YoungPersonId(Uuid::from_u128(3)),
        provider: UnitId(Uuid::from_u128(4)),
        catalogue_code: None,
        carried_on_by: None,
        planned_start: FIRST,
        planned_end: None,
        reason: None,
        state,
        acceptance: None,
        priority: Priority::default(),
        version: 1,
    }
}

#[test]
fn iv_08_a_cvr_number_has_eight_digits_and_divides_by_eleven() {
    for number in ["10150817", "24256790", "29189846", "25313763"] {
        assert_eq!(Cvr::parse(number).unwrap().to_string(), number);
    }
    for number in [
        "",
        "1015081",
        "101508170",
        "10150818",
        "10150871",
        "00000000",
        "1015081a",
        "10 15 08 17",
        "10150817 ",
        "-0150817",
        "١٠١٥٠٨١٧",
    ] {
        assert_eq!(Cvr::parse(number), Err(NotACvr), "{number}");
    }
}

proptest! {
    /// The weights are found without the sum: one digit changed is always noticed where its weight times
    /// the change is no multiple of eleven, which no weight and change below eleven is.
    #[test]
    fn iv_08_one_wrong_digit_is_always_found(start in 1_000_000_u32..9_999_999, place in 0..8_usize, add in 1..10_u32) {
        let with_check = (0..10).map(|last| format!("{start}{last}")).find(|text| Cvr::parse(text).is_ok());
        if let Some(right) = with_check {
            let wrong: String = right.chars().enumerate().map(|(at, digit)| {
                let digit = digit.to_digit(10).unwrap();
                char::from_digit(if at == place { (digit + add) % 10 } else { digit }, 10).unwrap()
            }).collect();
            prop_assert!(Cvr::parse(&wrong).is_err(), "{} {}", right, wrong);
        }
    }
}

#[test]
fn iv_08_hours_are_told_in_tenths_from_none_to_a_full_week() {
    for (text, minutes) in
        [("0", 0), ("0.0", 0), ("7.5", 450), ("12.3", 738), ("37", 2220), ("37.0", 2220)]
    {
        assert_eq!(WeeklyHours::parse(text).map(WeeklyHours::minutes), Some(minutes), "{text}");
    }
    for text in ["-1", "-0.5", "37.1", "38", "7.25", "7.", ".5", "7.-5", "1e1", "", "4000"] {
        assert_eq!(WeeklyHours::parse(text), None, "{text}");
    }
    let step = HoursStep {
        from: FIRST,
        hours_per_week: WeeklyHours::parse("12.3").unwrap(),
        form: HoursForm::WageSubsidy,
    };
    insta::assert_compact_json_snapshot!(CourseEvent::HoursTold(step), @r#"{"from": "2026-11-23", "hoursPerWeek": 12.3, "form": "wage-subsidy"}"#);
}

#[test]
fn iv_08_what_is_over_is_not_arranged_any_more() {
    let (started_on, on) = (day(0), day(1));
    let ended = InterventionState::Ended { started_on, on, reason: EndReason::Moved, note: None };
    let refused = |step| Err(InterventionRefusal::StepNotAllowed { state: "ended-early", step });
    let over = intervention(ended);
    let hours = WeeklyHours::parse("5").unwrap();
    let step = HoursStep { from: on, hours_per_week: hours, form: HoursForm::Internship };
    assert_eq!(over.name_company(company()), refused("name-company"));
    assert_eq!(over.tell_hours(step), refused("tell-hours"));
    assert_eq!(over.schedule(Vec::new()), refused("set-schedule"));
    let under_way = intervention(InterventionState::Started { on });
    assert_eq!(under_way.name_company(company()), Ok(CourseEvent::CompanyNamed(company())));
    assert_eq!(under_way.tell_hours(step), Ok(CourseEvent::HoursTold(step)));
}

#[test]
fn iv_08_what_is_company_oriented_names_its_company_before_it_starts() {
    for (oriented, named, refused) in
        [(true, false, true), (true, true, false), (false, false, false), (false, true, false)]
    {
        assert_eq!(Intervention::ensure_company(oriented, named).is_err(), refused);
    }
}

#[test]
fn iv_10_none_one_and_combined() {
    let told: Vec<&str> = [0, 1, 2, 7].map(|n| Combination::of(n).into()).to_vec();
    assert_eq!(told, ["none", "one", "combined", "combined"]);
}

#[test]
fn iv_12_a_group_takes_its_own_units_running_interventions_while_there_is_room() {
    let group = |size| Group {
        id: GroupId(Uuid::from_u128(9)),
        provider: UnitId(Uuid::from_u128(4)),
        catalogue_code: None,
        from: FIRST,
        to: None,
        size,
        version: 1,
    };
    let under_way = intervention(InterventionState::Started { on: FIRST });
    let joined = CourseEvent::GroupJoined { group_id: group(None).id, from: day(3) };
    assert_eq!(group(Some(4)).admit(&under_way, day(3), 3), Ok(joined.clone()));
    assert_eq!(group(None).admit(&under_way, day(3), 9000), Ok(joined));
    assert_eq!(group(Some(4)).admit(&under_way, day(3), 4), Err(GroupRefusal::Full { size: 4 }));
    let elsewhere = Group { provider: UnitId(Uuid::from_u128(5)), ..group(None) };
    assert_eq!(elsewhere.admit(&under_way, day(3), 0), Err(GroupRefusal::AnotherProvider {}));
    let of_offer = |code: &str| Group { catalogue_code: Some(code.to_owned()), ..group(None) };
    let of_it = Intervention { catalogue_code: Some("kursus".to_owned()), ..under_way.clone() };
    assert!(of_offer("kursus").admit(&of_it, day(3), 0).is_ok());
    assert!(group(None).admit(&of_it, day(3), 0).is_ok());
    for (group, thing) in [(of_offer("andet"), &of_it), (of_offer("kursus"), &under_way)] {
        assert_eq!(group.admit(thing, day(3), 0), Err(GroupRefusal::AnotherOffer {}));
    }
    let withdrawn = intervention(InterventionState::Withdrawn { note: None });
    let refused = group(None).leave(&withdrawn, day(0), day(1), day(2)).unwrap_err();
    assert_eq!(crate::Refusal::code(&refused), "intervention.step-not-allowed");
    assert!(group(None).leave(&under_way, day(0), day(1), day(2)).is_ok());
    let refused = group(None).admit(&withdrawn, day(3), 0).unwrap_err();
    assert_eq!(crate::Refusal::code(&refused), "intervention.step-not-allowed");
}

#[test]
fn iv_12_a_group_is_changed_while_it_lasts_and_not_below_its_members() {
    let group = Group {
        id: GroupId(Uuid::from_u128(9)),
        provider: UnitId(Uuid::from_u128(4)),
        catalogue_code: None,
        from: FIRST,
        to: Some(day(5)),
        size: Some(4),
        version: 1,
    };
    let changed = Group { size: Some(2), to: Some(day(9)), ..group.clone() };
    assert_eq!(group.change(Some(2), Some(day(9)), 2, day(5)), Ok(changed));
    assert_eq!(group.change(None, None, 9000, day(5)).unwrap().size, None);
    let few = group.change(Some(2), None, 3, day(5));
    assert_eq!(few, Err(GroupRefusal::MembersBeyond { members: 3 }));
    assert_eq!(group.change(Some(4), Some(day(9)), 0, day(6)), Err(GroupRefusal::Over {}));
}

#[test]
fn iv_12_times_of_day_and_the_hours_of_a_week() {
    for text in ["00:00", "09:05", "23:59"] {
        assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
    }
    for text in ["24:00", "9:00", "09:60", "0900", "", "09:00:00", "-1:00", "+9:00"] {
        assert!(text.parse::<TimeOfDay>().is_err(), "{text}");
    }
    let week = [Weekday::Monday, Weekday::Wednesday, Weekday::Friday]
        .map(|day| session(day, "09:00", "12:00"));
    assert_eq!(weekly_minutes(&week), 9 * 60);
    assert_eq!(faults(&week), [0; 0]);
    let touching =
        [session(Weekday::Monday, "09:00", "12:00"), session(Weekday::Monday, "12:00", "13:00")];
    assert_eq!(faults(&touching), [0; 0]);
    let backwards = session(Weekday::Friday, "12:00", "12:00");
    assert_eq!(faults(&[week[0], session(Weekday::Monday, "11:59", "13:00"), backwards]), [1, 2]);
}

fn planned(n: u128, days: (u64, Option<u64>), sessions: Vec<Session>) -> Planned {
    let days = Days { from: day(days.0), until: days.1.map(day) };
    let always = Days { from: NaiveDate::MIN, until: None };
    Planned {
        id: InterventionId(Uuid::from_u128(n)),
        code: Some(format!("offer-{n}")),
        mentoring: false,
        over: false,
        days,
        sessions: sessions.into_iter().map(|session| Held { session, days: always }).collect(),
    }
}

fn with(kind: ClashKind, n: u128) -> Clash {
    Clash { kind, with: ClashesWith::Intervention(InterventionId(Uuid::from_u128(n))) }
}

#[test]
fn clashes_same_hours_only_where_the_weekday_is_among_the_days_of_both() {
    let friday = || vec![session(Weekday::Friday, "09:00", "12:00")];
    let rules = Presumptions::default();
    // From Monday: until the Friday, and with it.
    for (until, clash) in [(4, false), (5, true)] {
        let found = clashes(
            &planned(1, (0, None), friday()),
            &rules,
            &[planned(2, (0, Some(until)), friday())],
        );
        assert_eq!(found == [with(ClashKind::SameHours, 2)], clash, "{until}");
    }
}

#[test]
fn clashes_two_who_follow_the_young_person_on_the_same_days() {
    let mentor = |n, days| Planned { mentoring: true, ..planned(n, days, Vec::new()) };
    let rules = Presumptions::default();
    for (other, clash) in
        [((5, None), true), ((0, Some(10)), false), ((0, Some(11)), true), ((20, None), false)]
    {
        let found = clashes(&mentor(1, (10, Some(20))), &rules, &[mentor(2, other)]);
        assert_eq!(found == [with(ClashKind::TwoMentors, 2)], clash, "{other:?}");
    }
    let not_one = planned(3, (0, None), Vec::new());
    assert_eq!(clashes(&mentor(1, (0, None)), &rules, &[not_one]), []);
}

#[test]
fn clashes_what_is_presumed_is_missing_or_not_over() {
    let new = planned(1, (10, None), Vec::new());
    let rules = Presumptions { presumes: vec!["offer-2".to_owned()], ..Presumptions::default() };
    let missing =
        Clash { kind: ClashKind::Presumes, with: ClashesWith::Missing("offer-2".to_owned()) };
    assert_eq!(clashes(&new, &rules, &[planned(3, (0, Some(5)), Vec::new())]), [missing]);
    for (days, over, clash) in [
        ((0, Some(10)), true, false),
        ((0, Some(10)), false, false),
        ((0, Some(11)), false, true),
        ((0, Some(11)), true, true),
        ((0, None), false, true),
    ] {
        let other = Planned { over, ..planned(2, days, Vec::new()) };
        assert_eq!(
            clashes(&new, &rules, &[other]) == [with(ClashKind::Presumes, 2)],
            clash,
            "{days:?}"
        );
    }
    // One that has been is enough, whatever runs beside it.
    let both = [
        planned(2, (0, None), Vec::new()),
        Planned { over: true, ..planned(2, (0, Some(5)), Vec::new()) },
    ];
    assert_eq!(clashes(&new, &rules, &both), []);
}

#[test]
fn clashes_what_excludes_each_other_on_the_same_days() {
    let rules = Presumptions { excludes: vec!["offer-2".to_owned()], ..Presumptions::default() };
    let new = planned(1, (10, Some(20)), Vec::new());
    assert_eq!(
        clashes(
            &new,
            &rules,
            &[planned(2, (19, None), Vec::new()), planned(3, (10, None), Vec::new())]
        ),
        [with(ClashKind::Excludes, 2)]
    );
    assert_eq!(clashes(&new, &rules, &[planned(2, (20, None), Vec::new())]), []);
    let over = Planned { over: true, ..planned(2, (10, Some(15)), Vec::new()) };
    assert_eq!(clashes(&new, &rules, &[over]), []);
}

const HORIZON: u64 = 28;

/// The slow model: looks at every minute of every day by itself.
fn minute_by_minute(one: &Planned, two: &Planned) -> bool {
    let held = |thing: &Planned, on: NaiveDate, minute: i16| {
        thing.days.from <= on
            && thing.days.until.is_none_or(|until| on < until)
            && thing.sessions.iter().any(|held| {
                let Held { session, days } = held;
                days.from <= on
                    && days.until.is_none_or(|until| on < until)
                    && u32::try_from(session.weekday.number())
                        == Ok(on.weekday().number_from_monday())
                    && (session.from.minutes()..session.to.minutes()).contains(&minute)
            })
    };
    (0..HORIZON)
        .any(|n| (0..24 * 60).any(|minute| held(one, day(n), minute) && held(two, day(n), minute)))
}

/// Short and close to one another, so that they often meet on some days and not on others.
fn days() -> impl Strategy<Value = Days> {
    (0..HORIZON - 14, proptest::option::of(0..12_u64)).prop_map(|(from, length)| Days {
        from: day(from),
        until: length.map(|length| day(from + length)),
    })
}

fn held() -> impl Strategy<Value = Held> {
    (1..=3_i16, 0..6_i16, 1..4_i16, days()).prop_map(|(weekday, from, length, days)| {
        let time = |n: i16| TimeOfDay::after_midnight(n * 30).unwrap();
        let weekday = Weekday::of(weekday).unwrap();
        Held { session: Session { weekday, from: time(from), to: time(from + length) }, days }
    })
}

fn any_planned(n: u128) -> impl Strategy<Value = Planned> {
    (days(), vec(held(), 0..5)).prop_map(move |(days, sessions)| Planned {
        days,
        sessions,
        ..planned(n, (0, None), Vec::new())
    })
}

proptest! {
    #[test]
    fn clashes_same_hours_are_those_of_the_slow_model(one in any_planned(1), two in any_planned(2)) {
        let same = minute_by_minute(&one, &two);
        let found = clashes(&one, &Presumptions::default(), std::slice::from_ref(&two));
        prop_assert_eq!(found == [with(ClashKind::SameHours, 2)], same);
        let back = clashes(&two, &Presumptions::default(), std::slice::from_ref(&one));
        prop_assert_eq!(back == [with(ClashKind::SameHours, 1)], same);
    }
}
