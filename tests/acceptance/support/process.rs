//! Processes that end with us, and folders that go with them.

use super::{eventually, next};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};
use std::{env, fs};

/// Starts the program, tells its process id, and ends it when our end of the pipe is closed: so also
/// when the tests are killed. Each line we send names a folder that goes with it.
const KEEPER: &str = r#"out=$1; shift
"$@" </dev/null >"$out/out" 2>"$out/err" & pid=$!
echo $pid
set --
while read -r folder; do set -- "$@" "$folder"; done
kill -TERM $pid 2>/dev/null
wait $pid; code=$?
rm -rf -- "$@"
exit $code"#;

/// A new, empty folder that goes with this value.
#[derive(Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path =
            env::temp_dir().join(format!("enplan-acceptance-{}-{}", std::process::id(), next()));
        fs::create_dir_all(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running `enplan`. It ends when this is dropped.
#[derive(Debug)]
pub struct Process {
    keeper: Child,
    pid: Pid,
    output: Folder,
}

impl Process {
    pub fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let output = Folder::new();
        let mut keeper = Command::new("/bin/sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(output.path())
            .arg(program())
            .args(arguments)
            .env_remove("ENPLAN_DATABASE_URL")
            .env_remove("ENPLAN_DEMO_DATABASE_URL")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { keeper, pid: Pid::from_raw(line.trim().parse().unwrap()), output }
    }

    /// What it told so far: standard output and standard error.
    pub fn told(&self) -> (String, String) {
        let read = |name| fs::read_to_string(self.output.path().join(name)).unwrap_or_default();
        (read("out"), read("err"))
    }

    /// The line of JSON that it prints when it is ready.
    pub fn ready(&self) -> Value {
        eventually("the line of JSON", Duration::from_mins(2), || {
            let (out, err) = self.told();
            assert!(self.is_there(), "it ended: {err}");
            out.contains('\n').then(|| serde_json::from_str(&out).unwrap())
        })
    }

    /// Is it there, and not only its exit code?
    pub fn is_there(&self) -> bool {
        let about = fs::read_to_string(format!("/proc/{}/stat", self.pid));
        about.is_ok_and(|about| !about.contains(") Z "))
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        kill(self.pid, Signal::SIGKILL).unwrap();
        self.finish();
    }

    /// `SIGTERM`; gives the exit code.
    pub fn end(mut self) -> Option<i32> {
        self.finish()
    }

    fn finish(&mut self) -> Option<i32> {
        drop(self.keeper.stdin.take());
        self.keeper.wait().unwrap().code()
    }

    /// Lets its output and these folders go when it ends, also where nobody is left to drop them.
    pub fn remove_at_end(&mut self, folders: &[Folder]) {
        for folder in folders.iter().chain([&self.output]) {
            writeln!(self.keeper.stdin.as_mut().unwrap(), "{}", folder.path().display()).unwrap();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The binary beside the tests' own, which `cargo test --workspace` has made; where it is missing, or older
/// than what it is made of, it is made now.
pub fn program() -> &'static Path {
    static FOUND: OnceLock<PathBuf> = OnceLock::new();
    FOUND.get_or_init(|| {
        let folder = env::current_exe().unwrap().ancestors().nth(2).unwrap().to_owned();
        let (path, root) =
            (folder.join("enplan"), Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        let sources = ["crates", "migrations"].map(|folder| newest(&root.join(folder)));
        if sources.into_iter().flatten().max() > made(&path) {
            let profile =
                folder.file_name().filter(|name| *name != "debug").unwrap_or("dev".as_ref());
            let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            let cargo =
                cargo.args(["build", "-p", "enplan", "--profile"]).arg(profile).current_dir(root);
            assert!(cargo.status().unwrap().success());
        }
        path
    })
}

fn made(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

/// When the newest file below this folder was written, tests apart.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let below = |path: PathBuf| if path.is_dir() { newest(&path) } else { made(&path) };
    entries.filter(|path| !path.ends_with("tests")).filter_map(below).max()
}
