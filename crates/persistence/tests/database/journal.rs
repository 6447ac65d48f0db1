//! PL-13: what the database keeps by itself of conversations and notes, and what it tells of them as numbers.

use crate::fixture::town;
use crate::rules::Rule;
use crate::sql::{NOW, Prompt, id};

/// A conversation of team A, in an area, at a moment: its columns from the form on.
fn conversation(number: u64, area: i32, at: &str, held: &str) -> String {
    format!(
        "INSERT INTO journal_entry (id, young_person_id, information_area, writing_unit_id, kind, took_place_at,
             form, minutes, took_part, young_person_took_part, text, entered_by_id, entered_at)
         VALUES (#{number}, #100, {area}, #2, 'conversation', '{at}', {held}, 'what', #11, '{NOW}');"
    )
}

const HELD: &str = "'face-to-face', 30, '{}', true";

fn note(number: u64, at: &str) -> String {
    conversation(number, 2, at, "NULL, NULL, NULL, NULL").replace("'conversation'", "'note'")
}

fn correction(number: u64, entry: u64, area: i32, unit: u64) -> String {
    format!(
        "INSERT INTO journal_correction (id, entry_id, young_person_id, information_area, writing_unit_id, text,
             reason, entered_by_id, entered_at)
         VALUES (#{number}, #{entry}, #100, {area}, #{unit}, 'otherwise', 'why', #13, '{NOW}');"
    )
}

#[tokio::test]
async fn pl_13_each_kind_has_its_columns_and_a_moment_that_fits() {
    let at = "2026-11-20 12:00:00+00";
    let held = |held: &str| conversation(700, 2, at, held);
    for (constraint, breaks) in [
        ("journal_entry_columns", held("'letter', 30, '{}', true")),
        ("journal_entry_columns", held("'telephone', NULL, '{}', true")),
        ("journal_entry_columns", held("'telephone', 30, '{}', false")),
        ("journal_entry_columns", held("'telephone', 30, NULL, true")),
        ("journal_entry_columns", held("NULL, 30, '{}', true")),
        ("journal_entry_columns", held(HELD).replace("'conversation'", "'note'")),
        ("journal_entry_columns", held(HELD).replace("'conversation'", "'diary'")),
        ("journal_entry_form_known", held("'sms', 30, '{}', true")),
        ("journal_entry_minutes", held("'telephone', 0, '{}', true")),
        ("journal_entry_minutes", held("'telephone', 1441, '{}', true")),
        ("journal_entry_area", conversation(700, 1, at, HELD)),
        ("journal.moment-out-of-range", note(700, "2026-11-22 10:00:00.000001+00")),
        // A year before 22 November, in Copenhagen.
        ("journal.moment-out-of-range", note(700, "2025-11-21 22:59:59+00")),
    ] {
        let without = format!("ALTER TABLE journal_entry DROP CONSTRAINT \"{constraint}\"");
        Rule { code: constraint, given: "", breaks: &breaks, without: &without }.must_hold().await;
    }
    let database = town().await;
    let worker = Prompt::of_worker(&database).await;
    worker.run(&note(701, "2025-11-21 23:00:00+00")).await;
    worker.run(&conversation(702, 32, NOW, "'letter', NULL, '{Mother}', false")).await;
}

#[tokio::test]
async fn pl_13_what_was_written_stays() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    admin.run(&format!("{} {}", note(700, NOW), correction(710, 700, 2, 2))).await;
    let changes = [
        "UPDATE journal_entry SET text = 'other'",
        "UPDATE journal_entry SET took_place_at = '2026-11-01'",
        "UPDATE journal_entry SET entered_by_id = #13",
        "UPDATE journal_correction SET text = 'other'",
        "UPDATE journal_correction SET entered_at = '2026-11-01'",
    ];
    for prompt in [Prompt::of_app(&database).await, Prompt::of_worker(&database).await] {
        for change in changes {
            assert_eq!(prompt.refusal(change).await.as_deref(), Some("42501"), "{change}");
        }
    }
    // Nor the owner's own paths, nor one who may do anything.
    for change in changes {
        assert_eq!(admin.refusal(change).await.as_deref(), Some("42501"), "{change}");
    }
    // A merge moves both to another.
    admin.load("INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                    VALUES (#101, #2, 'Freja', 'Holm', '2008-02-29', '2026-11-01')").await;
    admin.run("UPDATE journal_entry SET young_person_id = #101").await;
    let whose = "SELECT young_person_id FROM journal_correction";
    assert_eq!(admin.value(whose).await, id(101).to_string());
    admin.run("DROP TRIGGER journal_entry_stays ON journal_entry").await;
    assert_eq!(admin.refusal(changes[0]).await, None, "without what keeps it");
}

