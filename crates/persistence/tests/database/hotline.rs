//! HL-1 to HL-10: what the database keeps by itself of the hotline's contacts, who sees which, and that what is found is
//! what is seen.

use crate::fixture::town;
use crate::rules::Rule;
use crate::sql::{NOW, Prompt, id};
use test_support::TestDatabase;

/// A contact that UU's unit 9 runs, tied to nobody; columns are replaced by those of `with`.
fn contact(number: u64, with: &[(&str, &str)]) -> String {
    let mut columns = vec![
        ("young_person_id", "NULL"),
        ("information_area", "4"),
        ("writing_unit_id", "#9"),
        ("logging_unit_id", "#9"),
        ("caller_kind", "'other'"),
        ("institution_id", "NULL"),
        ("channel", "'phone'"),
        ("topic", "'other'"),
        ("urgency", "'high'"),
        ("summary", "'Praktik og misbrug'"),
        ("called_at", "'2026-11-20 12:00:00+00'"),
        ("logged_at", "'2026-11-22 10:00:00+00'"),
        ("logged_by_id", "#14"),
        ("only_information", "false"),
        ("plan_not_followed", "false"),
        ("shown_to", "NULL"),
        ("concern", "NULL"),
        ("assess_by", "NULL"),
        ("assessed_at", "NULL"),
        ("receipt_by", "NULL"),
        ("receipted_at", "NULL"),
        ("due_at", "'2026-11-23 22:59:59+00'"),
        ("state", "'open'"),
        ("owner_id", "NULL"),
        ("taken_at", "NULL"),
        ("answered_at", "NULL"),
        ("closed_at", "NULL"),
    ];
    for (name, value) in with {
        columns.iter_mut().find(|column| column.0 == *name).unwrap().1 = value;
    }
    let names: Vec<&str> = columns.iter().map(|column| column.0).collect();
    let values: Vec<&str> = columns.iter().map(|column| column.1).collect();
    format!(
        "INSERT INTO hotline_contact (id, {}) VALUES (#{number}, {});",
        names.join(", "),
        values.join(", ")
    )
}

const CONCERN: [(&str, &str); 5] = [
    ("information_area", "16"),
    ("writing_unit_id", "#5"),
    ("concern", "'unborn'"),
    ("assess_by", "'2026-11-21 12:00:00+00'"),
    ("receipt_by", "'2026-11-30'"),
];

fn concern(number: u64, with: &[(&str, &str)]) -> String {
    contact(number, &[&CONCERN, with].concat())
}

