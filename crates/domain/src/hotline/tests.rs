use super::*;
use uuid::Uuid;

const ME: EmployeeId = EmployeeId(Uuid::from_u128(1));
const OTHER: EmployeeId = EmployeeId(Uuid::from_u128(2));

fn at(moment: &str) -> DateTime<Utc> {
    moment.parse().unwrap()
}

fn call(called_at: &str, urgency: Urgency) -> Call {
    Call { called_at: at(called_at), urgency, concern: None, done: false, tie_asked: false }
}

fn logged(concern: Option<ConcernAbout>, done: bool) -> Contact {
    let call = Call { concern, done, ..call("2026-11-23T09:00:00Z", Urgency::Normal) };
    call.log(ME, None, at("2026-11-23T09:05:00Z")).unwrap()
}

#[test]
fn hl_01_what_was_solved_while_speaking_is_over_at_once() {
    assert_eq!(logged(None, false).life, Life::Open);
    let now = at("2026-11-23T09:05:00Z");
    let held = Held { owner: ME, taken_at: now };
    assert_eq!(logged(None, true).life, Life::Closed { held, answered_at: now, closed_at: now });
}

#[test]
fn hl_03_due_by_urgency_and_the_danish_calendar_from_the_day_of_the_call() {
    for (called_at, urgency, due) in [
        // A Monday; a Friday; a Saturday; before Christmas; just before and after midnight in Copenhagen.
        ("2026-11-23T09:00:00Z", Urgency::Acute, "2026-11-23"),
        ("2026-11-23T09:00:00Z", Urgency::High, "2026-11-24"),
        ("2026-11-23T09:00:00Z", Urgency::Normal, "2026-11-30"),
        ("2026-11-20T09:00:00Z", Urgency::High, "2026-11-23"),
        ("2026-11-21T09:00:00Z", Urgency::Acute, "2026-11-21"),
        ("2026-11-21T09:00:00Z", Urgency::High, "2026-11-23"),
        ("2026-12-23T09:00:00Z", Urgency::High, "2026-12-28"),
        ("2026-12-22T09:00:00Z", Urgency::Normal, "2027-01-04"),
        ("2026-11-23T22:59:59Z", Urgency::Acute, "2026-11-23"),
        ("2026-11-23T23:00:00Z", Urgency::Acute, "2026-11-24"),
    ] {
        let contact = call(called_at, urgency).log(ME, None, at("2027-01-10T09:00:00Z")).unwrap();
        assert_eq!(contact.due_at, end_of(due.parse().unwrap()), "{called_at} {urgency:?}");
    }
}

#[test]
fn hl_10_a_call_lies_neither_ahead_nor_more_than_a_year_back() {
    let now = at("2026-11-23T09:05:00Z");
    let logged = |called_at: &str| call(called_at, Urgency::Normal).log(ME, None, now);
    assert!(logged("2026-11-23T09:05:00Z").is_ok());
    assert!(logged("2025-11-22T23:00:00Z").is_ok());
    for called_at in ["2026-11-23T09:05:00.000001Z", "2025-11-22T22:59:59Z"] {
        assert_eq!(logged(called_at).unwrap_err().code(), "hotline.moment-out-of-range");
    }
}

/// Every step from every state.
#[test]
fn hl_04_open_taken_answered_closed_and_back_to_open() {
    let now = at("2026-11-23T10:00:00Z");
    let open = logged(None, false);
    let taken = open.apply(open.take(ME, now).unwrap());
    let answered = taken.apply(taken.answer(ME, now).unwrap());
    let closed = answered.apply(answered.close(now).unwrap());
    assert_eq!(closed.version, 4);
    assert_eq!((closed.life.answered_at(), closed.life.closed_at()), (Some(now), Some(now)));
    for (contact, allowed) in [
        (open, &[Step::Take, Step::Card][..]),
        (taken, &[Step::Answer, Step::Reopen, Step::Card]),
        (answered, &[Step::Close, Step::Reopen]),
        (closed, &[Step::Reopen]),
    ] {
        for step in Step::VARIANTS {
            let outcome = match step {
                Step::Take => contact.take(ME, now).map(drop),
                Step::Answer => contact.answer(ME, now).map(drop),
                Step::Close => contact.close(now).map(drop),
                Step::Reopen => contact.reopen(now).map(drop),
                Step::Card => contact.ensure_unanswered(Step::Card),
                Step::Assess => contact.assess(now).map(drop),
                Step::Receipt => contact.receipt(now).map(drop),
            };
            let state = contact.life.state();
            let refused = Err(HotlineRefusal::StepNotAllowed { state, step: *step });
            let expected = if allowed.contains(step) { Ok(()) } else { refused };
            assert_eq!(outcome, expected, "{state:?} {step:?}");
        }
    }
    for contact in [taken, answered, closed] {
        let again = contact.apply(contact.reopen(now).unwrap());
        assert_eq!((again.life, again.due_at), (Life::Open, contact.due_at), "the day stays");
    }
    let refusal = taken.answer(OTHER, now).unwrap_err();
    assert_eq!(refusal, HotlineRefusal::AnotherOwner { owner_id: ME });
}

