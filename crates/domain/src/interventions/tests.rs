use super::*;
use crate::organisation::Department;
use proptest::prelude::*;
use uuid::Uuid;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn intervention(state: InterventionState) -> Intervention {
    Intervention {
        id: InterventionId(Uuid::from_u128(1)),
        plan: PlanId(Uuid::from_u128(2)),
        young_person: YoungPersonId(Uuid::from_u128(3)),
        provider: UnitId(Uuid::from_u128(4)),
        catalogue_code: Some("stigen".to_owned()),
        carried_on_by: None,
        planned_start: day("2026-11-23"),
        state,
        version: 1,
    }
}

fn every_state() -> Vec<InterventionState> {
    let (started_on, on) = (day("2026-11-23"), day("2026-11-24"));
    vec![
        InterventionState::Referred { holds_from: started_on },
        InterventionState::Waiting { ticket: 7 },
        InterventionState::Offered {
            ticket: 7,
            holds_from: started_on,
            offered_at: now(),
            expires_on: on,
        },
        InterventionState::Started { on: started_on },
        InterventionState::Ended { started_on, on, reason: EndReason::Completed, note: None },
        InterventionState::Ended { started_on, on, reason: EndReason::Education, note: None },
        InterventionState::Withdrawn { note: None },
        InterventionState::Declined { reason: "no".to_owned() },
    ]
}

fn now() -> DateTime<Utc> {
    "2026-11-25T09:00:00Z".parse().unwrap()
}

fn command(name: &str, on: &Intervention) -> Result<InterventionEvent, InterventionRefusal> {
    match name {
        "offer" => on.offer(now()),
        "start" => on.start(day("2026-11-25"), day("2026-11-25")),
        "complete" => on.end(day("2026-11-25"), EndReason::Completed, None, day("2026-11-25")),
        "end" => on.end(day("2026-11-25"), EndReason::Education, None, day("2026-11-25")),
        "withdraw" => on.withdraw(None),
        "decline" => on.decline("no".to_owned()),
        other => panic!("{other}"),
    }
}

const COMMANDS: [&str; 6] = ["offer", "start", "complete", "end", "withdraw", "decline"];

/// IV-4, word for word: referred → (waiting → offered →) started → completed | ended early;
/// referred, waiting or offered → withdrawn | declined. No other step.
const STEPS: [(&str, &str); 13] = [
    ("waiting", "offered"),
    ("referred", "started"),
    ("offered", "started"),
    ("started", "completed"),
    ("started", "ended-early"),
    ("referred", "withdrawn"),
    ("waiting", "withdrawn"),
    ("offered", "withdrawn"),
    ("referred", "declined"),
    ("waiting", "declined"),
    ("offered", "declined"),
    // A place is taken at once where there is one: these two are how a life begins.
    ("", "referred"),
    ("", "waiting"),
];

#[test]
fn iv_04_every_command_in_every_state_takes_only_the_steps_there_are() {
    let mut taken = vec![("", "referred"), ("", "waiting")];
    for state in every_state() {
        for name in COMMANDS {
            let before = intervention(state.clone());
            match command(name, &before) {
                Ok(event) => {
                    taken.push((before.state.name(), before.clone().apply(&event).state.name()));
                }
                Err(refusal) => assert_eq!(
                    refusal.code(),
                    "intervention.step-not-allowed",
                    "{name} in {state:?}"
                ),
            }
        }
    }
    taken.sort_unstable();
    let mut steps = STEPS.to_vec();
    steps.sort_unstable();
    assert_eq!(taken, steps);
}

proptest! {
    #[test]
    fn iv_04_no_sequence_of_commands_leaves_the_life_told(names in proptest::collection::vec(0..COMMANDS.len(), 0..12), begins in 0..2_usize) {
        let mut thing = intervention(every_state()[begins].clone());
        for name in names {
            let before = thing.clone();
            if let Ok(event) = command(COMMANDS[name], &thing) {
                thing = thing.apply(&event);
                prop_assert!(STEPS.contains(&(before.state.name(), thing.state.name())));
                prop_assert_eq!(thing.version, before.version + 1);
                prop_assert!(before.state.is_running());
            }
        }
    }
}

#[test]
fn iv_05_completed_exactly_when_the_reason_is_completed() {
    let started = intervention(InterventionState::Started { on: day("2026-11-23") });
    for reason in EndReason::VARIANTS {
        let event = started.end(day("2026-11-24"), *reason, None, day("2026-11-25")).unwrap();
        let state = started.clone().apply(&event).state;
        assert_eq!(state.name() == "completed", *reason == EndReason::Completed);
    }
}

#[test]
fn iv_05_it_does_not_end_before_it_started_nor_after_today() {
    let started = intervention(InterventionState::Started { on: day("2026-11-23") });
    for on in ["2026-11-22", "2026-11-26"] {
        let refusal =
            started.end(day(on), EndReason::Completed, None, day("2026-11-25")).unwrap_err();
        assert_eq!(
            refusal,
            InterventionRefusal::DayOutOfRange { from: day("2026-11-23"), to: day("2026-11-25") }
        );
    }
}

#[test]
fn iv_03_a_referral_takes_a_place_only_when_one_is_free_and_nobody_waits() {
    let place = |free, waiting, wish| {
        place_referral(day("2026-11-20"), day("2026-11-25"), free, waiting, 9, wish)
    };
    let held = Ok(InterventionState::Referred { holds_from: day("2026-11-25") });
    assert_eq!(place(None, 0, OnNoPlace::Refuse), held);
    assert_eq!(place(Some(1), 0, OnNoPlace::Refuse), held);
    assert_eq!(place(Some(1), 1, OnNoPlace::Wait), Ok(InterventionState::Waiting { ticket: 9 }));
    assert_eq!(place(Some(0), 0, OnNoPlace::Wait), Ok(InterventionState::Waiting { ticket: 9 }));
    assert_eq!(
        place(Some(0), 4, OnNoPlace::Refuse),
        Err(InterventionRefusal::NoPlace { waiting: 4 })
    );
}

#[test]
fn iv_03_an_offer_lapses_the_day_after_its_last_working_day() {
    let offered = intervention(InterventionState::Waiting { ticket: 1 });
    let offered =
        offered.clone().apply(&offered.offer("2026-11-20T09:00:00Z".parse().unwrap()).unwrap());
    assert_eq!(offered.lapse(day("2026-11-27")), None);
    let lapsed = offered.clone().apply(&offered.lapse(day("2026-11-28")).unwrap());
    assert_eq!(lapsed.state, InterventionState::Declined { reason: OFFER_LAPSED.to_owned() });
}

#[test]
fn health_and_family_are_areas_of_their_own() {
    // Decisions 8, and no department is an area.
    assert_eq!(Subject::Health.information_area(), InformationArea::Health);
    assert_eq!(Subject::Family.information_area(), InformationArea::FamilyAndSocial);
    assert_eq!(Subject::Education.information_area(), InformationArea::EducationAndEmployment);
    assert!(Department::JobsAndWelfare.does_casework());
}
