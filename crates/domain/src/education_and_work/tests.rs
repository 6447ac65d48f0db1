use super::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(told: [Option<&str>; 5]) -> EpisodeDays {
    let [applied_on, enrolled_on, started_on, completed_on, dropped_out_on] =
        told.map(|on| on.map(day));
    EpisodeDays { applied_on, enrolled_on, started_on, completed_on, dropped_out_on }
}

fn episode(pursuit: Pursuit, told: [Option<&str>; 5]) -> Episode {
    Episode {
        id: EpisodeId(Uuid::from_u128(1)),
        pursuit,
        course: days(told).course().unwrap(),
        source: Source::Institution,
        version: 1,
    }
}

fn eud() -> Pursuit {
    Pursuit::Education { name: "Tømrer, grundforløb 1".to_owned(), place: "Mercantec".to_owned() }
}

fn hours(text: &str) -> WeeklyHours {
    WeeklyHours::parse(text).unwrap()
}

/// Every set of days there can be, each on a day of its own in their order.
#[test]
fn yp_10_the_days_that_are_told_give_the_state() {
    let each = ["2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01", "2026-04-01"];
    for told in 0..32_usize {
        let is_told = |at: usize| told & (1 << at) != 0;
        let given = days(std::array::from_fn(|at| is_told(at).then_some(each[at])));
        let state = match (is_told(3), is_told(4)) {
            (true, true) => None,
            (true, false) => is_told(2).then_some("completed"),
            (false, true) => (told & 7 != 0).then_some("dropped-out"),
            (false, false) if is_told(2) => Some("started"),
            (false, false) if is_told(1) => Some("enrolled"),
            (false, false) => is_told(0).then_some("applied"),
        };
        let course = given.course();
        assert_eq!(course.clone().ok().map(|course| course.state().into()), state, "{given:?}");
        if let Ok(course) = course {
            assert_eq!(course.days(), given, "no day is lost");
        }
    }
}

#[test]
fn yp_10_days_follow_one_another() {
    let contradict = Err(EpisodeRefusal::DaysContradict {});
    let (one, two) = (Some("2026-01-01"), Some("2026-01-02"));
    for told in [
        [two, one, None, None, None],
        [two, None, one, None, None],
        [two, None, None, None, one],
        [None, two, one, None, None],
        [None, two, None, None, one],
        [None, None, two, one, None],
        [None, None, two, None, one],
    ] {
        assert_eq!(days(told).course(), contradict, "{told:?}");
    }
    assert!(days([one, one, one, one, None]).course().is_ok(), "all on one day");
}

#[test]
fn yp_10_a_day_that_was_told_stays() {
    let applied = episode(eud(), [Some("2026-03-01"), None, None, None, None]);
    let started = days([None, None, Some("2026-08-10"), None, None]);
    let EpisodeEvent::DaysTold(started) = applied.tell(started).unwrap() else { panic!() };
    assert_eq!((started.course.state(), started.version), (EpisodeState::Started, 2));
    let told = Err(EpisodeRefusal::AlreadyTold {});
    for again in [
        days([Some("2026-03-02"), None, None, None, None]),
        days([None, None, Some("2026-08-10"), None, None]),
    ] {
        assert_eq!(started.tell(again), told, "{again:?}");
    }
    let admitted = days([None, Some("2026-06-01"), None, None, None]);
    assert!(started.tell(admitted).is_ok(), "what was not told yet");
    let late = days([None, Some("2026-08-11"), None, None, None]);
    assert_eq!(started.tell(late), Err(EpisodeRefusal::DaysContradict {}));
    assert_eq!(started.tell(EpisodeDays::default()), Err(EpisodeRefusal::DaysContradict {}));

    let over = days([None, None, None, None, Some("2026-10-01")]);
    let EpisodeEvent::DaysTold(over) = started.tell(over).unwrap() else { panic!() };
    for end in
        [[None, None, None, Some("2026-12-01"), None], [None, None, None, None, Some("2026-12-01")]]
    {
        assert_eq!(over.tell(days(end)), told, "what has ended has ended");
    }
}

#[test]
fn yp_10_in_education_or_work_from_the_first_day_to_the_day_it_ended() {
    let day_by_day =
        [Some("2026-03-01"), Some("2026-06-01"), Some("2026-08-10"), None, Some("2026-10-01")];
    let place = || "Savværket".to_owned();
    for (pursuit, is_education, is_work) in [
        (eud(), true, false),
        (Pursuit::School { grade: 9, place: place() }, true, false),
        (
            Pursuit::Apprenticeship { name: place(), place: place(), hours_per_week: hours("0") },
            false,
            true,
        ),
        (Pursuit::Job { place: place(), hours_per_week: hours("18") }, false, true),
        (Pursuit::Job { place: place(), hours_per_week: hours("17.9") }, false, false),
        (Pursuit::SpareTimeJob { place: place(), hours_per_week: hours("37") }, false, false),
    ] {
        let counts = is_education || is_work;
        let episodes = [episode(pursuit, day_by_day)];
        for (on, heard, has_place, is_in) in [
            ("2026-02-28", false, false, false),
            ("2026-03-01", true, false, false),
            ("2026-06-01", true, true, false),
            ("2026-08-09", true, true, false),
            ("2026-08-10", true, true, true),
            ("2026-09-30", true, true, true),
            ("2026-10-01", true, false, false),
        ] {
            let expected = heard.then_some(Standing {
                in_education: is_in && is_education,
                in_work: is_in && is_work,
                has_place: has_place && counts,
            });
            let told = standing_on(&episodes, day(on));
            assert_eq!(told, expected, "{episodes:?} on {on}");
            let is_in = told.is_some_and(Standing::in_education_or_work);
            assert_eq!(is_in, expected.is_some_and(|one| one.in_education || one.in_work));
        }
    }
    assert_eq!(standing_on(&[], day("2026-01-01")), None);
}

#[test]
fn yp_10_a_grade_is_passed_when_it_is_completed() {
    let school = |grade, told| episode(Pursuit::School { grade, place: "Skolen".to_owned() }, told);
    let from = Some("2025-08-11");
    let episodes = [
        school(9, [None, None, from, Some("2026-06-26"), None]),
        school(8, [None, None, Some("2024-08-12"), Some("2025-06-27"), None]),
        school(10, [None, None, from, None, Some("2026-06-26")]),
        episode(eud(), [None, None, from, Some("2026-06-26"), None]),
    ];
    assert_eq!(grades_passed(&episodes, day("2026-06-25")), [8]);
    assert_eq!(grades_passed(&episodes, day("2026-06-26")), [8, 9]);
}
