//! Meetings as a calendar (RFC 5545): initials and place, and nothing else of anybody (TM-13).

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use persistence::meetings::subscriptions::CalendarEntry;

/// The longest line, in octets without its break.
const LONGEST: usize = 75;

/// The first lines of each calendar.
const HEAD: [&str; 5] = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Enplan//Enplan//DA",
    "CALSCALE:GREGORIAN",
    "METHOD:PUBLISH",
];
/// The name of a subscribed calendar and its refresh interval (RFC 7986), also under the older property names for
/// programs that support only those.
const FEED: [&str; 4] = [
    "NAME:Møder i Enplan",
    "X-WR-CALNAME:Møder i Enplan",
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    "X-PUBLISHED-TTL:PT1H",
];
/// The time zone of Copenhagen since 1996. A calendar must have a component even if it contains no meetings (RFC 5545,
/// 3.6); this one contains no personal data. The timestamps themselves are in UTC.
const CLOCK: [&str; 17] = [
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Copenhagen",
    "BEGIN:DAYLIGHT",
    "DTSTART:19960331T020000",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "DTSTART:19961027T030000",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
];

/// Returns one meeting, to be imported into a calendar.
pub fn one(entry: &CalendarEntry) -> HttpResponse {
    answer(&[], std::slice::from_ref(entry))
}

/// Returns a subscribed calendar. It contains a cancelled meeting as cancelled, so that calendar programs remove it.
/// Each change increases the sequence.
pub fn feed(entries: &[CalendarEntry]) -> HttpResponse {
    answer(&FEED, entries)
}

fn answer(about: &[&str], entries: &[CalendarEntry]) -> HttpResponse {
    HttpResponse::Ok().content_type("text/calendar; charset=utf-8").body(calendar(about, entries))
}

fn calendar(about: &[&str], entries: &[CalendarEntry]) -> String {
    let mut text = String::new();
    for line in HEAD.iter().chain(about).chain(&CLOCK) {
        fold(&mut text, line);
    }
    for entry in entries {
        event(&mut text, entry);
    }
    fold(&mut text, "END:VCALENDAR");
    text
}

fn event(text: &mut String, entry: &CalendarEntry) {
    let status = if entry.cancelled { "CANCELLED" } else { "CONFIRMED" };
    let lines = [
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@enplan", entry.meeting_id),
        format!("SEQUENCE:{}", entry.sequence),
        format!("DTSTAMP:{}", moment(entry.changed_at)),
        format!("LAST-MODIFIED:{}", moment(entry.changed_at)),
        format!("DTSTART:{}", moment(entry.starts_at)),
        format!("DTEND:{}", moment(entry.ends_at)),
        // The same of every kind of meeting: which one it is may give somebody away.
        format!("SUMMARY:{}", escaped(&format!("Møde {}", entry.initials))),
        format!("STATUS:{status}"),
        // A cancelled meeting does not make its participants busy.
        format!("TRANSP:{}", if entry.cancelled { "TRANSPARENT" } else { "OPAQUE" }),
        "CLASS:PRIVATE".to_owned(),
    ];
    for line in lines {
        fold(text, &line);
    }
    if let Some(place) = &entry.place {
        fold(text, &format!("LOCATION:{}", escaped(place)));
    }
    fold(text, "END:VEVENT");
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(words: &str) -> String {
    let mut told = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\\' | ';' | ',' => told.extend(['\\', letter]),
            '\n' => told.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => told.push(letter),
        }
    }
    told
}

/// Writes a line, broken where it is longer than a line may be, between two letters.
fn fold(text: &mut String, line: &str) {
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LONGEST {
            text.push_str("\r\n ");
            length = 1;
        }
        text.push(letter);
        length += letter.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tm_13_long_lines_are_folded_between_letters() {
        let mut text = String::new();
        fold(&mut text, &format!("LOCATION:{}", "æ".repeat(100)));
        for line in text.trim_end().split("\r\n") {
            assert!(line.len() <= LONGEST, "{}", line.len());
        }
        assert_eq!(text.replace("\r\n ", ""), format!("LOCATION:{}\r\n", "æ".repeat(100)));
    }

    #[test]
    fn tm_13_what_has_a_meaning_is_escaped() {
        assert_eq!(
            escaped("Lokale 2, Rådhuset; a\\b\nc\rd"),
            "Lokale 2\\, Rådhuset\\; a\\\\b\\ncd"
        );
    }
}
