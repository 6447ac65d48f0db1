use super::*;
use proptest::prelude::*;
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

fn draft() -> Plan {
    Plan {
        id: PlanId(Uuid::from_u128(1)),
        young_person: YoungPersonId(Uuid::from_u128(2)),
        purpose: "To get on".to_owned(),
        own_words: OwnWords::Said("I want to be a carpenter".to_owned()),
        previous: None,
        opened_at: now(),
        state: PlanState::Draft,
        version: 1,
    }
}

const READY: Readiness =
    Readiness { goals: 1, coordinated: true, units: 2, contact_person_answered: true };

#[test]
fn pl_03_what_is_missing_is_told_all_at_once() {
    let plan = Plan { own_words: OwnWords::NotAsked, ..draft() };
    let nothing =
        Readiness { goals: 0, coordinated: false, units: 2, contact_person_answered: false };
    let refusal = plan.activate(nothing, None, now()).unwrap_err();
    assert_eq!(refusal.code(), "plan.not-ready");
    assert_eq!(
        refusal,
        PlanRefusal::NotReady {
            missing: vec![
                Missing::Goal,
                Missing::OwnWords,
                Missing::Coordinator,
                Missing::ContactPerson
            ]
        }
    );
}

#[test]
fn pl_03_how_they_were_asked_is_enough() {
    let plan =
        Plan { own_words: OwnWords::Absent("Asked twice, would not say".to_owned()), ..draft() };
    assert!(plan.activate(READY, None, now()).is_ok());
}

#[test]
fn pl_02_a_coordinator_always_and_a_contact_person_where_two_units_work() {
    let code =
        |readiness| draft().activate(readiness, None, now()).map_err(|refusal| refusal.code());
    assert_eq!(code(Readiness { coordinated: false, ..READY }), Err("plan.coordinator-missing"));
    assert_eq!(
        code(Readiness { contact_person_answered: false, ..READY }),
        Err("plan.contact-person-not-offered")
    );
    assert!(code(Readiness { contact_person_answered: false, units: 1, ..READY }).is_ok());
}

#[test]
fn pl_07_it_does_not_close_over_running_interventions() {
    let active = draft().apply(&draft().activate(READY, None, now()).unwrap());
    let refusal = active.close(2, PlanOutcome::Education, None, now()).unwrap_err();
    assert_eq!(refusal, PlanRefusal::InterventionsRunning { running: 2 });
}

#[test]
fn pl_03_words_are_not_taken_from_an_active_plan() {
    let active = draft().apply(&draft().activate(READY, None, now()).unwrap());
    assert_eq!(
        active.amend("x".to_owned(), OwnWords::NotAsked, None, now()).unwrap_err().code(),
        "plan.not-ready"
    );
    assert!(draft().amend("x".to_owned(), OwnWords::NotAsked, None, now()).is_ok());
}