/// A correction is seen by those who see what it corrects, whoever makes it.
#[tokio::test]
async fn pl_13_ac_03_a_correction_stands_where_its_entry_stands() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    // Team B sees what team A writes in health, and nothing else.
    admin
        .load(&format!(
            "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, giver_id, source_id, reason, valid_from)
             VALUES (#201, #100, #3, 'unit', 'consent', 8, #2, #501, '', '2026-11-03'); {} {}",
            conversation(700, 8, NOW, HELD),
            conversation(701, 16, NOW, HELD)
        ))
        .await;
    let app = Prompt::of_app(&database).await;
    app.begin(id(1013), NOW).await;
    assert_eq!(app.column("SELECT id FROM journal_file").await, [id(700).to_string()]);
    app.run(&correction(710, 700, 8, 2)).await;
    app.run("COMMIT").await;
    for (area, unit) in [(16, 2), (8, 3), (2, 3)] {
        app.begin(id(1013), NOW).await;
        let elsewhere = app.refusal(&correction(711, 700, area, unit)).await;
        assert!(
            matches!(
                elsewhere.as_deref(),
                Some("42501" | "journal_correction_entry_id_young_person_id_information_ar_fkey")
            ),
            "{area} {unit}: {elsewhere:?}"
        );
        app.rollback().await;
    }
    app.begin(id(1013), NOW).await;
    assert_eq!(
        app.refusal(&correction(711, 701, 16, 2)).await.as_deref(),
        Some("42501"),
        "of what is hidden"
    );
    app.rollback().await;
    app.begin(id(1011), NOW).await;
    let told = "SELECT corrections -> 0 ->> 'text' FROM journal_file WHERE id = #700";
    assert_eq!(app.value(told).await, "otherwise");
}

/// AC-8: numbers only, of one's own units, and no small number of what is hidden.
#[tokio::test]
async fn pl_13_ac_08_the_share_face_to_face_is_told_of_ones_own_units_and_no_small_number() {
    let database = town().await;
    let admin = Prompt::of_admin(&database).await;
    let app = Prompt::of_app(&database).await;
    let asked = "SELECT * FROM face_to_face(#2, '2026-10-01', '2026-11-01')";
    let told = async |session: u64| {
        app.begin(id(session), NOW).await;
        let rows = app.rows(asked).await;
        app.rollback().await;
        rows.into_iter().map(|row| row.join(" ")).collect::<Vec<_>>()
    };
    // Of young person 101 nobody has a basis any more.
    admin
        .load("INSERT INTO young_person (id, writing_unit_id, given_name, family_name, birth_date, registered_at)
                   VALUES (#101, #2, 'Freja', 'Holm', '2008-02-29', '2026-11-01')")
        .await;
    // The last moment of October in Copenhagen, and the first of November.
    admin.run(&conversation(700, 2, "2026-10-31 22:59:59+00", HELD)).await;
    admin.run(&conversation(701, 8, "2026-10-31 23:00:00+00", "'telephone', 90, '{}', true")).await;
    admin.run(&conversation(702, 2, "2026-11-20 12:00:00+00", "'letter', NULL, '{}', true")).await;
    admin.run(&note(703, "2026-11-20 12:00:00+00")).await;
    let own = ["2026-10-01 1 30 30", "2026-11-01 1 90 0"];
    assert_eq!(
        (told(1011).await, told(1012).await),
        (own.map(String::from).into(), own.map(String::from).into())
    );
    assert_eq!((told(1013).await, told(1014).await), (vec![], vec![]), "another unit's");
    for (hidden, november) in [
        (1, "2026-11-01   "),
        (2, "2026-11-01   "),
        (3, "2026-11-01   "),
        (4, "2026-11-01   "),
        (5, "2026-11-01 6 240 150"),
    ] {
        let one =
            conversation(710 + hidden, 2, "2026-11-20 12:00:00+00", HELD).replace("#100", "#101");
        admin.run(&one).await;
        assert_eq!(told(1012).await, ["2026-10-01 1 30 30", november], "{hidden} hidden");
    }
    // Of a session that does not stand nothing is told.
    assert_eq!(told(9999).await, [""; 0]);
}