/// UU's unit 9 runs the hotline, with 15 at the telephone (session 1015); B&U's unit 5 takes concerns, with 16 (session 1016).
const HOTLINE: &str = "
    INSERT INTO unit (id, code, name, department, path, operational) VALUES (#5, 'reception', 'Reception', 'BU', ARRAY[#5], true);
    INSERT INTO hotline_duty (duty, unit_id) VALUES ('contacts', #9), ('concerns', #5);
    INSERT INTO employee (id, username, given_name, family_name) VALUES (#15, 'e15', 'Employee', '15'), (#16, 'e16', 'Employee', '16');
    INSERT INTO employee_role (id, employee_id, role, unit_id, valid_from) VALUES
        (#25, #15, 'hotline', #9, '2026-01-01'), (#26, #16, 'adviser', #5, '2026-01-01');
    INSERT INTO session (id, employee_id, started_at, refreshed_at) VALUES
        (#1015, #15, '2026-11-22 09:00Z', '2026-11-22 09:00Z'), (#1016, #16, '2026-11-22 09:00Z', '2026-11-22 09:00Z');
";

async fn hotline() -> TestDatabase {
    let database = town().await;
    Prompt::of_admin(&database).await.load(HOTLINE).await;
    database
}

#[tokio::test]
async fn hl_02_hl_03_hl_10_a_contact_has_the_columns_of_its_kind() {
    let with_concern = |with: &[(&str, &str)]| concern(700, with).replace("#5", "#3");
    for (constraint, breaks) in [
        ("hotline_contact_caller_known", contact(700, &[("caller_kind", "'neighbour'")])),
        ("hotline_contact_channel_known", contact(700, &[("channel", "'fax'")])),
        ("hotline_contact_topic_known", contact(700, &[("topic", "'weather'")])),
        ("hotline_contact_urgency_known", contact(700, &[("urgency", "'now'")])),
        ("hotline_contact_institution_calls", contact(700, &[("institution_id", "#4")])),
        ("hotline_contact_area", contact(700, &[("information_area", "16")])),
        ("hotline_contact_area", contact(700, &[("writing_unit_id", "#3")])),
        ("hotline_contact_area", with_concern(&[("information_area", "4")])),
        ("hotline_contact_area", with_concern(&[("only_information", "true")])),
        ("hotline_contact_area", with_concern(&[("shown_to", "'x'")])),
        ("hotline_contact_concern_known", with_concern(&[("concern", "'adult'")])),
        ("hotline_contact_concern_columns", contact(700, &[("receipt_by", "'2026-11-30'")])),
        ("hotline_contact_concern_columns", with_concern(&[("receipt_by", "NULL")])),
        ("hotline_contact_concern_columns", with_concern(&[("assess_by", "'2026-11-22 12:00Z'")])),
        ("hotline_contact_state_columns", contact(700, &[("owner_id", "#14")])),
        ("hotline_contact_state_columns", contact(700, &[("state", "'closed'")])),
        ("hotline.moment-out-of-range", contact(700, &[("called_at", "'2026-11-22 10:00:01Z'")])),
        ("hotline.moment-out-of-range", contact(700, &[("called_at", "'2025-11-21 22:59:59Z'")])),
    ] {
        let without = format!("ALTER TABLE hotline_contact DROP CONSTRAINT \"{constraint}\"");
        Rule { code: constraint, given: "", breaks: &breaks, without: &without }.must_hold().await;
    }
    let database = hotline().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&contact(701, &[("called_at", "'2025-11-21 23:00:00Z'")])).await;
    worker.run(&concern(702, &[])).await;
}

#[tokio::test]
async fn hl_10_what_stands_beside_a_contact_is_whole() {
    for (code, table, breaks) in [
        (
            "hotline_entry_kind_known",
            "hotline_entry",
            "INSERT INTO hotline_entry VALUES (#710, #700, 'gossip', 'x', NULL, #11, acting_now())",
        ),
        (
            "hotline_entry_correction_has_reason",
            "hotline_entry",
            "INSERT INTO hotline_entry VALUES (#710, #700, 'correction', 'x', NULL, #11, acting_now())",
        ),
        (
            "hotline_caller_something",
            "hotline_caller",
            "INSERT INTO hotline_caller VALUES (#700, NULL, NULL, NULL)",
        ),
        ("hotline_duty_known", "hotline_duty", "INSERT INTO hotline_duty VALUES ('coffee', #9)"),
    ] {
        let (given, without) =
            (contact(700, &[]), format!("ALTER TABLE {table} DROP CONSTRAINT {code}"));
        Rule { code, given: &given, breaks, without: &without }.must_hold().await;
    }
}

const OPEN: &str =
    "state = 'open', owner_id = NULL, taken_at = NULL, answered_at = NULL, closed_at = NULL";
const TAKEN: &str = "state = 'taken', owner_id = #11, taken_at = '2026-11-22', answered_at = NULL, closed_at = NULL";
const ANSWERED: &str = "state = 'answered', owner_id = #11, taken_at = '2026-11-22', answered_at = '2026-11-23', closed_at = NULL";
const CLOSED: &str = "state = 'closed', owner_id = #11, taken_at = '2026-11-22', answered_at = '2026-11-23', closed_at = '2026-11-24'";

/// Every step from every state.
#[tokio::test]
async fn hl_04_the_database_takes_the_steps_of_the_domain() {
    let database = hotline().await;
    let (admin, worker) = (Prompt::of_admin(&database).await, Prompt::of_worker(&database).await);
    worker.run(&contact(700, &[])).await;
    let states = [OPEN, TAKEN, ANSWERED, CLOSED];
    for (from, before) in states.iter().enumerate() {
        for (to, after) in states.iter().enumerate() {
            admin.load(&format!("UPDATE hotline_contact SET {before}")).await;
            let refused = worker.refusal(&format!("UPDATE hotline_contact SET {after}")).await;
            let allowed = from == to || to == from + 1 || to == 0;
            let expected = (!allowed).then_some("hotline.step-not-allowed");
            assert_eq!(refused.as_deref(), expected, "{from} to {to}");
        }
    }
    // The owner and the moments stay.
    let step = "UPDATE hotline_contact SET ";
    for (before, after) in [
        (TAKEN, TAKEN.replace("#11", "#13")),
        (TAKEN, TAKEN.replace("11-22", "11-21")),
        (TAKEN, ANSWERED.replace("#11", "#13")),
        (ANSWERED, CLOSED.replace("11-23", "11-22")),
    ] {
        admin.load(&format!("{step}{before}")).await;
        let refused = worker.refusal(&format!("{step}{after}")).await;
        assert_eq!(refused.as_deref(), Some("hotline.step-not-allowed"), "{after}");
    }
    // It begins open, or is closed at once.
    for (number, state, begins) in
        [(701, TAKEN, false), (702, ANSWERED, false), (703, CLOSED, true)]
    {
        let columns: Vec<(&str, &str)> =
            state.split(", ").map(|column| column.split_once(" = ").unwrap()).collect();
        let refused = worker.refusal(&contact(number, &columns)).await;
        assert_eq!(refused.is_none(), begins, "{state}: {refused:?}");
    }
    admin.run("DROP TRIGGER hotline_contact_takes_a_step ON hotline_contact").await;
    admin.load(&format!("{step}{OPEN} WHERE id = #700")).await;
    let passes = worker.refusal(&format!("{step}{CLOSED} WHERE id = #700")).await;
    assert_eq!(passes, None, "without what keeps it");
}

#[tokio::test]
async fn hl_10_a_concern_is_handled_before_it_is_closed_and_what_was_done_stays_done() {
    let database = hotline().await;
    let (admin, worker) = (Prompt::of_admin(&database).await, Prompt::of_worker(&database).await);
    worker.run(&concern(700, &[])).await;
    let early = concern(701, &[("assessed_at", "'2026-11-22'")]);
    assert_eq!(worker.refusal(&early).await.as_deref(), Some("hotline.step-not-allowed"));
    admin.load(&format!("UPDATE hotline_contact SET {ANSWERED}")).await;
    let close = format!("UPDATE hotline_contact SET {CLOSED}");
    assert_eq!(worker.refusal(&close).await.as_deref(), Some("hotline.concern-unhandled"));
    worker.run("UPDATE hotline_contact SET assessed_at = '2026-11-22'").await;
    assert_eq!(worker.refusal(&close).await.as_deref(), Some("hotline.concern-unhandled"));
    worker.run("UPDATE hotline_contact SET receipted_at = '2026-11-23'").await;
    for change in ["assessed_at = '2026-11-21'", "assessed_at = NULL", "receipted_at = NULL"] {
        let refused = worker.refusal(&format!("UPDATE hotline_contact SET {change}")).await;
        assert_eq!(refused.as_deref(), Some("42501"), "{change}");
    }
    worker.run(&close).await;
}

#[tokio::test]
async fn hl_10_a_concern_about_a_child_is_about_nobody_of_age() {
    // Freja was born on 29 February 2008: of age on 1 March 2026.
    let about = |called_at: &str, with: &str| {
        let concern = concern(
            700,
            &[("concern", "'under-18'"), ("called_at", called_at), ("young_person_id", with)],
        );
        concern.replace(
            "'2026-11-21 12:00:00+00'",
            &format!("{called_at}::timestamptz + interval '24 hours'"),
        )
    };
    let database = hotline().await;
    let (admin, worker) = (Prompt::of_admin(&database).await, Prompt::of_worker(&database).await);
    let of_age = about("'2026-02-28 23:00:00+00'", "#100");
    assert_eq!(worker.refusal(&of_age).await.as_deref(), Some("hotline.concern-of-age"));
    worker.run(&about("'2026-02-28 22:59:59+00'", "#100").replace("#700", "#701")).await;
    worker.run(&about("'2026-02-28 23:00:00+00'", "NULL")).await;
    let tie = "UPDATE hotline_contact SET young_person_id = #100 WHERE id = #700";
    assert_eq!(worker.refusal(tie).await.as_deref(), Some("hotline.concern-of-age"));
    admin.run("DROP TRIGGER concern_about_a_minor_when_tied ON hotline_contact").await;
    worker.run(tie).await;
}

#[tokio::test]
async fn hl_10_what_was_logged_stays() {
    let database = hotline().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run(&contact(700, &[])).await;
    admin
        .run(
            "INSERT INTO hotline_entry VALUES (#710, #700, 'answer', 'x', NULL, #11, acting_now());
               INSERT INTO hotline_caller VALUES (#700, 'Mona', NULL, NULL)",
        )
        .await;
    let changes = [
        "UPDATE hotline_contact SET summary = 'other'",
        "UPDATE hotline_contact SET called_at = '2026-11-01'",
        "UPDATE hotline_contact SET due_at = '2027-11-01'",
        "UPDATE hotline_contact SET logged_by_id = #11",
        "UPDATE hotline_contact SET writing_unit_id = #2",
        "UPDATE hotline_contact SET information_area = 8",
        "UPDATE hotline_entry SET text = 'other'",
        "UPDATE hotline_caller SET name = 'other'",
    ];
    let (app, worker) = (Prompt::of_app(&database).await, Prompt::of_worker(&database).await);
    for change in changes {
        for prompt in [&app, &worker, &admin] {
            assert_eq!(prompt.refusal(change).await.as_deref(), Some("42501"), "{change}");
        }
        for prompt in [&app, &worker] {
            let delete = format!("DELETE FROM {}", change.split(' ').nth(1).unwrap());
            assert_eq!(prompt.refusal(&delete).await.as_deref(), Some("42501"), "{delete}");
        }
    }
}

async fn seen(app: &Prompt, session: u64, query: &str) -> Vec<String> {
    app.begin(id(session), NOW).await;
    let rows = app.column(query).await;
    app.rollback().await;
    rows
}

fn numbers(numbers: &[u64]) -> Vec<String> {
    numbers.iter().map(|number| id(*number).to_string()).collect()
}

/// 700: nobody's, on UU's list; 701: Freja's; 702: a concern about Freja; 703: on the list of team B.
async fn contacts() -> TestDatabase {
    let database = hotline().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run(&contact(700, &[])).await;
    admin.run(&contact(701, &[("young_person_id", "#100")])).await;
    admin.run(&concern(702, &[("young_person_id", "#100")])).await;
    admin.run(&contact(703, &[("writing_unit_id", "#3"), ("logging_unit_id", "#3")])).await;
    for number in 700..=703 {
        admin
            .run(&format!(
                "INSERT INTO hotline_entry VALUES (#{number}1, #{number}, 'answer', 'x', NULL, #11, acting_now());
                 INSERT INTO hotline_caller VALUES (#{number}, 'Mona', NULL, NULL)"
            ))
            .await;
    }
    database
}

/// Team A has registered Freja; 1011 and the head above, 1012, see 701 by that. The school, 1014, provides nothing.
#[tokio::test]
async fn hl_04_hl_10_who_sees_a_contact_and_what_stands_beside_it() {
    let database = contacts().await;
    let app = Prompt::of_app(&database).await;
    for (session, contacts, callers) in [
        (1011, &[701][..], &[701][..]),
        (1012, &[701, 703], &[701, 703]),
        (1013, &[703], &[703]),
        (1014, &[], &[]),
        (1015, &[700, 701], &[700, 701]),
        (1016, &[702], &[702]),
        (9999, &[], &[]),
    ] {
        let see = async |query: &str| seen(&app, session, query).await;
        let expected = numbers(contacts);
        assert_eq!(see("SELECT id FROM hotline_contact ORDER BY 1").await, expected, "{session}");
        assert_eq!(see("SELECT id FROM hotline_file ORDER BY 1").await, expected, "{session}");
        let entries = "SELECT contact_id FROM hotline_entry ORDER BY 1";
        assert_eq!(see(entries).await, expected, "{session}");
        let who = "SELECT contact_id FROM hotline_caller ORDER BY 1";
        assert_eq!(see(who).await, numbers(callers), "{session}");
        assert_eq!(see("SELECT id FROM hotline_contact FOR UPDATE").await.len(), contacts.len());
    }
    // What is family's and social is opened by a basis of its own; who it was that called is not.
    let admin = Prompt::of_admin(&database).await;
    admin
        .load(
            "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
             VALUES (#201, #100, #3, 'unit', 'consent', 16, #501, '', '2026-11-03')",
        )
        .await;
    let seen_now = seen(&app, 1013, "SELECT id FROM hotline_file ORDER BY 1").await;
    assert_eq!(seen_now, numbers(&[702, 703]));
    let who = seen(&app, 1013, "SELECT contact_id FROM hotline_caller").await;
    assert_eq!(who, numbers(&[703]));
    // What the hotline still knows of the concern.
    let passed_on = "SELECT id FROM passed_on_contacts('ffffffff-ffff-ffff-ffff-ffffffffffff', 9)";
    assert_eq!(seen(&app, 1015, passed_on).await, numbers(&[702]));
    for session in [1011, 1013, 1014, 1016] {
        assert_eq!(seen(&app, session, passed_on).await, [""; 0], "{session}");
    }
}

/// Who logs does so for the hotline, as themselves and now; beside what one does not see one writes nothing.
#[tokio::test]
async fn hl_04_hl_10_a_contact_is_logged_by_the_hotline_for_whose_it_is() {
    let database = contacts().await;
    let app = Prompt::of_app(&database).await;
    let mine = [("logged_by_id", "#15"), ("logged_at", "acting_now()")];
    let caller = "INSERT INTO hotline_caller VALUES (#800, 'Mona', NULL, NULL);";
    for (session, passes, statement) in [
        (1015, true, contact(800, &mine) + caller),
        (1015, true, concern(800, &mine) + caller),
        (1015, false, contact(800, &[])),
        (1015, false, contact(800, &[("logged_by_id", "#15")]).replace("10:00", "09:00")),
        (1015, false, concern(800, &[&mine[..], &[("writing_unit_id", "#3")]].concat())),
        (1011, false, contact(800, &[("logged_by_id", "#11"), ("logged_at", "acting_now()")])),
        (
            1013,
            false,
            contact(
                800,
                &[("logged_by_id", "#13"), ("logging_unit_id", "#3"), ("writing_unit_id", "#3")],
            ),
        ),
        (1016, false, contact(800, &[("logged_by_id", "#16"), ("logged_at", "acting_now()")])),
        (1015, false, "DELETE FROM hotline_caller".to_owned()),
        (1015, false, "INSERT INTO hotline_caller VALUES (#702, 'x', NULL, NULL)".to_owned()),
        (
            1015,
            false,
            "INSERT INTO hotline_entry VALUES (#820, #702, 'answer', 'x', NULL, #15, acting_now())"
                .to_owned(),
        ),
        (
            1015,
            false,
            "INSERT INTO hotline_entry VALUES (#820, #700, 'answer', 'x', NULL, #11, acting_now())"
                .to_owned(),
        ),
        (
            1015,
            true,
            "INSERT INTO hotline_entry VALUES (#820, #700, 'answer', 'x', NULL, #15, acting_now())"
                .to_owned(),
        ),
        (1015, false, "SELECT FROM hotline_word".to_owned()),
        (1015, false, "INSERT INTO hotline_duty VALUES ('contacts', #9)".to_owned()),
    ] {
        app.begin(id(session), NOW).await;
        let refused = app.refusal(&statement).await;
        app.rollback().await;
        assert_eq!(refused.is_none(), passes, "{session} {statement}: {refused:?}");
        assert!(
            passes || refused.as_deref() == Some("42501"),
            "{session} {statement}: {refused:?}"
        );
    }
}

/// HL-5: the card for a number within an unfinished contact of the caller's own hotline.
#[tokio::test]
async fn hl_05_a_card_is_shown_within_a_contact_of_the_hotline() {
    let database = contacts().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let card = |contact: u64| format!("SELECT has_plan FROM hotline_card(#{contact}, 'digest')");
    for (session, contact, shown) in [
        (1015, 700, true),
        (1015, 701, true),
        (1015, 702, false),
        (1015, 703, false),
        (1011, 701, false),
        (1013, 703, false),
        (1016, 702, false),
        (9999, 700, false),
    ] {
        let rows = seen(&app, session, &card(contact)).await;
        assert_eq!(rows.len(), usize::from(shown), "{session} {contact}");
    }
    admin.load(&format!("UPDATE hotline_contact SET {ANSWERED} WHERE id = #700")).await;
    assert_eq!(seen(&app, 1015, &card(700)).await, [""; 0], "it is answered");
}

/// Cards at once are counted one after the other: whoever asks for the twentieth holds up the next until it is counted.
#[tokio::test]
async fn hl_05_a_card_waits_until_the_one_before_is_counted() {
    let database = contacts().await;
    let (first, second) = (Prompt::of_app(&database).await, Prompt::of_app(&database).await);
    let card = "SELECT begin_card(gen_random_uuid(), 20)";
    first.begin(id(1015), NOW).await;
    for shown in 1..=20 {
        assert_eq!(first.value(card).await, "", "card {shown}");
    }
    second.begin(id(1015), NOW).await;
    second.run("SET LOCAL lock_timeout = '200ms'").await;
    assert_eq!(second.refusal(card).await.as_deref(), Some("55P03"), "it did not wait");
    second.rollback().await;
    // Another employee does not wait, and has no contacts to count.
    second.begin(id(1011), NOW).await;
    assert_eq!(second.value(card).await, "");
    second.rollback().await;
    first.run("COMMIT").await;
    second.begin(id(1015), NOW).await;
    assert_eq!(second.value(card).await, "3600");
    second.rollback().await;
}

/// AC-10: what is listed and what is found is what is seen, whoever asks, whatever is asked, page by page; few bases or
/// many, common words or rare ones.
#[tokio::test]
async fn hl_07_ac_10_what_is_found_is_what_is_seen() {
    let database = hotline().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    admin
        .load(
            "SELECT setseed(0.42);
             INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                 SELECT lpad((1000000 + n)::text, 32, '0')::uuid, #2, 'x', 'x', '2008-01-01', '2026-11-01' FROM generate_series(1, 6000) n;
             INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, giver_id, source_id, reason, valid_from, valid_to)
                 SELECT gen_random_uuid(), id, h, 'unit', 'consent', a, g, gen_random_uuid(), '', '2026-11-03',
                        CASE WHEN random() < 0.2 THEN timestamptz '2026-11-04' ELSE 'infinity' END
                   FROM young_person, (VALUES (#2, 7, NULL::uuid), (#3, 16, NULL), (#3, 4, #9), (#3, 4, #5), (#4, 1, NULL), (#1, 20, #5)) b (h, a, g)
                  WHERE h = #2 OR hashtext(concat(id, h, a, g)) & 1023 < 100;",
        )
        .await;
    admin
        .run(
            "INSERT INTO hotline_contact (id, young_person_id, information_area, writing_unit_id, logging_unit_id, logged_by_id, summary,
                 caller_kind, channel, topic, urgency, called_at, logged_at, only_information, plan_not_followed, due_at, state,
                 concern, assess_by, receipt_by)
             SELECT gen_random_uuid(), CASE WHEN random() < 0.6 THEN lpad((1000001 + floor(random() * 6000)::int)::text, 32, '0')::uuid END,
                    CASE WHEN c THEN 16 ELSE 4 END, CASE WHEN c THEN #5 ELSE u END, u, #14,
                    (ARRAY['misbrug', 'praktik', 'sjældent'])[1 + floor(random() * 2.02)::int], 'other', 'phone',
                    (ARRAY['other', 'absence'])[1 + floor(random() * 2)::int], 'high', '2026-11-20', '2026-11-20', false, false,
                    '2026-11-20'::timestamptz + random() * interval '4 days', 'open', CASE WHEN c THEN 'unborn' END,
                    CASE WHEN c THEN timestamptz '2026-11-21' END, CASE WHEN c THEN date '2026-11-28' END
               FROM (SELECT random() < 0.2 AS c, (ARRAY[#9, #3])[1 + floor(random() * 1.2)::int] AS u FROM generate_series(1, 1500)) r;",
        )
        .await;
    let every = "'ffffffff-ffff-ffff-ffff-ffffffffffff'";
    let mut met = Vec::new();
    for session in [1011, 1012, 1013, 1014, 1015, 1016] {
        let see = async |query: &str| seen(&app, session, query).await;
        for (find, which) in [
            ("NULL, NULL, NULL, NULL, NULL, NULL, NULL, false", "true"),
            ("NULL, 'open', 'absence', NULL, NULL, NULL, NULL, false", "topic = 'absence'"),
            ("NULL, 'closed', NULL, NULL, NULL, NULL, NULL, false", "false"),
            (
                "NULL, NULL, NULL, NULL, NULL, NULL, NULL, true",
                "(due_at < acting_now() OR assess_by < acting_now() OR receipt_by < acting_today())",
            ),
            ("'misbrug', NULL, NULL, NULL, NULL, NULL, NULL, false", "summary = 'misbrug'"),
            (
                "'prktik', NULL, 'other', 'other', NULL, '2026-11-20', NULL, false",
                "summary = 'praktik' AND topic = 'other' AND (concern IS NULL OR writing_unit_id = ANY (acting_holders()))",
            ),
            ("'sjaeldent', NULL, NULL, NULL, NULL, NULL, NULL, false", "summary = 'sjældent'"),
        ] {
            let expected =
                see(&format!("SELECT id FROM hotline_contact WHERE {which} ORDER BY id DESC"))
                    .await;
            let whole = format!("SELECT id FROM find_contacts({find}, 0, {every}, 2000)");
            assert_eq!(see(&whole).await, expected, "{session} {find}");
            let files = format!("SELECT id FROM hotline_file WHERE {which} ORDER BY id DESC");
            assert_eq!(see(&files).await, expected, "{session} {find}");
            if let [_, _, third, ..] = &expected[..] {
                let rank = i32::from(find.contains("prktik"));
                let next = format!("SELECT id FROM find_contacts({find}, {rank}, '{third}', 5)");
                let rest: Vec<String> = expected.iter().skip(3).take(5).cloned().collect();
                assert_eq!(see(&next).await, rest, "{session} {find}");
            }
            met.push(expected.len());
        }
    }
    assert!(met.iter().filter(|many| **many > 0).count() > 20, "{met:?}");
}

/// HL-7, HL-10: words of contacts that one does not see, however near to what was typed, take no hit away.
#[tokio::test]
async fn hl_07_hl_10_what_one_does_not_see_takes_no_hit_away() {
    let database = hotline().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let near: Vec<String> = ('a'..='o').map(|letter| format!("misbrukk{letter}")).collect();
    let near = format!("'{}'", near.join(" "));
    admin
        .run(&contact(700, &[("young_person_id", "#100"), ("summary", "'Praktik og misbrug'")]))
        .await;
    let find =
        "SELECT id FROM find_contacts('misbrukk', NULL, NULL, NULL, NULL, NULL, NULL, false, 0,
                    'ffffffff-ffff-ffff-ffff-ffffffffffff', 9)";
    assert_eq!(seen(&app, 1015, find).await, numbers(&[700]));
    admin.run(&concern(701, &[("summary", &near)])).await;
    assert_eq!(seen(&app, 1015, find).await, numbers(&[700]), "on one's own list");
    assert_eq!(seen(&app, 1011, find).await, numbers(&[700]), "of one's own case");
    admin.run(&contact(702, &[("summary", &near)])).await;
    assert_eq!(seen(&app, 1011, find).await, numbers(&[700]), "of one's own case");
    assert_eq!(seen(&app, 1016, find).await, numbers(&[701]));
}

/// HL-6, HL-9: what goes beyond the sight of the acting is done for a contact that they see, and that asks for it.
#[tokio::test]
async fn hl_06_hl_09_nobody_sets_going_what_a_contact_does_not_ask_for() {
    let database = hotline().await;
    let admin = Prompt::of_admin(&database).await;
    admin.load("UPDATE young_person SET birth_date = '2010-05-14' WHERE id = #100").await;
    let tied = ("young_person_id", "#100");
    admin.run(&contact(700, &[tied, ("topic", "'drop-out-risk'")])).await;
    admin.run(&contact(701, &[tied, ("plan_not_followed", "true")])).await;
    admin.run(&contact(702, &[tied])).await;
    admin.run(&concern(703, &[tied, ("topic", "'drop-out-risk'")])).await;
    admin.run(&contact(704, &[tied, ("topic", "'drop-out-risk'")])).await;
    admin.load(&format!("UPDATE hotline_contact SET {ANSWERED} WHERE id = #704")).await;
    for (session, contact, asked, clocks) in [
        (1015, 700, 1, 0),
        (1011, 700, 1, 0),
        (1014, 700, 0, 0),
        (1015, 701, 1, 1),
        (1014, 701, 0, 0),
        (1015, 702, 0, 0),
        (1015, 703, 0, 0),
        (1016, 703, 0, 0),
        (1015, 704, 0, 0),
    ] {
        // As the job does: as the employee who linked it.
        admin.begin(id(session), NOW).await;
        admin.run(&format!("SELECT ask_to_answer(#1, #2, #{contact}, '2026-12-01')")).await;
        let clock = admin
            .value(&format!("SELECT start_clocks_of_contact(#3, #{contact}) IS NOT NULL"))
            .await;
        admin.run("COMMIT").await;
        let tasks = admin.column("SELECT id FROM task WHERE kind = 'answer-hotline'").await;
        assert_eq!((tasks.len(), clock == "t"), (asked, clocks == 1), "{session} {contact}");
        admin.load("DELETE FROM task; DELETE FROM activity_clock").await;
    }
}

/// Whom a contact is tied to is locked before the contact itself, by those alone who see it.
#[tokio::test]
async fn hl_01_the_young_people_of_a_contact_are_locked_by_who_sees_it() {
    let database = contacts().await;
    let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
    let wait = "SET LOCAL lock_timeout = '100ms'; SELECT lock_people_of_contact(#701, NULL)";
    admin.run("BEGIN; SELECT FROM young_person WHERE id = #100 FOR UPDATE").await;
    for (session, refusal) in [(1015, Some("55P03")), (1014, None)] {
        app.begin(id(session), NOW).await;
        assert_eq!(app.refusal(wait).await.as_deref(), refusal, "{session}");
        app.rollback().await;
    }
    admin.run("ROLLBACK").await;
}