fn active() -> Plan {
    draft().apply(&draft().activate(READY, None, now()).unwrap())
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn review_on(on: &str) -> Review {
    Review {
        on: day(on),
        took_part: vec!["Mor".to_owned()],
        young_person_took_part: true,
        decisions: "Videre.".to_owned(),
    }
}

#[test]
fn pl_05_the_next_review_lies_26_weeks_ahead_at_most() {
    let set = |on: &str| NextReview::set(Some(day(on)), day("2026-11-22"));
    let refused =
        Err(PlanRefusal::ReviewOutOfRange { from: day("2026-11-22"), to: day("2027-05-23") });
    assert_eq!(set("2026-11-21"), refused);
    assert_eq!(set("2027-05-24"), refused);
    for on in ["2026-11-22", "2027-05-23"] {
        assert_eq!(set(on).unwrap().on, day(on));
    }
    let unnamed = NextReview::set(None, day("2026-11-22")).unwrap();
    assert_eq!(unnamed, NextReview { on: day("2027-05-23"), set_on: day("2026-11-22") });
}

#[test]
fn pl_05_a_held_review_sets_the_next_one() {
    let held = active().review(review_on("2026-11-20"), day("2027-02-01"), now()).unwrap();
    let PlanState::Active { next_review, .. } = active().apply(&held).state else { panic!() };
    assert_eq!(next_review.on, day("2027-02-01"));
    let code = |plan: Plan, on, next| {
        plan.review(review_on(on), day(next), now()).unwrap_err().code().to_owned()
    };
    assert_eq!(code(active(), "2026-11-23", "2027-02-01"), "plan.day-out-of-range");
    assert_eq!(code(active(), "2026-11-20", "2026-11-21"), "plan.review-out-of-range");
    assert_eq!(code(draft(), "2026-11-20", "2027-02-01"), "plan.step-not-allowed");
    let closed = active().apply(&active().close(0, PlanOutcome::Education, None, now()).unwrap());
    assert_eq!(code(closed, "2026-11-20", "2027-02-01"), "plan.closed");
}

#[test]
fn pl_05_another_day_for_the_next_review_is_set_in_an_active_plan_only() {
    let amend = |plan: Plan, on| {
        plan.amend("x".to_owned(), OwnWords::Said("w".to_owned()), on, now())
            .map(|event| plan.apply(&event).state)
    };
    let moved = amend(active(), Some(day("2027-01-04"))).unwrap();
    assert!(
        matches!(moved, PlanState::Active { next_review, .. } if next_review.on == day("2027-01-04"))
    );
    // On its day it may still be moved; after that it is held.
    let late = |on: &str| {
        let now = format!("{on}T09:00:00Z").parse().unwrap();
        active().amend("x".to_owned(), OwnWords::Said("w".to_owned()), Some(day("2027-07-01")), now)
    };
    assert!(late("2027-05-23").is_ok());
    let overdue = PlanRefusal::ReviewOverdue { since: day("2027-05-23") };
    assert_eq!(late("2027-05-24").unwrap_err(), overdue);
    let kept = amend(active(), None).unwrap();
    assert!(
        matches!(kept, PlanState::Active { next_review, .. } if next_review.on == day("2027-05-23"))
    );
    let refusal = amend(draft(), Some(day("2027-01-04"))).unwrap_err();
    assert_eq!(refusal.code(), "plan.step-not-allowed");
}

#[test]
fn pl_04_pl_12_what_is_told_is_of_a_day_from_26_weeks_before_the_plan_to_today() {
    let told = |on: &str| draft().day_told(Some(day(on)), day("2026-12-01"));
    let refused =
        Err(PlanRefusal::DayOutOfRange { from: day("2026-05-24"), to: day("2026-12-01") });
    assert_eq!((told("2026-05-23"), told("2026-12-02")), (refused.clone(), refused));
    assert_eq!(told("2026-05-24"), Ok(day("2026-05-24")));
    assert_eq!(draft().day_told(None, day("2026-12-01")), Ok(day("2026-12-01")));
}

#[derive(Debug, Clone)]
enum Command {
    Amend(bool),
    Activate(Readiness),
    Review,
    Close(i64),
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        any::<bool>().prop_map(Command::Amend),
        (0..2_i64, any::<bool>(), 1..3_i64, any::<bool>()).prop_map(
            |(goals, coordinated, units, contact_person_answered)| {
                Command::Activate(Readiness { goals, coordinated, units, contact_person_answered })
            }
        ),
        Just(Command::Review),
        (0..2_i64).prop_map(Command::Close),
    ]
}

proptest! {
    /// No sequence of commands leads where the rules forbid: a closed plan stays as it is, an active
    /// one has words and was ready, and a step goes from draft to active to closed or straight there.
    #[test]
    fn pl_09_a_closed_plan_changes_no_more(commands in proptest::collection::vec(command(), 0..12)) {
        let mut plan = draft();
        for command in commands {
            let before = plan.clone();
            let decided = match command.clone() {
                Command::Amend(asked) => plan.amend("new".to_owned(), if asked { OwnWords::Said("w".to_owned()) } else { OwnWords::NotAsked }, None, now()),
                Command::Activate(readiness) => plan.activate(readiness, None, now()),
                Command::Review => plan.review(review_on("2026-11-20"), day("2027-02-01"), now()),
                Command::Close(running) => plan.close(running, PlanOutcome::Education, None, now()),
            };
            let Ok(event) = decided else { continue };
            plan = plan.apply(&event);
            let closed = matches!(before.state, PlanState::Closed { .. });
            prop_assert!(!closed, "{command:?} changed a closed plan");
            if let PlanState::Active { .. } = plan.state {
                prop_assert!(plan.own_words != OwnWords::NotAsked);
                if let Command::Activate(readiness) = command {
                    prop_assert!(matches!(before.state, PlanState::Draft) && readiness.goals > 0 && readiness.coordinated);
                    prop_assert!(readiness.units < 2 || readiness.contact_person_answered);
                }
            }
            if let Command::Review = command {
                prop_assert_eq!(before.state.name(), "active");
            }
            if let Command::Close(running) = command {
                prop_assert_eq!(running, 0);
            }
        }
    }
}
