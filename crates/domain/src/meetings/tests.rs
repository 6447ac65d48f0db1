use super::*;
use chrono::TimeDelta;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn place(slot: bool, outside_because: Option<OutsideBecause>) -> Place {
    Place {
        room: RoomId(Uuid::from_u128(1)),
        starts_at: now() + TimeDelta::hours(1),
        ends_at: now() + TimeDelta::hours(2),
        slot: slot.then_some(SlotId(Uuid::from_u128(2))),
        outside_because,
    }
}

fn need(acute: bool, overdue: bool) -> MetNeed {
    MetNeed { open: true, acute, overdue, raised_by: UnitId(Uuid::from_u128(3)) }
}

fn meeting(kind: MeetingKind, state: MeetingState) -> Meeting {
    Meeting {
        id: MeetingId(Uuid::from_u128(4)),
        young_person: YoungPersonId(Uuid::from_u128(5)),
        kind,
        unit: UnitId(Uuid::from_u128(3)),
        place: place(true, None),
        state,
        version: 1,
    }
}

fn called(department: Department, unit: u128, employee: u128) -> Called {
    let employee = EmployeeId(Uuid::from_u128(employee));
    Called { employee, unit: UnitId(Uuid::from_u128(unit)), department }
}

/// Every combination of slot, reason, need and illness: outside only for the one reason that is so.
#[test]
fn tm_04_a_handover_is_in_a_window_or_outside_for_a_reason_that_is_so() {
    let reasons = [
        None,
        Some(OutsideBecause::Acute),
        Some(OutsideBecause::Overdue),
        Some(OutsideBecause::Illness),
    ];
    for slot in [true, false] {
        for because in reasons {
            for bits in 0..8 {
                let (acute, overdue, ill) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
                let is_so = match because {
                    None => slot,
                    Some(OutsideBecause::Acute) => !slot && acute,
                    Some(OutsideBecause::Overdue) => !slot && overdue,
                    Some(OutsideBecause::Illness) => !slot && ill,
                };
                let told =
                    place(slot, because).ensure_suits(Some(&need(acute, overdue)), ill, now());
                let expected = if is_so { Ok(()) } else { Err(MeetingRefusal::OutsideWindow {}) };
                assert_eq!(told, expected, "{slot} {because:?} {acute} {overdue} {ill}");
            }
        }
    }
}

#[test]
fn tm_04_it_begins_ahead_within_two_years() {
    let two_years = (now().checked_add_months(Months::new(24)).unwrap() - now()).num_seconds();
    for (later, taken) in
        [(-1, false), (0, false), (1, true), (two_years, true), (two_years + 1, false)]
    {
        let starts_at = now() + TimeDelta::seconds(later);
        let ends_at = starts_at + TimeDelta::hours(1);
        let place = Place { starts_at, ends_at, ..place(true, None) };
        assert_eq!(place.ensure_suits(Some(&need(false, false)), false, now()).is_ok(), taken);
    }
}

#[test]
fn tm_04_it_lasts_a_quarter_of_an_hour_to_four_hours() {
    for (minutes, taken) in
        [(-1, false), (0, false), (14, false), (15, true), (240, true), (241, false)]
    {
        let at = place(true, None);
        let at = Place { ends_at: at.starts_at + TimeDelta::minutes(minutes), ..at };
        assert_eq!(at.ensure_suits(Some(&need(false, false)), false, now()).is_ok(), taken);
    }
}

/// NM-1: a network meeting has a time of its own, and no window.
#[test]
fn nm_01_a_network_meeting_has_no_window() {
    assert_eq!(place(false, None).ensure_suits(None, false, now()), Ok(()));
    assert!(place(true, None).ensure_suits(None, false, now()).is_err());
    assert!(place(false, Some(OutsideBecause::Acute)).ensure_suits(None, false, now()).is_err());
}

