use super::attendance::{Attended, Presence};
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
        planned_end: Some(day("2027-02-22")),
        reason: None,
        state,
        acceptance: None,
        priority: Priority::default(),
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
        InterventionState::Declined { by: DeclinedBy::YoungPerson, on, reason: "no".to_owned() },
    ]
}

fn now() -> DateTime<Utc> {
    "2026-11-25T09:00:00Z".parse().unwrap()
}

fn command(name: &str, on: &Intervention) -> Result<InterventionEvent, InterventionRefusal> {
    match name {
        "offer" => on.offer(now()),
        "start" => on.start(day("2026-11-25"), None, day("2026-11-25"), PlanStage::Active, FREE),
        "complete" => {
            on.end(day("2026-11-25"), None, EndReason::Completed, None, day("2026-11-25"))
        }
        "end" => on.end(day("2026-11-25"), None, EndReason::Education, None, day("2026-11-25")),
        "withdraw" => on.withdraw(None),
        "decline" => on.decline("no".to_owned(), day("2026-11-25")),
        "refuse" => on.refuse("no".to_owned(), day("2026-11-25")),
        other => panic!("{other}"),
    }
}

const COMMANDS: [&str; 7] = ["offer", "start", "complete", "end", "withdraw", "decline", "refuse"];

/// Nothing is asked for before the start.
const FREE: Admission = Admission { cannot_wait: false, visitation: false, assessed: true };

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
    taken.dedup(); // Two commands decline.
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
        let event = started.end(day("2026-11-24"), None, *reason, None, day("2026-11-25")).unwrap();
        let state = started.clone().apply(&event).state;
        assert_eq!(state.name() == "completed", *reason == EndReason::Completed);
    }
}

#[test]
fn iv_05_it_does_not_end_before_it_started_nor_after_today() {
    let started = intervention(InterventionState::Started { on: day("2026-11-23") });
    for on in ["2026-11-22", "2026-11-26"] {
        let refusal =
            started.end(day(on), None, EndReason::Completed, None, day("2026-11-25")).unwrap_err();
        assert_eq!(
            refusal,
            InterventionRefusal::DayOutOfRange { from: day("2026-11-23"), to: day("2026-11-25") }
        );
    }
}

/// IV-9: the days on which somebody came are its own.
#[test]
fn iv_09_it_does_not_end_before_the_last_day_on_which_somebody_came() {
    let started = intervention(InterventionState::Started { on: day("2026-11-16") });
    let (came, today) = (day("2026-11-20"), day("2026-11-25"));
    let end = |on: &str, came| started.end(day(on), came, EndReason::OwnWish, None, today);
    let refused = Err(InterventionRefusal::DayOutOfRange { from: came, to: today });
    assert_eq!(end("2026-11-19", Some(came)), refused);
    for on in ["2026-11-20", "2026-11-25"] {
        assert!(end(on, Some(came)).is_ok(), "{on}");
    }
    assert!(end("2026-11-16", None).is_ok());
}

/// IV-9: what was told of an intervention can be put right after its end, and of none of its other days.
#[test]
fn iv_09_attendance_is_of_the_days_from_the_start_to_today_or_the_end() {
    let (first, ended, today) = (day("2026-11-16"), day("2026-11-20"), day("2026-11-25"));
    let reason = EndReason::Completed;
    let over = InterventionState::Ended { started_on: first, on: ended, reason, note: None };
    for (state, last) in [(InterventionState::Started { on: first }, today), (over, ended)] {
        let thing = intervention(state);
        for (on, fits) in [
            (first.pred_opt().unwrap(), false),
            (first, true),
            (last, true),
            (last.succ_opt().unwrap(), false),
        ] {
            let days = [Attended { on, presence: Presence::Present, hours: None }];
            let expected = if fits {
                Ok(())
            } else {
                Err(InterventionRefusal::DayOutOfRange { from: first, to: last })
            };
            assert_eq!(thing.ensure_attended(&days, today), expected, "{on}");
        }
    }
}

/// IV-4: the catalogue's word may have changed since the referral.
#[test]
fn iv_04_in_a_draft_plan_only_what_cannot_wait_starts() {
    let today = day("2026-11-25");
    let referred = intervention(InterventionState::Referred { holds_from: today });
    for stage in [PlanStage::Draft, PlanStage::Active, PlanStage::Closed] {
        for cannot_wait in [false, true] {
            let admission = Admission { cannot_wait, ..FREE };
            let started = referred.start(today, None, today, stage, admission);
            if stage == PlanStage::Draft && !cannot_wait {
                assert_eq!(started, Err(InterventionRefusal::PlanNotActive {}));
            } else {
                assert!(started.is_ok(), "{stage:?} {cannot_wait}");
            }
        }
    }
}

