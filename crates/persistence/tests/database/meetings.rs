//! Meetings in the database: what nobody can write, whoever asks (TM-4 to TM-8, TM-10, NM-1, NM-2), and who sees them.

use crate::fixture::town;
use crate::sql::{NOW, Prompt, id};
use test_support::TestDatabase;

/// Rooms 700 and 701 with slots 720 and 721 in window 710; young person 101 of 16 and young person 102 of 17, of the youth unit 5,
/// with the adviser 15; their needs 500 (open) and 502 (open, past due); guardian 160 of 101. Meeting 800 about 101 in slot 720,
/// to which 101, and so their guardian, and the employees 15 and 11 are called.
pub const CALENDAR: &str = "
    INSERT INTO unit (id, code, name, department, parent_id, path, operational) VALUES (#5, 'youth', 'Youth', 'BU', NULL, ARRAY[#5], true);
    INSERT INTO employee (id, username, given_name, family_name) VALUES (#15, 'e15', 'Employee', '15');
    INSERT INTO session (id, employee_id, started_at, refreshed_at) VALUES (#1015, #15, '2026-11-22 09:00:00+00', '2026-11-22 09:00:00+00');
    INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from) VALUES (#25, #15, 'adviser', #5, '2026-01-01');
    INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at) VALUES
        (#101, #5, 'Ida', 'Holm', '2010-05-22', '2026-11-01'), (#102, #5, 'Bo', 'Bak', '2009-05-22', '2026-11-01');
    INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from) VALUES
        (#201, #101, #5, 'unit', 'registration', 7, #101, 'registered', '2026-11-01'),
        (#202, #102, #5, 'unit', 'registration', 7, #102, 'registered', '2026-11-01');
    INSERT INTO guardian (id, young_person_id, writing_unit_id, name, relation, has_custody, from_day, told_at)
        VALUES (#160, #101, #5, 'Mor', 'mother', true, '2010-05-22', '2026-11-01');
    INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, guide, acute, reason, raised_on, raised_by_id, state) VALUES
        (#500, #101, #5, 'by-hand', 17, false, 'x', '2026-11-01', #15, 'open'), (#502, #102, #5, 'by-hand', 17, false, 'x', '2026-11-01', #15, 'open');
    INSERT INTO meeting_room (id, unit_id, name, place) VALUES (#700, #5, 'A', 'x'), (#701, #5, 'B', 'x');
    INSERT INTO meeting_window (id, unit_id, first_day, last_day) VALUES (#710, #5, '2026-12-01', '2026-12-14');
    INSERT INTO meeting_slot (id, window_id, room_id, starts_at, ends_at) VALUES
        (#720, #710, #700, '2026-12-01 09:00+00', '2026-12-01 10:00+00'), (#721, #710, #701, '2026-12-01 09:00+00', '2026-12-01 10:00+00'),
        (#722, #710, #700, '2026-12-02 09:00+00', '2026-12-02 10:00+00');
    INSERT INTO meeting (id, young_person_id, writing_unit_id, kind, need_id, slot_id, room_id, starts_at, ends_at, called_by_id, called_at, changed_at)
        VALUES (#800, #101, #5, 'transition', #500, #720, #700, '2026-12-01 09:00+00', '2026-12-01 10:00+00', #15, '2026-11-22', '2026-11-22');
    INSERT INTO meeting_participant (id, meeting_id, young_person_id, writing_unit_id, busy, party, unit_id, employee_id, invited_at)
        SELECT p.id, m.id, m.young_person_id, #5, m.busy, p.party, p.unit, p.who, '2026-11-22' FROM meeting m
         CROSS JOIN (VALUES (#810, 'young-person', NULL, NULL), (#811, 'employee', #5, #15), (#812, 'employee', #2, #11)) p (id, party, unit, who);
";

async fn calendar() -> (TestDatabase, Prompt) {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run(CALENDAR).await;
    (database, admin)
}

/// A meeting about somebody, as the columns from its kind on tell.
fn meeting(person: u32, columns: &str) -> String {
    let area = if columns.starts_with("'network'") { 8 } else { 2 };
    format!(
        "INSERT INTO meeting (id, young_person_id, information_area, writing_unit_id, called_by_id, called_at, changed_at, kind, need_id,
             pregnancy_id, network_no, without_because, slot_id, outside_because, room_id, starts_at, ends_at)
         VALUES (#801, #{person}, {area}, #5, #15, '2026-11-22', '2026-11-22', {columns});"
    )
}

fn participant(columns: &str) -> String {
    format!(
        "INSERT INTO meeting_participant (id, meeting_id, young_person_id, writing_unit_id, busy, invited_at, party, unit_id, employee_id,
             guardian_id, name, role)
         SELECT #813, m.id, m.young_person_id, #5, m.busy, '2026-11-22', {columns} FROM meeting m WHERE m.id = #800;"
    )
}

const TIME: &str = "'2026-12-01 09:00+00', '2026-12-01 10:00+00'";

/// Every constraint and trigger, as the application and as the owner of the database would meet it.
#[expect(clippy::too_many_lines, reason = "a line for each of them")]
#[tokio::test]
async fn tm_04_tm_05_tm_07_what_nobody_can_write_of_a_meeting() {
    let (database, admin) = calendar().await;
    let app = Prompt::of_app(&database).await;
    let other = "'2026-12-03 09:00+00', '2026-12-03 10:00+00'";
    let cases = [
        // TM-4.
        (meeting(102, &format!("'transition', #502, NULL, NULL, NULL, NULL, NULL, #701, {other}")), "meeting.outside-window"),
        (meeting(102, &format!("'transition', #502, NULL, NULL, NULL, #721, 'overdue', #701, {TIME}")), "meeting.outside-window"),
        (meeting(102, &format!("'transition', #502, NULL, NULL, NULL, NULL, 'acute', #701, {other}")), "meeting.outside-window"),
        (meeting(102, &format!("'transition', #502, NULL, NULL, NULL, NULL, 'illness', #701, {other}")), "meeting.outside-window"),
        (meeting(102, "'transition', #502, NULL, NULL, NULL, NULL, 'overdue', #701, '2026-11-22 10:00+00', '2026-11-22 11:00+00'"), "meeting.time-out-of-range"),
        (meeting(102, "'transition', #502, NULL, NULL, NULL, NULL, 'overdue', #701, '2026-12-03 09:00+00', '2026-12-03 09:14+00'"), "meeting.time-out-of-range"),
        (meeting(102, &format!("'transition', #502, NULL, NULL, NULL, #721, NULL, #701, {other}")), "meeting_slot_id_room_id_starts_at_ends_at_fkey"),
        (meeting(102, "'transition', #502, NULL, NULL, NULL, NULL, 'overdue', #701, '2028-11-23 09:00+00', '2028-11-23 10:00+00'"), "meeting.time-out-of-range"),
        (format!("UPDATE meeting_slot SET withdrawn_at = '2026-11-22' WHERE id = #721; {}",
             meeting(102, &format!("'transition', #502, NULL, NULL, NULL, #721, NULL, #701, {TIME}"))), "meeting-calendar.withdrawn"),
        (format!("UPDATE meeting_room SET withdrawn_at = '2026-11-22' WHERE id = #701; {}",
             meeting(102, &format!("'transition', #502, NULL, NULL, NULL, NULL, 'overdue', #701, {other}"))), "meeting-calendar.withdrawn"),
        // What it is held for.
        (meeting(102, &format!("'transition', #502, NULL, NULL, NULL, #721, NULL, #701, {TIME}")).replace(", 2, #5", ", 8, #5"), "meeting_area"),
        (meeting(102, &format!("'transition', NULL, NULL, NULL, NULL, #721, NULL, #701, {TIME}")), "meeting_is_held_for_something"),
        (meeting(102, &format!("'sparring', #502, NULL, NULL, NULL, #721, NULL, #701, {TIME}")), "meeting_is_held_for_something"),
        (meeting(102, &format!("'network', NULL, NULL, 1, NULL, NULL, NULL, #701, {other}")), "meeting_is_held_for_something"),
        (meeting(102, &format!("'sparring', #500, NULL, NULL, 'x', #721, NULL, #701, {TIME}")), "meeting_need_id_young_person_id_fkey"),
        (meeting(101, "'transition', #500, NULL, NULL, NULL, #722, NULL, #700, '2026-12-02 09:00+00', '2026-12-02 10:00+00'"), "meeting.already-booked"),
        // TM-5.
        (meeting(102, &format!("'transition', #502, NULL, NULL, NULL, #720, NULL, #700, {TIME}")), "meeting.double-booked:room"),
        (format!("INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, registered_by_id, registered_at)
             VALUES (#900, #101, #5, '2026-11-22', #15, '2026-11-22'); {}",
             meeting(101, "'network', NULL, #900, 1, NULL, NULL, NULL, #701, '2026-12-01 09:59+00', '2026-12-01 10:59+00'")), "meeting.double-booked:young-person"),
        (format!("{} INSERT INTO meeting_participant (id, meeting_id, young_person_id, writing_unit_id, busy, party, unit_id, employee_id, invited_at)
             SELECT #820, m.id, m.young_person_id, #5, m.busy, 'employee', #5, #15, '2026-11-22' FROM meeting m WHERE m.id = #801",
             meeting(102, &format!("'transition', #502, NULL, NULL, NULL, #721, NULL, #701, {TIME}"))), "meeting.double-booked:employee"),
        // Those who are called.
        (participant("'employee', #5, #15, NULL, NULL, NULL"), "meeting_participant_meeting_id_employee_id_key"),
        (participant("'employee', NULL, #15, NULL, NULL, NULL"), "meeting_participant_party"),
        (participant("'outside', NULL, NULL, NULL, 'x', NULL"), "meeting_participant_party"),
        (participant("'young-person', NULL, NULL, NULL, NULL, NULL"), "meeting_participant_young_person"),
        ("UPDATE meeting_participant SET came = false WHERE id = #811".to_owned(), "meeting.absence-without-reason"),
        ("UPDATE meeting_participant SET absence_reason = 'x' WHERE id = #811".to_owned(), "meeting_participant_came"),
        ("UPDATE meeting_participant SET excused_at = '2026-11-22' WHERE id = #811".to_owned(), "meeting_participant_excuse"),
        ("UPDATE meeting_participant SET came = true, excused_at = '2026-11-22', excuse = 'x' WHERE id = #811".to_owned(), "meeting_participant_came"),
        ("UPDATE meeting_participant SET minutes_sent_at = '2026-11-22', basis_kind = 'consent', basis_words = 'x' WHERE id = #811".to_owned(), "meeting_participant_minutes"),
        // TM-8, TM-10.
        ("UPDATE meeting SET state = 'held', held_at = '2026-12-01 08:59+00' WHERE id = #800".to_owned(), "meeting.not-begun"),
        ("UPDATE meeting SET state = 'cancelled' WHERE id = #800".to_owned(), "meeting_state_columns"),
        ("UPDATE meeting SET state = 'cancelled', cancelled_at = '2026-11-22', cancel_reason = 'x' WHERE id = #800;
          UPDATE meeting SET state = 'planned', cancelled_at = NULL, cancel_reason = NULL WHERE id = #800".to_owned(), "meeting.step-not-allowed"),
        ("INSERT INTO meeting_minutes (id, meeting_id, young_person_id, writing_unit_id) VALUES (#830, #800, #101, #5)".to_owned(), "meeting.step-not-allowed"),
        // NM-1.
        ("INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, registered_by_id, registered_at)
             VALUES (#900, #101, #5, '2026-11-23', #15, '2026-11-22')".to_owned(), "pregnancy_known_on_not_ahead"),
        ("INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, born_on, registered_by_id, registered_at)
             VALUES (#900, #101, #5, '2026-11-20', '2026-11-19', #15, '2026-11-22')".to_owned(), "network-meeting.day-out-of-range"),
        ("INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, registered_by_id, registered_at)
             SELECT gen_random_uuid(), #101, #5, '2026-11-20', #15, '2026-11-22' FROM generate_series(1, 2)".to_owned(), "network-meeting.already-registered"),
        ("INSERT INTO pregnancy (id, young_person_id, information_area, writing_unit_id, known_on, registered_by_id, registered_at)
             VALUES (#900, #101, 2, #5, '2026-11-22', #15, '2026-11-22')".to_owned(), "pregnancy_is_health"),
        ("INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, ended_on, end_reason, registered_by_id, registered_at)
             VALUES (#900, #101, #5, '2026-11-20', '2026-11-19', 'x', #15, '2026-11-22')".to_owned(), "pregnancy_end"),
        ("INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, ended_on, registered_by_id, registered_at)
             VALUES (#900, #101, #5, '2026-11-20', '2026-11-21', #15, '2026-11-22')".to_owned(), "pregnancy_end"),
        ("INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, ended_on, end_reason, registered_by_id, registered_at)
             VALUES (#900, #101, #5, '2026-11-20', '2026-11-23', 'x', #15, '2026-11-22')".to_owned(), "pregnancy_ended_on_not_ahead"),
        // The calendar.
        ("INSERT INTO meeting_room (id, unit_id, name, place) VALUES (#702, #2, ' a', 'X')".to_owned(), "meeting-room.already-told"),
        ("UPDATE meeting_slot SET withdrawn_at = '2026-11-22' WHERE id = #720".to_owned(), "meeting-calendar.in-use"),
        ("UPDATE meeting_window SET withdrawn_at = '2026-11-22' WHERE id = #710".to_owned(), "meeting-calendar.in-use"),
        ("UPDATE meeting_room SET withdrawn_at = '2026-11-22' WHERE id = #700".to_owned(), "meeting-calendar.in-use"),
        ("UPDATE meeting_slot SET withdrawn_at = '2026-11-22' WHERE id = #721; UPDATE meeting_slot SET withdrawn_at = NULL WHERE id = #721".to_owned(),
            "meeting-calendar.withdrawn"),
        ("INSERT INTO meeting_window (id, unit_id, first_day, last_day) VALUES (#711, #5, '2026-11-20', '2026-11-30');
          INSERT INTO meeting_slot (id, window_id, room_id, starts_at, ends_at)
          VALUES (#729, #711, #701, '2026-11-22 09:30+00', '2026-11-22 10:30+00')".to_owned(), "meeting-slot.time-out-of-range"),
        ("INSERT INTO meeting_window (id, unit_id, first_day, last_day) VALUES (#711, #5, '2026-12-14', '2026-12-20')".to_owned(), "meeting-window.overlaps"),
        ("INSERT INTO meeting_window (id, unit_id, first_day, last_day) VALUES (#711, #5, '2027-12-01', '2027-12-15')".to_owned(), "meeting-window.days-out-of-range"),
        ("INSERT INTO meeting_window (id, unit_id, first_day, last_day) VALUES (#711, #5, '2026-01-01', '2026-01-02'), (#712, #5, '2026-02-01', '2026-02-02')".to_owned(),
            "meeting-window.two-a-year"),
        ("INSERT INTO meeting_slot (id, window_id, room_id, starts_at, ends_at) VALUES (#729, #710, #700, '2026-12-01 09:30+00', '2026-12-01 10:30+00')".to_owned(), "meeting-slot.overlaps"),
        ("INSERT INTO meeting_slot (id, window_id, room_id, starts_at, ends_at) VALUES (#729, #710, #700, '2026-12-14 22:30+00', '2026-12-14 23:00+00')".to_owned(), "meeting-slot.time-out-of-range"),
    ];
    let mut wrong = Vec::new();
    for (breaks, code) in &cases {
        admin.run("BEGIN").await;
        let told = admin.refusal(breaks).await;
        if told.as_deref() != Some(*code) {
            wrong.push(format!("owner: {told:?} instead of {code}: {breaks}"));
        }
        admin.rollback().await;
        let calendar_of_all =
            ["meeting_window", "meeting_slot", "meeting_room"].iter().any(|table| {
                breaks.starts_with(&format!("INSERT INTO {table}"))
                    || breaks.starts_with(&format!("UPDATE {table}"))
            });
        if !calendar_of_all {
            app.begin(id(1015), NOW).await;
            let told = app.refusal(breaks).await;
            if told.as_deref() != Some(*code) {
                wrong.push(format!("app: {told:?} instead of {code}: {breaks}"));
            }
            app.rollback().await;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // What is refused beside something passes without it.
    for stands in [
        meeting(102, &format!("'transition', #502, NULL, NULL, NULL, #721, NULL, #701, {TIME}")),
        meeting(
            102,
            &format!("'transition', #502, NULL, NULL, NULL, NULL, 'overdue', #701, {other}"),
        ),
        meeting(101, &format!("'sparring', #500, NULL, NULL, 'x', #721, NULL, #701, {TIME}")),
        participant("'outside', NULL, NULL, NULL, 'x', 'doctor'"),
    ] {
        app.begin(id(1015), NOW).await;
        assert_eq!(app.refusal(&stands).await, None, "{stands}");
        app.rollback().await;
    }
}

/// Cancelled, nobody is in it; moved, those who are called are where it is now; whoever cannot come is free.
#[tokio::test]
async fn tm_05_people_follow_their_meeting() {
    let (_database, admin) = calendar().await;
    let free = async |slot: u32| {
        admin
            .column(&format!("SELECT what FROM meeting_clashes(#101, ARRAY[#15, #11], (SELECT room_id FROM meeting_slot WHERE id = #{slot}),
                (SELECT starts_at FROM meeting_slot WHERE id = #{slot}), (SELECT ends_at FROM meeting_slot WHERE id = #{slot}), NULL) ORDER BY 1"))
            .await
            .join(" ")
    };
    assert_eq!(
        [free(720).await, free(721).await, free(722).await],
        ["employee employee room young-person", "employee employee young-person", ""]
    );
    admin.run("UPDATE meeting SET slot_id = #722, starts_at = '2026-12-02 09:00+00', ends_at = '2026-12-02 10:00+00' WHERE id = #800").await;
    assert_eq!(
        [free(720).await, free(721).await, free(722).await],
        ["", "", "employee employee room young-person"]
    );
    admin.run("UPDATE meeting_participant SET excused_at = '2026-11-22', excuse = 'x' WHERE id = #812").await;
    assert_eq!(free(722).await, "employee room young-person");
    admin.run("UPDATE meeting SET state = 'cancelled', cancelled_at = '2026-11-22', cancel_reason = 'x' WHERE id = #800").await;
    assert_eq!(free(722).await, "");
    assert_eq!(
        admin.value("SELECT count(*) FROM meeting_participant WHERE NOT isempty(busy)").await,
        "0"
    );
}

/// TM-7, TM-8: at commit, a held meeting is all that "held" means.
#[tokio::test]
async fn tm_08_held_is_whole_at_commit() {
    let (_database, admin) = calendar().await;
    admin.run("SELECT set_config('app.now', '2026-12-01 10:00:00+00', false)").await;
    let held =
        "UPDATE meeting SET state = 'held', held_at = '2026-12-01 10:00+00' WHERE id = #800;";
    let came = "UPDATE meeting_participant SET came = true WHERE meeting_id = #800;";
    let minutes = |receiver: &str, housing: &str| {
        format!(
            "INSERT INTO meeting_minutes (id, meeting_id, young_person_id, writing_unit_id, support_needs, education, job_and_income, housing,
                 social_relations, receiving_unit_id, responsible_id) VALUES (#830, #800, #101, #5, 'x', 'x', 'x', {housing}, 'x', {receiver});"
        )
    };
    let decision = |code: &str, from: &str| {
        format!(
            "INSERT INTO meeting_decision (id, meeting_id, young_person_id, writing_unit_id, legal_basis, deciding_unit_id, words, from_day)
             VALUES (#840, #800, #101, #5, '{code}', #2, 'x', '{from}');"
        )
    };
    let (whole, law) = (minutes("#2, #11", "'x'"), decision("lab", "2028-05-22"));
    let not_called = "DELETE FROM meeting_participant WHERE id = #810;";
    let nobody = "UPDATE meeting_participant SET came = false, absence_reason = 'x' WHERE meeting_id = #800;";
    let excused =
        "UPDATE meeting_participant SET excused_at = '2026-11-22', excuse = 'x' WHERE id = #810;";
    let nothing = "INSERT INTO meeting_minutes (id, meeting_id, young_person_id, writing_unit_id) VALUES (#830, #800, #101, #5);";
    let later = "SELECT set_config('app.now', '2026-12-01 10:00:01+00', true);";
    let voided = "DELETE FROM meeting WHERE id = #800;";
    let sent = "UPDATE meeting_participant SET minutes_sent_at = NULL WHERE id = #812;";
    for (statements, expected) in [
        (held.to_owned(), Some("meeting.not-complete")),
        (format!("{held}{whole}{law}"), Some("meeting.not-complete")),
        (format!("{came}{held}{law}"), Some("meeting.not-complete")),
        (format!("{came}{held}{whole}"), Some("meeting.not-complete")),
        (
            format!("{came}{held}{law}{}", minutes("NULL, NULL", "'x'")),
            Some("meeting.not-complete"),
        ),
        (format!("{came}{held}{law}{}", minutes("#2, #11", "NULL")), Some("meeting.not-complete")),
        (
            format!("{came}{held}{whole}{}", decision("lab", "2028-05-21")),
            Some("legal-basis.not-valid"),
        ),
        (
            format!("{came}{held}{whole}{}", decision("sel-76", "2028-05-22")),
            Some("legal-basis.not-valid"),
        ),
        (format!("{not_called}{came}{held}{whole}{law}"), Some("meeting.young-person-not-invited")),
        (format!("{nobody}{held}{whole}{law}"), Some("meeting.not-complete")),
        (format!("{came}{held}{nothing}{law}"), Some("meeting_minutes_told")),
        // Once held, nothing of it is told otherwise, nor later.
        (format!("{came}{held}{whole}{law}{nobody}"), Some("meeting.step-not-allowed")),
        (format!("{came}{held}{whole}{law}{excused}"), Some("meeting.step-not-allowed")),
        (format!("{came}{held}{whole}{later}{law}"), Some("meeting.step-not-allowed")),
        (format!("{came}{held}{whole}{law}{voided}"), Some("meeting.step-not-allowed")),
        (format!("{came}{held}{whole}{law}{sent}"), None),
        (format!("{came}{held}{whole}{law}"), None),
    ] {
        // At commit: what is deferred is asked for now.
        admin.run("BEGIN").await;
        let told = admin.refusal(&format!("{statements} SET CONSTRAINTS ALL IMMEDIATE")).await;
        admin.rollback().await;
        assert_eq!(told.as_deref(), expected, "{statements}");
    }
}

/// YP-9, TM-7: guardians with custody are called to what is held while the young person is under 18, however it is moved and whatever
/// is told of them meanwhile; to a sparring meeting neither is.
#[tokio::test]
async fn yp_09_guardians_follow_the_day_of_the_meeting_and_what_is_told_of_them() {
    let (_database, admin) = calendar().await;
    let called = async || {
        admin
            .column("SELECT name || CASE WHEN excused_at IS NULL THEN '' ELSE ' (not)' END FROM meeting_participant
                      WHERE meeting_id = #800 AND party = 'guardian' ORDER BY name, guardian_id")
            .await
            .join(", ")
    };
    let version = async || admin.value("SELECT version FROM meeting WHERE id = #800").await;
    let to = |day: &str| {
        format!(
            "UPDATE meeting SET starts_at = '{day} 09:00+00', ends_at = '{day} 10:00+00', slot_id = NULL, outside_because = 'acute' WHERE id = #800"
        )
    };
    admin.run("UPDATE transition_need SET acute = true WHERE id = #500").await;
    assert_eq!(called().await, "Mor");
    for (day, expected) in [
        ("2028-05-21", "Mor"),
        ("2028-05-22", "Mor (not)"),
        ("2028-05-23", "Mor (not)"),
        ("2028-05-21", "Mor"),
    ] {
        admin.run(&to(day)).await;
        assert_eq!(called().await, expected, "{day}");
    }
    // Told of after the call; without custody; of another time; and no guardian any more.
    for (id, name, custody, from, to) in [
        (161, "Far", true, "'2020-01-01'", "NULL"),
        (162, "Stedfar", false, "'2020-01-01'", "NULL"),
        (163, "Plejemor", true, "'2020-01-01'", "'2028-05-20'"),
    ] {
        admin
            .run(&format!(
                "INSERT INTO guardian (id, young_person_id, writing_unit_id, name, relation, has_custody, from_day, to_day, told_at)
                 VALUES (#{id}, #101, #5, '{name}', 'other', {custody}, {from}, {to}, '2026-11-01')"
            ))
            .await;
    }
    assert_eq!((called().await.as_str(), version().await.as_str()), ("Far, Mor", "2"));
    admin.run("UPDATE guardian SET has_custody = false WHERE id = #161").await;
    assert_eq!(called().await, "Far (not), Mor");
    admin.run("UPDATE guardian SET has_custody = true WHERE id = #161").await;
    assert_eq!((called().await.as_str(), version().await.as_str()), ("Far, Mor", "4"));
    // Corrected: the name stays, and they are not called any more.
    admin.run("UPDATE guardian SET young_person_id = #102 WHERE id = #161").await;
    assert_eq!(called().await, "Far (not), Mor");
    admin.run("DELETE FROM guardian WHERE id = #160").await;
    assert_eq!(called().await, "Far (not), Mor (not)");
    let pointing = "SELECT count(guardian_id) FROM meeting_participant WHERE meeting_id = #800";
    assert_eq!(admin.value(pointing).await, "0");
    // To a sparring meeting neither is called.
    admin
        .run(&meeting(101, &format!("'sparring', #500, NULL, NULL, 'x', #721, NULL, #701, {TIME}")))
        .await;
    for party in
        ["'young-person', NULL, NULL, NULL, NULL, NULL", "'guardian', NULL, NULL, NULL, 'x', NULL"]
    {
        let call = participant(party).replace("WHERE m.id = #800", "WHERE m.id = #801");
        assert_eq!(admin.refusal(&call).await.as_deref(), Some("meeting.without-young-person"));
    }
    // Nor is somebody called who is none of theirs then.
    let call = participant("'guardian', NULL, NULL, #162, 'x', NULL");
    assert_eq!(admin.refusal(&call).await.as_deref(), Some("guardian.of-age"));
}

/// Of a meeting that was held, who was called stays as it was.
#[tokio::test]
async fn yp_08_a_guardian_is_corrected_and_the_held_meeting_stays() {
    let (_database, admin) = calendar().await;
    admin
        .run("SELECT set_config('app.now', '2026-12-01 10:00:00+00', false);
              UPDATE meeting_participant SET came = true WHERE meeting_id = #800;
              BEGIN;
              UPDATE meeting SET state = 'held', held_at = '2026-12-01 10:00+00' WHERE id = #800;
              INSERT INTO meeting_minutes (id, meeting_id, young_person_id, writing_unit_id, support_needs, education, job_and_income, housing,
                  social_relations, receiving_unit_id, responsible_id) VALUES (#830, #800, #101, #5, 'x', 'x', 'x', 'x', 'x', #2, #11);
              INSERT INTO meeting_decision (id, meeting_id, young_person_id, writing_unit_id, legal_basis, deciding_unit_id, words, from_day)
              VALUES (#840, #800, #101, #5, 'lab', #2, 'x', '2028-05-22');
              COMMIT;
              DELETE FROM guardian WHERE id = #160")
        .await;
    let mother = "SELECT name || coalesce(excuse, '') || came || coalesce(guardian_id::text, '') FROM meeting_participant
                   WHERE meeting_id = #800 AND party = 'guardian'";
    assert_eq!(admin.value(mother).await, "Mortrue");
}

/// TM-4: what is withdrawn goes with its slots, and makes room for another.
#[tokio::test]
async fn tm_04_what_is_withdrawn_is_not_offered_any_more() {
    let (_database, admin) = calendar().await;
    let offered = async || {
        admin
            .column("SELECT slot_id FROM slots_ahead(NULL, '{}', NULL, '2026-11-22', 'infinity', true, '2026-11-22', #1, 9)")
            .await
            .len()
    };
    assert_eq!(offered().await, 2);
    admin.run("UPDATE meeting_room SET withdrawn_at = '2026-11-22' WHERE id = #701").await;
    assert_eq!(offered().await, 1);
    admin
        .run("INSERT INTO meeting_room (id, unit_id, name, place) VALUES (#703, #5, 'B', 'x')")
        .await;
    admin
        .run("UPDATE meeting SET state = 'cancelled', cancelled_at = '2026-11-22', cancel_reason = 'x';
              UPDATE meeting_window SET withdrawn_at = '2026-11-22' WHERE id = #710")
        .await;
    assert_eq!(offered().await, 0);
    let two = "INSERT INTO meeting_window (id, unit_id, first_day, last_day) VALUES
        (#711, #5, '2026-12-01', '2026-12-14'), (#712, #5, '2026-10-01', '2026-10-14')";
    assert_eq!(admin.refusal(two).await, None);
}

/// NM-1: a network meeting is health; the units that are called see it, of what the calling unit wrote alone, until 28 days after it.
#[tokio::test]
async fn nm_02_the_units_that_are_called_see_the_network_meeting_until_28_days_after() {
    let (database, admin) = calendar().await;
    admin
        .run(&format!(
            "INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, registered_by_id, registered_at) VALUES
                 (#900, #101, #5, '2026-11-22', #15, '2026-11-22');
             INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
                 VALUES (#203, #101, #3, 'unit', 'law', 55, #203, 'x', '2026-11-01');
             {}",
            meeting(
                101,
                "'network', NULL, #900, 1, NULL, NULL, NULL, #701, '2026-12-03 09:00+00', '2026-12-03 10:00+00'"
            )
        ))
        .await;
    let call = "INSERT INTO meeting_participant (id, meeting_id, young_person_id, writing_unit_id, busy, party, unit_id, employee_id, invited_at)
        SELECT p.id, m.id, m.young_person_id, #5, m.busy, 'employee', p.unit, p.who, '2026-11-22' FROM meeting m
         CROSS JOIN (VALUES (#821, #5, #15), (#822, #2, #11)) p (id, unit, who) WHERE m.id = #801;";
    let app = Prompt::of_app(&database).await;
    let sees = async |session: u64, now: &str| {
        app.begin(id(session), now).await;
        let mut told = Vec::new();
        for what in [
            "young_person WHERE id = #101",
            "meeting WHERE id = #801",
            "meeting_participant WHERE meeting_id = #801",
            "pregnancy",
            "meeting WHERE id = #800",
        ] {
            told.push(app.value(&format!("SELECT count(*) FROM {what}")).await);
        }
        app.rollback().await;
        told.join(" ")
    };
    assert_eq!(sees(1011, NOW).await, "0 0 0 0 0");
    admin.run(call).await;
    // Who calls, whoever is called, and who has all of the case but health.
    assert_eq!(sees(1015, NOW).await, "1 1 2 1 1");
    assert_eq!(sees(1011, NOW).await, "1 1 2 1 0");
    assert_eq!(sees(1013, NOW).await, "1 0 0 0 1");
    let written = "SELECT string_agg(DISTINCT information_area::text, ' ') FROM meeting_participant WHERE meeting_id = #801";
    assert_eq!(admin.value(written).await, "8");
    // Another unit's health stays its own.
    admin
        .run("INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, born_on, registered_by_id, registered_at) VALUES
                  (#901, #101, #3, '2026-01-22', '2026-09-01', #13, '2026-01-22')")
        .await;
    assert_eq!(sees(1011, NOW).await, "1 1 2 1 0");
    for (step, until) in [
        (
            "state = 'cancelled', cancelled_at = '2026-11-22', cancel_reason = 'x'",
            "2026-12-20 10:00+00",
        ),
        ("state = 'held', held_at = '2026-12-03 10:00+00'", "2026-12-31 10:00+00"),
    ] {
        let at = if step.contains("held_at") { "2026-12-03 10:00:00+00" } else { NOW };
        admin.run(&format!("BEGIN; SELECT set_config('app.now', '{at}', true)")).await;
        if step.contains("held_at") {
            admin.run("UPDATE meeting_participant SET came = true WHERE meeting_id = #801").await;
        }
        admin.run(&format!("UPDATE meeting SET {step} WHERE id = #801")).await;
        if step.contains("held_at") {
            admin.run("INSERT INTO meeting_minutes (id, meeting_id, young_person_id, writing_unit_id, other) VALUES (#830, #801, #101, #5, 'x')").await;
        }
        admin.run("SET CONSTRAINTS ALL IMMEDIATE").await;
        let ends = "SELECT DISTINCT to_char(valid_to AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI+00') FROM access_basis
                     WHERE holder_id = #2 AND young_person_id = #101";
        assert_eq!(admin.column(ends).await, [until], "{step}");
        // What is agreed there is done by then.
        if step.contains("held_at") {
            admin
                .run("INSERT INTO meeting_task (id, meeting_id, young_person_id, writing_unit_id, what, employee_id, due_on)
                      VALUES (#850, #801, #101, #5, 'x', #11, '2027-02-01')")
                .await;
            let area = "SELECT information_area FROM meeting_task";
            assert_eq!(admin.value(area).await, "8");
        }
        admin.rollback().await;
    }
}

/// TM-8: the receiver's access by the meeting ends with its acceptance, when the agreement is replaced, and with its
/// participation.
#[tokio::test]
async fn tm_08_the_receivers_basis_ends_with_what_it_stands_on() {
    let (_database, admin) = calendar().await;
    let given = "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from) VALUES
            (#210, #101, #2, 'unit', 'meeting', 7, #800, 'x', '2026-11-02');
        INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, opened_at) VALUES (#301, #101, #5, 'draft', 'x', '2026-11-02');
        INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
            VALUES (#333, #301, #101, #5, #2, #11, '2026-11-02'), (#334, #301, #101, #5, #3, #13, '2026-11-02');
        INSERT INTO responsibility_agreement (id, need_id, young_person_id, writing_unit_id, receiving_unit_id, supports_from, coordinates_from,
            agreed_at, agreed_by_id) VALUES (#950, #500, #101, #5, #2, '2026-11-10', '2026-11-12', '2026-11-02', #15);";
    let now = "2026-11-22 10:00:00+00";
    for (ends, until, takes_part) in [
        ("SELECT 1", "infinity", ""),
        ("UPDATE responsibility_agreement SET replaced_at = '2026-11-22 10:00+00'", now, ""),
        ("UPDATE plan_participant SET left_at = '2026-11-22 10:00+00' WHERE id = #333", now, ""),
        ("UPDATE plan_participant SET left_at = '2026-11-22 10:00+00' WHERE id = #334", "infinity", ""),
        (
            "SELECT set_config('app.holders', #2::text, true);
             UPDATE responsibility_agreement SET accepted_at = '2026-11-03', accepted_by_id = #11",
            now,
            "7 infinity acceptance",
        ),
        // A unit that named itself receives no further access by accepting.
        (
            "SELECT set_config('app.holders', #2::text, true); UPDATE responsibility_agreement SET replaced_at = '2026-11-22 10:00+00';
             INSERT INTO responsibility_agreement (id, need_id, young_person_id, writing_unit_id, receiving_unit_id, supports_from,
                 coordinates_from, agreed_at, agreed_by_id) VALUES (#951, #500, #101, #2, #2, '2026-11-10', '2026-11-12', '2026-11-02', #11);
             UPDATE responsibility_agreement SET accepted_at = '2026-11-03', accepted_by_id = #11 WHERE id = #951",
            now,
            "",
        ),
    ] {
        admin
            .run("BEGIN; SET TIME ZONE 'UTC'; SELECT set_config('app.now', '2026-11-22 10:00:00+00', true)")
            .await;
        admin.run(given).await;
        admin.run(ends).await;
        assert_eq!(
            admin.value("SELECT valid_to FROM access_basis WHERE id = #210").await,
            until,
            "{ends}"
        );
        let participation = "SELECT coalesce(string_agg(concat_ws(' ', areas, valid_to, access_rule), ','), '') FROM access_basis
            WHERE young_person_id = #101 AND holder_id = #2 AND kind = 'participation'";
        assert_eq!(admin.value(participation).await, takes_part, "{ends}");
        admin.rollback().await;
    }
}

/// Being called opens nothing: employee 11 finds no meeting, and has it in the calendar; nobody else has.
#[tokio::test]
async fn tm_13_being_called_opens_the_calendar_alone() {
    let (database, admin) = calendar().await;
    let app = Prompt::of_app(&database).await;
    for (session, sees, entries) in
        [(1015, "1", "1"), (1011, "0", "1"), (1013, "0", "0"), (1014, "0", "0")]
    {
        app.begin(id(session), NOW).await;
        assert_eq!(app.value("SELECT count(*) FROM meeting").await, sees, "{session}");
        assert_eq!(
            app.value("SELECT count(*) FROM meeting_participant").await,
            if sees == "1" { "4" } else { "0" }
        );
        assert_eq!(
            app.value("SELECT count(*) FROM calendar_of_meeting(#800)").await,
            entries,
            "{session}"
        );
        assert_eq!(app.refusal("SELECT FROM calendar_entry").await.as_deref(), Some("42501"));
        app.rollback().await;
    }
    // Who is not of the unit any more has no calendar of it.
    admin
        .run("UPDATE employee_role SET valid_to = '2026-11-22 09:59+00' WHERE employee_id = #11")
        .await;
    app.begin(id(1011), NOW).await;
    assert_eq!(app.value("SELECT count(*) FROM calendar_of_meeting(#800)").await, "0");
    app.rollback().await;
    // Another's subscription is not there.
    app.begin(id(1015), NOW).await;
    let own = "INSERT INTO calendar_subscription (id, employee_id, digest, made_at) VALUES (gen_random_uuid(), #{}, sha256('x'), '2026-11-22')";
    assert_eq!(app.refusal(&own.replace("{}", "11")).await.as_deref(), Some("42501"));
    app.rollback().await;
    app.begin(id(1015), NOW).await;
    assert_eq!(app.refusal(&own.replace("{}", "15")).await, None);
    assert_eq!(
        app.refusal(&own.replace("{}", "15")).await.as_deref(),
        Some("calendar_subscription_digest_key")
    );
    app.rollback().await;
    // Withdrawn, it stays so.
    app.begin(id(1015), NOW).await;
    app.run(&own.replace("{}", "15")).await;
    for (to, rows) in [("'2026-11-22'", "1"), ("NULL", "0")] {
        let set = format!(
            "WITH u AS (UPDATE calendar_subscription SET withdrawn_at = {to} RETURNING id) SELECT count(*) FROM u"
        );
        assert_eq!(app.value(&set).await, rows);
    }
    app.rollback().await;
}