#[test]
fn tm_06_somebody_of_each_side_is_called() {
    let [sends, receives, guides] = [
        called(Department::ChildrenAndYouth, 7, 1),
        called(Department::JobsAndWelfare, 8, 2),
        called(Department::Guidance, 9, 3),
    ];
    // Of the unit that raised the need, of UU or of J&V: many have no case in the family department.
    let [raised, beside, jobs, works] = [
        called(Department::Guidance, 3, 4),
        called(Department::Guidance, 3, 5),
        called(Department::JobsAndWelfare, 3, 6),
        called(Department::JobsAndWelfare, 3, 7),
    ];
    let missing =
        |missing: &[Side]| Err(MeetingRefusal::PartyMissing { missing: missing.to_vec() });
    for (who, expected) in [
        (vec![sends, receives, guides], Ok(())),
        (vec![raised, receives, guides], Ok(())),
        (vec![raised, receives, beside], Ok(())),
        (vec![sends, receives, raised], Ok(())),
        (vec![jobs, receives, guides], Ok(())),
        (vec![jobs, works, guides], Ok(())),
        // Nobody stands for two sides.
        (vec![raised, receives], missing(&[Side::Sending])),
        (vec![jobs, guides], missing(&[Side::Sending])),
        (vec![guides, receives], missing(&[Side::Sending])),
        (vec![sends, guides], missing(&[Side::Receiving])),
        (vec![sends, receives], missing(&[Side::Guidance])),
        (vec![], missing(Side::VARIANTS)),
    ] {
        assert_eq!(need(false, false).ensure_parties(&who), expected, "{who:?}");
    }
    let closed = MetNeed { open: false, ..need(true, true) };
    assert_eq!(
        closed.ensure_parties(&[sends, receives, guides]),
        Err(MeetingRefusal::NeedNotOpen {})
    );
}

/// TM-10: every step in every state.
#[test]
fn tm_10_what_was_held_or_cancelled_stays() {
    for state in MeetingState::VARIANTS {
        for step in MeetingStep::VARIANTS {
            let may = match step {
                MeetingStep::SendMinutes => *state == MeetingState::Held,
                MeetingStep::ProtectPlace => true,
                _ => *state == MeetingState::Planned,
            };
            let told = meeting(MeetingKind::Transition, *state).ensure_may(*step);
            assert_eq!(told.is_ok(), may, "{state:?} {step:?}");
        }
    }
}

#[test]
fn tm_08_held_is_all_that_it_means() {
    let [young_person, adviser, jobs, guides, doctor] = [1, 2, 3, 4, 5].map(Uuid::from_u128);
    let employee = |id, department, unit| Expected {
        id,
        party: Party::Employee,
        excused: false,
        called: Some(Called {
            employee: EmployeeId(id),
            unit: UnitId(Uuid::from_u128(unit)),
            department,
        }),
    };
    let other = |id, party, excused| Expected { id, party, excused, called: None };
    let expected = [
        other(young_person, Party::YoungPerson, false),
        employee(adviser, Department::ChildrenAndYouth, 3),
        employee(jobs, Department::JobsAndWelfare, 8),
        employee(guides, Department::Guidance, 9),
        other(doctor, Party::Outside, true),
    ];
    let raised_by = Some(UnitId(Uuid::from_u128(3)));
    let told_of = |participant_id, came, reason: Option<&str>| Attendance {
        participant_id,
        came,
        absence_reason: reason.map(str::to_owned),
    };
    let came = |id| told_of(id, true, None);
    let all = [told_of(young_person, false, None), came(adviser), came(jobs), came(guides)];
    let day = now().date_naive();
    let receiver = Some(Receiver {
        unit_id: UnitId(Uuid::from_u128(8)),
        employee_id: EmployeeId(Uuid::from_u128(6)),
        supports_from: day,
        coordinates_from: day,
    });
    let whole = || Holding {
        attendance: &all,
        topics: Topic::VARIANTS,
        other: false,
        decisions: 1,
        receiver,
    };
    let begun = now() + TimeDelta::hours(1);
    let planned = meeting(MeetingKind::Transition, MeetingState::Planned);
    let hold = |told: &Holding<'_>, at| planned.hold(raised_by, &expected, told, at);
    // The young person was called, and may stay away without a reason.
    assert_eq!(hold(&whole(), begun), Ok(()));
    let early = hold(&whole(), begun - TimeDelta::seconds(1));
    assert_eq!(early, Err(MeetingRefusal::NotBegun { starts_at: begun }));

    let lacking = |told: Holding<'_>| match hold(&told, begun) {
        Err(MeetingRefusal::NotComplete { lacks }) => lacks,
        other => panic!("{other:?}"),
    };
    let part = all.get(1..).unwrap();
    assert_eq!(
        lacking(Holding { attendance: part, ..whole() }),
        [Lack::Attendance { participant_id: young_person }]
    );
    assert_eq!(lacking(Holding { decisions: 0, ..whole() }), [Lack::Decision]);
    assert_eq!(lacking(Holding { receiver: None, ..whole() }), [Lack::Receiver]);
    for topic in Topic::VARIANTS {
        let others: Vec<Topic> =
            Topic::VARIANTS.iter().copied().filter(|one| one != topic).collect();
        assert_eq!(
            lacking(Holding { topics: &others, other: true, ..whole() }),
            [Lack::Topic { topic: *topic }]
        );
    }
    // Somebody of each side came.
    for (who, side) in [(adviser, Side::Sending), (jobs, Side::Receiving), (guides, Side::Guidance)]
    {
        let attendance: Vec<Attendance> = all
            .iter()
            .map(|one| {
                if one.participant_id == who {
                    told_of(who, false, Some("Syg"))
                } else {
                    one.clone()
                }
            })
            .collect();
        assert_eq!(lacking(Holding { attendance: &attendance, ..whole() }), [Lack::Side { side }]);
    }

    // NM-2: an absence of the municipality has a reason.
    let network = meeting(MeetingKind::Network, MeetingState::Planned);
    let absent = [came(young_person), told_of(adviser, false, None), came(jobs), came(guides)];
    let bare =
        |attendance| Holding { attendance, topics: &[], other: true, decisions: 0, receiver: None };
    let told = network.hold(None, &expected, &bare(&absent), begun);
    assert_eq!(told, Err(MeetingRefusal::AbsenceWithoutReason { participants: vec![adviser] }));

    // The others are held with less: by whoever came, with something said.
    let nobody: Vec<Attendance> =
        all.iter().map(|one| told_of(one.participant_id, false, Some("Syg"))).collect();
    for kind in [MeetingKind::Sparring, MeetingKind::Network] {
        let planned = meeting(kind, MeetingState::Planned);
        let lacks = |told: Holding<'_>| match planned.hold(raised_by, &expected, &told, begun) {
            Ok(()) => vec![],
            Err(MeetingRefusal::NotComplete { lacks }) => lacks,
            other => panic!("{other:?}"),
        };
        assert_eq!(lacks(bare(&all)), []);
        assert_eq!(lacks(Holding { other: false, ..bare(&all) }), [Lack::Minutes]);
        assert_eq!(lacks(bare(&nobody)), [Lack::Anybody]);
    }
}

