//! DL-6: the calendar, held against others.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn dl_06_the_church_calendar_decides_what_a_working_day_is() {
    // Easter 2026 is 5 April.
    for free in [
        "2026-04-02",
        "2026-04-03",
        "2026-04-06",
        "2026-05-14",
        "2026-05-25",
        "2026-06-05",
        "2026-12-24",
        "2026-12-25",
        "2026-12-31",
        "2027-01-01",
        "2026-11-21",
        "2023-05-05",
    ] {
        assert!(!is_working_day(day(free)), "{free}");
    }
    for work in ["2026-04-01", "2026-04-07", "2026-05-15", "2026-11-23", "2024-04-26", "2026-12-28"]
    {
        assert!(is_working_day(day(work)), "{work}");
    }
}

#[test]
fn dl_06_five_working_days_step_over_a_weekend_and_christmas() {
    assert_eq!(add_working_days(day("2026-11-20"), 5), day("2026-11-27"));
    assert_eq!(add_working_days(day("2026-11-22"), 5), day("2026-11-27"));
    assert_eq!(add_working_days(day("2026-12-22"), 5), day("2027-01-04"));
}

#[test]
fn a_month_is_written_with_year_and_number() {
    let november: Month = "2026-11".parse().unwrap();
    assert_eq!((november.first_day(), november.to_string()), (day("2026-11-01"), "2026-11".into()));
    assert_eq!(november, Month::of(day("2026-11-30")));
    assert_eq!(
        [november.later(2), november.before(11)].map(|month| month.to_string()),
        ["2027-01", "2025-12"]
    );
    for text in [
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "202611-",
        "2026-11-01",
        "26-11-1",
        "+026-11",
        "2026/11",
        "",
    ] {
        assert_eq!(text.parse::<Month>(), Err(NoMonth), "{text}");
    }
}

#[test]
fn a_day_begins_at_midnight_in_copenhagen() {
    assert_eq!(day_of("2026-11-21T22:59:59Z".parse().unwrap()), day("2026-11-21"));
    assert_eq!(day_of("2026-11-21T23:00:00Z".parse().unwrap()), day("2026-11-22"));
    assert_eq!(day_of("2026-06-30T22:00:00Z".parse().unwrap()), day("2026-07-01"));
    for (begins, at) in [
        ("2026-11-22", "2026-11-21T23:00:00Z"),
        ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("2027-03-28", "2027-03-27T23:00:00Z"),
        ("2027-10-31", "2027-10-30T22:00:00Z"),
    ] {
        assert_eq!(start_of(day(begins)), at.parse::<DateTime<Utc>>().unwrap());
    }
}

/// The church's moving holidays as the calendars of those years print them: Maundy Thursday, Good Friday, Easter
/// Sunday, Easter Monday, Store Bededag (to 2023), Ascension, Whit Monday.
const MOVING: [(&str, &str); 21] = [
    ("2015", "04-02 04-03 04-05 04-06 05-01 05-14 05-25"),
    ("2016", "03-24 03-25 03-27 03-28 04-22 05-05 05-16"),
    ("2017", "04-13 04-14 04-16 04-17 05-12 05-25 06-05"),
    ("2018", "03-29 03-30 04-01 04-02 04-27 05-10 05-21"),
    ("2019", "04-18 04-19 04-21 04-22 05-17 05-30 06-10"),
    ("2020", "04-09 04-10 04-12 04-13 05-08 05-21 06-01"),
    ("2021", "04-01 04-02 04-04 04-05 04-30 05-13 05-24"),
    ("2022", "04-14 04-15 04-17 04-18 05-13 05-26 06-06"),
    ("2023", "04-06 04-07 04-09 04-10 05-05 05-18 05-29"),
    ("2024", "03-28 03-29 03-31 04-01 - 05-09 05-20"),
    ("2025", "04-17 04-18 04-20 04-21 - 05-29 06-09"),
    ("2026", "04-02 04-03 04-05 04-06 - 05-14 05-25"),
    ("2027", "03-25 03-26 03-28 03-29 - 05-06 05-17"),
    ("2028", "04-13 04-14 04-16 04-17 - 05-25 06-05"),
    ("2029", "03-29 03-30 04-01 04-02 - 05-10 05-21"),
    ("2030", "04-18 04-19 04-21 04-22 - 05-30 06-10"),
    ("2031", "04-10 04-11 04-13 04-14 - 05-22 06-02"),
    ("2032", "03-25 03-26 03-28 03-29 - 05-06 05-17"),
    ("2033", "04-14 04-15 04-17 04-18 - 05-26 06-06"),
    ("2034", "04-06 04-07 04-09 04-10 - 05-18 05-29"),
    ("2035", "03-22 03-23 03-25 03-26 - 05-03 05-14"),
];
/// Those that stand still, and (chosen) 5 June, 24 and 31 December.
const STANDING: [&str; 6] = ["01-01", "06-05", "12-24", "12-25", "12-26", "12-31"];

