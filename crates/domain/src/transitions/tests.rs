use super::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn need(state: NeedState) -> TransitionNeed {
    TransitionNeed {
        id: Uuid::nil().into(),
        state,
        guide: Some(Guide::Fifteen),
        wants_committee: false,
        may_be_exempt: true,
        booked: false,
    }
}

#[test]
fn tm_01_a_need_is_found_half_a_year_before_and_due_on_the_birthday() {
    for (born, found_15, due_15, found_17, due_17) in [
        ("2010-06-15", "2024-12-15", "2025-06-15", "2026-12-15", "2027-06-15"),
        // A leap-day child turns 15 and 17 on 1 March; half a year before is 29 August.
        ("2012-02-29", "2026-08-29", "2027-03-01", "2028-08-29", "2029-03-01"),
        // 31 August: half a year before there is no 31st of February.
        ("2010-08-31", "2025-03-01", "2025-08-31", "2027-03-01", "2027-08-31"),
        ("2011-08-31", "2026-03-01", "2026-08-31", "2028-03-01", "2028-08-31"),
    ] {
        let born = day(born);
        assert_eq!(Guide::Fifteen.found_on(born), day(found_15), "{born}");
        assert_eq!(Guide::Fifteen.due_on(born), day(due_15), "{born}");
        assert_eq!(Guide::Seventeen.found_on(born), day(found_17), "{born}");
        assert_eq!(Guide::Seventeen.due_on(born), day(due_17), "{born}");
    }
}

#[test]
fn tm_03_what_is_past_its_day_stays_overdue_until_a_meeting_is_held() {
    let due = day("2027-06-15");
    for (today, booked, expected) in [
        ("2027-06-14", false, Standing::ToBook),
        ("2027-06-14", true, Standing::Booked),
        ("2027-06-15", true, Standing::Booked),
        ("2027-06-16", true, Standing::Overdue),
        ("2029-06-16", false, Standing::Overdue),
    ] {
        assert_eq!(standing(NeedState::Open, due, booked, day(today)), expected, "{today}");
        let judged = standing(NeedState::ToJudge, due, booked, day(today));
        let late = if expected == Standing::Overdue { expected } else { Standing::ToJudge };
        assert_eq!(judged, late, "{today}");
        for (state, always) in [
            (NeedState::Exempt, Standing::Exempt),
            (NeedState::NotInNeed, Standing::NotInNeed),
            (NeedState::Held, Standing::Held),
        ] {
            assert_eq!(standing(state, due, booked, day(today)), always);
        }
    }
}

/// Every step in every state.
#[test]
fn tm_02_a_need_goes_on_and_not_back() {
    let today = day("2026-11-22");
    for state in NeedState::VARIANTS.iter().copied() {
        let need = need(state);
        let allowed = [
            need.judge(true, None, String::new()).is_ok(),
            need.exempt(String::new()).is_ok(),
            need.ensure_before_committee(today, today).is_ok(),
            need.hold(today, today).is_ok(),
            need.ensure_met_about().is_ok(),
        ];
        let expected = match state {
            NeedState::ToJudge => [true, true, false, false, false],
            NeedState::Open => [false, true, true, true, true],
            NeedState::Exempt => [false, true, true, false, false],
            NeedState::NotInNeed => [false; 5],
            NeedState::Held => [false, false, false, false, true],
        };
        assert_eq!(allowed, expected, "{state:?}");
    }
    assert_eq!(need(NeedState::Exempt).exempt(String::new()), Ok(None));
    for state in [NeedState::ToJudge, NeedState::Open] {
        let met = TransitionNeed { may_be_exempt: false, ..need(state) };
        assert_eq!(met.exempt(String::new()), Err(NeedRefusal::NotExempt {}));
        let booked = TransitionNeed { booked: true, ..need(state) };
        assert_eq!(booked.exempt(String::new()), Err(NeedRefusal::InPreparation {}));
    }
}

#[test]
fn tm_01_what_is_judged_at_15_may_wait_for_17_and_not_the_other_way() {
    let judged = |own, in_need, asked| {
        let need = TransitionNeed { guide: Some(own), ..need(NeedState::ToJudge) };
        match need.judge(in_need, asked, String::new()) {
            Ok(NeedEvent::Judged { guide, .. }) => guide,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(judged(Guide::Fifteen, true, Some(Guide::Seventeen)), Guide::Seventeen);
    assert_eq!(judged(Guide::Fifteen, true, None), Guide::Fifteen);
    assert_eq!(judged(Guide::Fifteen, false, Some(Guide::Seventeen)), Guide::Fifteen);
    assert_eq!(judged(Guide::Seventeen, true, Some(Guide::Fifteen)), Guide::Seventeen);
}

#[test]
fn tm_01_a_need_is_raised_by_hand_to_the_day_before_the_18th_birthday() {
    for (born, last, first) in
        [("2008-11-23", "2026-11-22", "2026-11-23"), ("2008-02-29", "2026-02-28", "2026-03-01")]
    {
        assert_eq!(ensure_minor(day(born), day(last)), Ok(()));
        let refused = Err(NeedRefusal::OfAge { since: day(first) });
        assert_eq!(ensure_minor(day(born), day(first)), refused);
    }
}

#[test]
fn tm_12_the_committee_comes_before_the_meeting() {
    let (today, tomorrow) = (day("2026-11-22"), day("2026-11-23"));
    let waiting = TransitionNeed { wants_committee: true, ..need(NeedState::Open) };
    assert_eq!(waiting.hold(today, today), Err(NeedRefusal::CommitteeMissing {}));
    let ahead = Err(NeedRefusal::DayAhead { to: today });
    assert_eq!(need(NeedState::Open).hold(tomorrow, today), ahead);
    let told = waiting.ensure_before_committee(tomorrow, today);
    assert_eq!(told, Err(NeedRefusal::DayAhead { to: today }));
}
