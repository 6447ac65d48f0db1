//! What must hold of the repository itself: whose code is built, under which licences, and that no number
//! in it can be a person's.
#![expect(clippy::unwrap_used, reason = "tests may fail loudly")]

use domain::young_people::{Cpr, CprKind};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Licences that may be linked into a program under MPL-2.0. `deny.toml` has the same list.
const LICENCES: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Is one way to read an expression such as `MIT OR Apache-2.0` among the licences? `AND` asks for both.
fn may_be_linked(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    expression
        .split(" AND ")
        .all(|part| part.split(" OR ").any(|licence| LICENCES.contains(&licence.trim())))
}

#[test]
fn every_dependency_is_from_the_registry_and_under_a_licence_that_may_be_linked() {
    // Those of this machine's platform, which are here: nothing is downloaded.
    let told = output("rustc", &["-vV"]);
    let platform = told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let arguments =
        ["metadata", "--format-version=1", "--offline", "--locked", "--filter-platform", platform];
    let metadata: Value = serde_json::from_str(&output(env!("CARGO"), &arguments)).unwrap();
    let mut faults = Vec::new();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "these are not all");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let from_elsewhere =
            package["source"].as_str().is_some_and(|source| !source.starts_with("registry+"));
        let licence = package["license"].as_str().unwrap_or("none told");
        if from_elsewhere || !may_be_linked(licence) {
            faults.push(format!("{name}: {licence}"));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn yp_04_no_number_in_the_repository_can_be_anybodys() {
    let mut faults = Vec::new();
    for file in output("git", &["ls-files", "--cached", "--others", "--exclude-standard"]).lines() {
        let Ok(text) = std::fs::read_to_string(root().join(file)) else { continue };
        if file.ends_with("Cargo.lock") {
            continue;
        }
        for number in numbers(&text) {
            if Cpr::parse(&number).is_ok_and(|cpr| cpr.kind() == CprKind::Cpr) {
                faults.push(format!("{file}: {}…", &number[..4]));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    // Put together here, for it would find itself.
    let real = ["010100", "1234"].join("-");
    assert_eq!(numbers(&format!("x 0101-000000 a12345678901 {real}.")), [real]);
}

/// A decision is cited as `D-13`, an ADR as `ADR-13`. Each one that is cited stands in `docs/DECISIONS.md` or `docs/adr`.
#[test]
fn every_cited_decision_is_in_the_repository() {
    let decisions = std::fs::read_to_string(root().join("docs/DECISIONS.md")).unwrap();
    let stands = |number: &str| decisions.contains(&format!("\n| D-{number} |"));
    let adrs = std::fs::read_dir(root().join("docs/adr")).unwrap();
    let adrs: Vec<String> =
        adrs.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let is_adr = |number: &str| adrs.iter().any(|file| file.starts_with(&format!("{number:0>4}-")));
    let (mut cited, mut faults) = (0, Vec::new());
    for file in output("git", &["ls-files", "--cached", "--others", "--exclude-standard"]).lines() {
        let Ok(text) = std::fs::read_to_string(root().join(file)) else { continue };
        for prefix in ["D-", "ADR-", "decisions "] {
            for number in citations(&text, prefix) {
                cited += 1;
                let known = match prefix {
                    "D-" => stands(&number),
                    "ADR-" => is_adr(&number),
                    _ => false,
                };
                if !known {
                    faults.push(format!("{file}: {prefix}{number}"));
                }
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(cited > 80, "{cited} citations");
    // Put together here, for it would find itself.
    let text = ["x D", "13, D", "140 (D", "2) ID", "5 ADR", "3 D", "x"].join("-");
    assert_eq!(citations(&text, "D-"), ["13", "140", "2"]);
    assert_eq!(citations(&text, "ADR-"), ["3"]);
}

/// The numbers that stand behind a prefix that begins a word.
fn citations(text: &str, prefix: &str) -> Vec<String> {
    text.match_indices(prefix)
        .filter(|(at, _)| {
            !text[..*at].ends_with(|before: char| before.is_alphanumeric() || before == '-')
        })
        .map(|(at, _)| {
            let rest = &text[at + prefix.len()..];
            rest.chars().take_while(char::is_ascii_digit).collect::<String>()
        })
        .filter(|number| !number.is_empty())
        .collect()
}

/// What stands alone and has the form of a CPR number.
fn numbers(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-')
        .filter(|word| match word.split_once('-') {
            None => word.len() == 10,
            Some((date, serial)) => date.len() == 6 && serial.len() == 4,
        })
        .filter(|word| word.chars().all(|letter| letter.is_ascii_digit() || letter == '-'))
        .map(str::to_owned)
        .collect()
}
