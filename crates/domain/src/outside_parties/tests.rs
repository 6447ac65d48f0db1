//! PL-16: what may be sent to somebody outside, and on which day.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn words() -> String {
    "Fordi.".to_owned()
}

fn consent(until: Option<&str>, withdrawn_on: Option<&str>) -> Ground {
    Ground::Consent(Consent {
        given_on: day("2026-11-02"),
        purpose: words(),
        areas: Areas::of(&[InformationArea::Health, InformationArea::Plan]),
        until: until.map(day),
        withdrawn_on: withdrawn_on.map(day),
    })
}

fn doctor(ground: Ground, ended_on: Option<&str>) -> ExternalParticipant {
    ExternalParticipant {
        information_area: OutsideRole::Doctor.tells_of(),
        name: "Lægehuset".to_owned(),
        role: OutsideRole::Doctor,
        role_words: None,
        organisation: None,
        contact: None,
        ground,
        ended_on: ended_on.map(day),
    }
}

fn sending(on: &str, basis: Basis) -> Sending {
    Sending {
        information_area: InformationArea::Health,
        what: "Planen".to_owned(),
        disclosure: Disclosure { on: day(on), basis },
    }
}

#[test]
fn pl_16_under_a_consent_is_sent_what_it_covers_on_the_days_on_which_it_holds() {
    let no_basis = Err(OutsideRefusal::NoBasis {});
    for (until, withdrawn, on, expected) in [
        (None, None, "2026-11-01", no_basis.clone()),
        (None, None, "2026-11-02", Ok(())),
        (Some("2026-11-10"), None, "2026-11-10", Ok(())),
        (Some("2026-11-10"), None, "2026-11-11", no_basis.clone()),
        (None, Some("2026-11-10"), "2026-11-09", Ok(())),
        (None, Some("2026-11-10"), "2026-11-10", no_basis.clone()),
        (Some("2026-11-20"), Some("2026-11-10"), "2026-11-15", no_basis.clone()),
        // Withdrawn on the day it was given, it never held.
        (None, Some("2026-11-02"), "2026-11-02", no_basis.clone()),
    ] {
        let doctor = doctor(consent(until, withdrawn), None);
        let sent = doctor.send(&sending(on, Basis::Consent { words: words() }));
        assert_eq!(sent, expected, "until {until:?}, withdrawn {withdrawn:?}, sent {on}");
        // Law and necessity hold by themselves.
        for basis in [
            Basis::Necessity { words: words() },
            Basis::Law { paragraph: "§ 1".to_owned(), words: words() },
        ] {
            assert_eq!(doctor.send(&sending(on, basis)), Ok(()));
        }
    }
}

#[test]
fn pl_16_a_consent_covers_the_areas_it_names() {
    let doctor = doctor(consent(None, None), None);
    for area in InformationArea::VARIANTS {
        let sending = Sending {
            information_area: *area,
            ..sending("2026-11-03", Basis::Consent { words: words() })
        };
        let covered = matches!(area, InformationArea::Health | InformationArea::Plan);
        assert_eq!(doctor.send(&sending).is_ok(), covered, "{area:?}");
    }
}

#[test]
fn pl_16_without_a_consent_nothing_is_sent_under_one() {
    let doctor = doctor(Ground::Without(Basis::Necessity { words: words() }), None);
    let under_consent = sending("2026-11-03", Basis::Consent { words: words() });
    assert_eq!(doctor.send(&under_consent), Err(OutsideRefusal::NoBasis {}));
    assert_eq!(doctor.withdraw_consent(day("2026-11-03")), Err(OutsideRefusal::NoConsent {}));
}

#[test]
fn pl_16_nothing_is_sent_after_the_end_and_each_ends_once() {
    let today = day("2026-11-10");
    let ended = doctor(consent(None, None), Some("2026-11-10"));
    let necessary = |on| sending(on, Basis::Necessity { words: words() });
    assert_eq!(ended.send(&necessary("2026-11-10")), Ok(()));
    assert_eq!(ended.send(&necessary("2026-11-11")), Err(OutsideRefusal::Ended {}));
    assert_eq!(ended.end(today), Err(OutsideRefusal::Ended {}));
    // A consent is withdrawn also then.
    let withdrawn = OutsideEvent::ConsentWithdrawn { withdrawn_on: today };
    assert_eq!(ended.withdraw_consent(today), Ok(withdrawn));
    let there = doctor(consent(None, Some("2026-11-09")), None);
    assert_eq!(there.end(today), Ok(OutsideEvent::Ended { ended_on: today }));
    assert_eq!(there.withdraw_consent(today), Err(OutsideRefusal::NoConsent {}));
}

#[test]
fn pl_16_a_ground_is_a_consent_or_what_needs_none() {
    let Ground::Consent(given) = consent(None, None) else { unreachable!() };
    let necessity = Basis::Necessity { words: words() };
    let without_days = Basis::Consent { words: words() };
    assert!(Ground::new(Some(given.clone()), None).is_some());
    assert!(Ground::new(None, Some(necessity.clone())).is_some());
    for (consent, basis) in
        [(None, None), (Some(given), Some(necessity)), (None, Some(without_days))]
    {
        assert_eq!(Ground::new(consent, basis), None);
    }
}

#[test]
fn pl_16_ac_03_who_takes_part_tells_of_illness_and_crime() {
    use InformationArea::{Crime, Health, Plan};
    let told: Vec<_> = OutsideRole::VARIANTS.iter().map(|role| role.tells_of()).collect();
    assert_eq!(told, [Health, Health, Crime, Plan, Health, Health, Plan]);
}
