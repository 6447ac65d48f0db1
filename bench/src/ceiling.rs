//! The ceiling: pgbench, prepared, sending what a request sends.

use crate::Question;
use crate::municipality::{Municipality, QUESTIONS, SESSION, YOUNG_PERSON};
use std::error::Error as StdError;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// Transactions per second: opening with the actor, the read, and, where `logged`, the log row in that
/// transaction.
pub fn run(
    place: &Municipality,
    question: Question,
    logged: bool,
    connections: usize,
    turn: Duration,
) -> Result<f64, Box<dyn StdError>> {
    let folder = std::env::temp_dir().join(format!("enplan-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    // Beside the server's own program, which may be linked to from elsewhere.
    let server = fs::canonicalize(place.programs.folder().join("postgres"))?;
    let mut command = Command::new(server.with_file_name("pgbench"));
    command.args(["--no-vacuum", "--protocol=prepared", "--jobs=2"]);
    command.arg(format!("--client={connections}")).arg(format!("--time={}", turn.as_secs()));
    let script = folder.join("transaction.sql");
    fs::write(&script, transaction(question, logged))?;
    command.arg(format!("--file={}", script.display()));
    let output = command.arg(&place.app_url).output()?;
    fs::remove_dir_all(&folder)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let rate = text
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|line| line.split_whitespace().next())
        .and_then(|number| number.parse().ok());
    rate.ok_or_else(|| format!("pgbench: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// One of the questions at random; pgbench sends its number as a parameter, so that each statement is
/// planned once on a connection, as ours are.
fn transaction(question: Question, logged: bool) -> String {
    let begin = if logged { "BEGIN" } else { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" };
    let read = match question {
        Question::CaseFile => format!(
            "SELECT * FROM case_file WHERE id = {YOUNG_PERSON};\n\
             SELECT id, holder_id, kind, areas FROM access_basis WHERE young_person_id = {YOUNG_PERSON} \
             AND valid_from <= acting_now() AND valid_to > acting_now() ORDER BY id;\n\
             SELECT id, kind, starts_at, state FROM meeting WHERE young_person_id = {YOUNG_PERSON} \
             ORDER BY starts_at DESC, id DESC LIMIT 10"
        ),
        Question::List => {
            "SELECT * FROM list_young_people('ffffffff-ffff-ffff-ffff-ffffffffffff', NULL, NULL, 51)"
                .to_owned()
        }
    };
    let log = if logged {
        format!(
            "INSERT INTO access_entry (recorded_at, id, request_id, actor_id, operation, outcome, young_people, bases, areas) \
             VALUES (clock_timestamp(), gen_random_uuid(), gen_random_uuid(), {SESSION}, 'bench', 'read', \
             ARRAY[{YOUNG_PERSON}], ARRAY[{YOUNG_PERSON}], 7);\n"
        )
    } else {
        String::new()
    };
    format!(
        "\\set n random(1, {QUESTIONS})\n{begin};\nSELECT act_as({SESSION}, clock_timestamp());\n\
         SELECT employee_id, session_state, roles FROM acting;\n{read};\n{log}COMMIT;\n"
    )
}