#[test]
fn hl_10_a_concern_has_its_clocks_and_is_closed_after_both() {
    for about in ConcernAbout::VARIANTS {
        let concern = logged(Some(*about), false);
        let clocks = concern.concern.unwrap();
        assert_eq!(clocks.assess_by, at("2026-11-24T09:00:00Z"));
        assert_eq!(clocks.receipt_by.to_string(), "2026-12-01");
        let now = at("2026-11-24T09:00:00Z");
        let taken = concern.apply(concern.take(ME, now).unwrap());
        let answered = taken.apply(taken.answer(ME, now).unwrap());
        let missing = vec![Step::Assess, Step::Receipt];
        assert_eq!(answered.close(now), Err(HotlineRefusal::ConcernUnhandled { missing }));
        let assessed = answered.assess(now).unwrap();
        assert_eq!(assessed, ContactEvent::Assessed { at: now, in_time: true });
        let assessed = answered.apply(assessed);
        let missing = vec![Step::Receipt];
        assert_eq!(assessed.close(now), Err(HotlineRefusal::ConcernUnhandled { missing }));
        let late = at("2026-12-01T23:00:00Z");
        let receipted = assessed.receipt(late).unwrap();
        assert_eq!(receipted, ContactEvent::Receipted { at: late, in_time: false });
        let receipted = assessed.apply(receipted);
        assert!(receipted.close(late).is_ok());
        assert!(receipted.assess(late).is_err() && receipted.receipt(late).is_err(), "once");
        assert!(
            concern.assess(at("2026-11-24T09:00:00.000001Z")).is_ok_and(|event| {
                matches!(event, ContactEvent::Assessed { in_time: false, .. })
            })
        );
    }
}

#[test]
fn hl_01_once_somebody_asked_to_tie_it_it_is_tied_anew_with_a_reason() {
    let untied = logged(None, false);
    let call = Call { tie_asked: true, ..call("2026-11-23T09:00:00Z", Urgency::Normal) };
    for whom in [None, Some(YoungPersonId(Uuid::nil()))] {
        let asked = call.log(ME, whom, at("2026-11-23T09:05:00Z")).unwrap();
        assert_eq!(untied.ensure_linkable(None), Ok(()));
        assert_eq!(asked.ensure_linkable(None), Err(HotlineRefusal::AlreadyLinked {}));
        assert_eq!(asked.ensure_linkable(Some("x")), Ok(()));
    }
}

#[test]
fn hl_06_who_is_asked_later_has_the_time_that_the_urgency_gives() {
    let due_at = end_of("2026-11-24".parse().unwrap());
    for (urgency, asked_on, by) in [
        (Urgency::High, "2026-11-23", "2026-11-24"),
        (Urgency::High, "2026-11-22", "2026-11-24"),
        (Urgency::High, "2026-12-14", "2026-12-15"),
        (Urgency::Acute, "2026-12-14", "2026-12-14"),
    ] {
        let asked = urgency.asked_by(due_at, asked_on.parse().unwrap());
        assert_eq!(asked.to_string(), by, "{urgency:?} {asked_on}");
    }
}

#[test]
fn hl_10_a_concern_about_a_child_is_about_somebody_under_18_when_they_called() {
    let day = |day: &str| day.parse::<NaiveDate>().unwrap();
    let (born, birthday) = (day("2008-11-23"), day("2026-11-23"));
    let refused = Err(HotlineRefusal::ConcernOfAge {});
    assert_eq!(ConcernAbout::Minor.ensure_about(born, birthday), refused);
    assert_eq!(ConcernAbout::Minor.ensure_about(born, day("2026-11-22")), Ok(()));
    assert_eq!(ConcernAbout::Unborn.ensure_about(born, birthday), Ok(()));
}