#[test]
fn dl_06_working_days_of_2015_to_2035_are_those_of_the_printed_calendars() {
    let mut counted = 0;
    for (year, moving) in MOVING {
        let closed: Vec<NaiveDate> = moving
            .split(' ')
            .filter(|one| *one != "-")
            .chain(STANDING)
            .map(|one| day(&format!("{year}-{one}")))
            .collect();
        let first = day(&format!("{year}-01-01"));
        for on in first.iter_days().take_while(|on| on.year() == first.year()) {
            let at_weekend = on.weekday().number_from_monday() > 5;
            assert_eq!(is_working_day(on), !at_weekend && !closed.contains(&on), "{on}");
            counted += 1;
        }
    }
    assert_eq!(counted, 21 * 365 + 5, "2016, 2020, 2024, 2028 and 2032 have a day more");
}

/// Easter by golden number and epact, as the tables of the calendar's reform have it: the Sunday after the full
/// moon that falls on 21 March or later.
fn easter_by_epact(year: i32) -> NaiveDate {
    let (golden, century) = (year % 19 + 1, year / 100 + 1);
    let (dropped, moon) = (3 * century / 4 - 12, (8 * century + 5) / 25 - 5);
    let mut epact = (11 * golden + 20 + moon - dropped).rem_euclid(30);
    if epact == 25 && golden > 11 || epact == 24 {
        epact += 1;
    }
    let full_moon = if epact > 23 { 74 - epact } else { 44 - epact };
    let march = NaiveDate::from_ymd_opt(year, 3, 1).unwrap();
    let full_moon = march + Days::new(u64::try_from(full_moon - 1).unwrap());
    full_moon.iter_days().skip(1).find(|on| on.weekday() == Weekday::Sun).unwrap()
}

/// Easter by the rule of Gauss, with the constants of 1900 to 2099.
fn easter_by_gauss(year: i32) -> NaiveDate {
    let moon = (19 * (year % 19) + 24) % 30;
    let sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
    let days = match (moon, sunday) {
        (29, 6) => 22 + 28,
        (28, 6) if year % 19 > 10 => 22 + 27,
        _ => 22 + moon + sunday,
    };
    NaiveDate::from_ymd_opt(year, 3, 1).unwrap() + Days::new(u64::try_from(days - 1).unwrap())
}

#[test]
fn dl_06_easter_is_the_same_by_every_way_of_finding_it() {
    for year in 1900..2100 {
        let (epact, gauss) = (easter_by_epact(year), easter_by_gauss(year));
        assert_eq!(epact, gauss, "{year}");
        assert!(is_working_day(epact + Days::new(2)), "{year}: the Tuesday after");
        for closed in [-3_i64, -2, 1, 39, 50] {
            let on = epact + TimeDelta::days(closed);
            assert!(!is_working_day(on), "{on}");
        }
    }
    for (year, moving) in MOVING {
        let printed = day(&format!("{year}-{}", moving.split(' ').nth(2).unwrap()));
        assert_eq!(easter_by_epact(printed.year()), printed);
    }
}

#[test]
fn dl_06_store_bededag_was_a_holiday_to_2023() {
    for year in 1900..2100 {
        let fourth_friday = easter_by_epact(year) + Days::new(26);
        assert_eq!(is_working_day(fourth_friday), year >= 2024, "{fourth_friday}");
    }
}

#[test]
fn u12_clocks_may_differ_by_five_minutes() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let now = at("2026-11-23T09:00:00Z");
    for (said, kept) in [
        ("2026-11-23T08:59:59Z", "2026-11-23T08:59:59Z"),
        ("2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:00:02Z", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:05:00Z", "2026-11-23T09:00:00Z"),
        ("2026-11-23T09:05:00.000001Z", "2026-11-23T09:05:00.000001Z"),
    ] {
        assert_eq!(happened_at(at(said), now), at(kept), "{said}");
    }
}