/// IV-6: what a reason was given for needs none again, and what grew does.
#[test]
fn iv_06_a_start_needs_a_reason_for_what_none_was_given_for() {
    use Outside::{Age, Length, TargetGroup};
    let given = |reason: Option<&str>| Intervention {
        reason: reason.map(str::to_owned),
        ..intervention(InterventionState::Referred { holds_from: day("2026-11-23") })
    };
    for (reason, planned, begun, newly) in [
        (None, vec![], vec![], vec![]),
        (None, vec![], vec![Age], vec![Age]),
        (None, vec![Age], vec![Age], vec![Age]),
        (Some("why"), vec![Age], vec![Age], vec![]),
        (Some("why"), vec![Age], vec![Age, TargetGroup, Length], vec![TargetGroup, Length]),
        (Some("why"), vec![Age], vec![], vec![]),
        (Some("why"), vec![], vec![Length], vec![Length]),
    ] {
        assert_eq!(given(reason).newly_outside(&planned, &begun), newly, "{reason:?} {begun:?}");
    }
    let referred = given(Some("Længere."));
    let today = day("2026-11-25");
    let start = |reason| referred.start(today, reason, today, PlanStage::Active, FREE).unwrap();
    let told = referred.clone().apply(&start(Some("Moden af alder.".to_owned())));
    assert_eq!(told.reason.as_deref(), Some("Moden af alder."));
    let kept = referred.clone().apply(&start(None));
    assert_eq!(kept.reason.as_deref(), Some("Længere."));
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
    let (by, on, reason) = (DeclinedBy::Lapsed, day("2026-11-28"), OFFER_LAPSED.to_owned());
    assert_eq!(lapsed.state, InterventionState::Declined { by, on, reason });
}

#[test]
fn iv_11_it_starts_when_the_provider_has_accepted_and_an_assessment_says_yes() {
    let referred = intervention(InterventionState::Referred { holds_from: day("2026-11-23") });
    let today = day("2026-11-25");
    let start = |thing: &Intervention, visitation, assessed| {
        let admission = Admission { cannot_wait: false, visitation, assessed };
        thing.start(today, None, today, PlanStage::Active, admission)
    };
    let accepted = referred.accept(EmployeeId(Uuid::nil()), None, today).unwrap();
    let accepted = referred.clone().apply(&accepted);
    assert_eq!(accepted.state, referred.state);
    let started = Ok(InterventionEvent::Started { on: today, reason: None });
    assert_eq!(start(&referred, false, true), started);
    assert_eq!(start(&referred, true, true), Err(InterventionRefusal::NotAccepted {}));
    assert_eq!(start(&accepted, true, true), started);
    for visitation in [false, true] {
        let refused = Err(InterventionRefusal::AssessmentMissing {});
        assert_eq!(start(&accepted, visitation, false), refused);
    }
}

#[test]
fn iv_11_the_visitation_answers_until_the_start_and_says_yes_once() {
    let (by, today) = (EmployeeId(Uuid::nil()), day("2026-11-25"));
    for state in every_state() {
        let thing = intervention(state.clone());
        let before_start = thing.decline("no".to_owned(), today).is_ok();
        assert_eq!(thing.accept(by, None, today).is_ok(), before_start, "{state:?}");
        assert_eq!(thing.refuse("no".to_owned(), today).is_ok(), before_start, "{state:?}");
        if before_start {
            let accepted = thing.clone().apply(&thing.accept(by, None, today).unwrap());
            let again = accepted.accept(by, None, today);
            assert_eq!(again, Err(InterventionRefusal::AlreadyAccepted {}));
            let refused =
                accepted.clone().apply(&accepted.refuse("full".to_owned(), today).unwrap());
            let state = InterventionState::Declined {
                by: DeclinedBy::Provider,
                on: today,
                reason: "full".to_owned(),
            };
            assert_eq!(refused.state, state);
        }
    }
}

#[test]
fn iv_03_only_who_waits_is_given_a_priority() {
    for state in every_state() {
        let thing = intervention(state.clone());
        let given = thing.prioritise(5, "Haster.".to_owned());
        assert_eq!(given.is_ok(), state.name() == "waiting", "{state:?}");
        let Ok(event) = given else { continue };
        let after = thing.apply(&event);
        assert_eq!((after.priority.priority, after.state), (5, state));
    }
}

#[test]
fn iv_06_only_what_is_under_way_is_extended_and_only_to_a_later_day() {
    let today = day("2026-11-25");
    let extend = |thing: &Intervention, to| thing.extend(day(to), "Videre.".to_owned(), today);
    for state in every_state() {
        let thing = intervention(state.clone());
        assert_eq!(extend(&thing, "2027-05-01").is_ok(), state.name() == "started", "{state:?}");
    }
    let started = intervention(InterventionState::Started { on: day("2026-11-23") });
    let (from, to) = (day("2027-02-23"), day("2036-11-10"));
    for outside in ["2027-02-22", "2036-11-11"] {
        let refused = Err(InterventionRefusal::DayOutOfRange { from, to });
        assert_eq!(extend(&started, outside), refused, "{outside}");
    }
    let longer = started.clone().apply(&extend(&started, "2027-02-23").unwrap());
    assert_eq!(longer.planned_end, Some(from));
    let open = Intervention { planned_end: None, ..started };
    assert_eq!(extend(&open, "2026-11-24").map(|_| ()), Ok(()));
}

#[test]
fn health_and_family_are_areas_of_their_own() {
    // D-8, and no department is an area.
    assert_eq!(Subject::Health.information_area(), InformationArea::Health);
    assert_eq!(Subject::Family.information_area(), InformationArea::FamilyAndSocial);
    assert_eq!(Subject::Education.information_area(), InformationArea::EducationAndEmployment);
    assert!(Department::JobsAndWelfare.does_casework());
}