#[test]
fn nm_01_the_birth_and_the_end_are_told_once_and_in_their_days() {
    let day = |n: u64| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(n);
    let known = |n| Pregnancy { known_on: day(n), born_on: None, ended_on: None };
    for (born, today, taken) in [
        (0, 0, true),
        (1, 0, false),
        (300, 400, true),
        (301, 400, false),
        (200, 200, true),
        (201, 200, false),
    ] {
        let told = known(0).ensure_birth(day(born), day(today));
        assert_eq!(told.is_ok(), taken, "{born} {today}");
    }
    assert!(known(1).ensure_birth(day(0), day(9)).is_err());
    let born = Pregnancy { born_on: Some(day(5)), ..known(0) };
    assert_eq!(born.ensure_birth(day(5), day(9)), Err(MeetingRefusal::BirthTold {}));
    for (pregnancy, on, taken) in [
        (known(1), 0, false),
        (known(1), 1, true),
        (known(1), 9, true),
        (known(1), 10, false),
        (born, 4, false),
        (born, 5, true),
    ] {
        assert_eq!(pregnancy.ensure_end(day(on), day(9)).is_ok(), taken, "{pregnancy:?} {on}");
    }
    let ended = Pregnancy { ended_on: Some(day(5)), ..known(0) };
    for told in [ended.ensure_end(day(6), day(9)), ended.ensure_birth(day(6), day(9))] {
        assert_eq!(told, Err(MeetingRefusal::PregnancyEnded {}));
    }
}

/// The first that is lacking; the second waits for the birth, and none is asked of one that ended.
#[test]
fn nm_01_which_meeting_is_next() {
    let day = now().date_naive();
    let known = Pregnancy { known_on: day, born_on: None, ended_on: None };
    let born = Pregnancy { born_on: Some(day), ..known };
    for (there, before, after) in [
        (&[][..], Some(1), Some(1)),
        (&[1], None, Some(2)),
        (&[2], Some(1), Some(1)),
        (&[1, 2], None, None),
    ] {
        assert_eq!((known.next_meeting(there), born.next_meeting(there)), (before, after));
        let ended = Pregnancy { ended_on: Some(day), ..born };
        assert_eq!(ended.next_meeting(there), None);
    }
}
