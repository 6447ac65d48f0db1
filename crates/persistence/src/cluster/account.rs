//! Who runs the cluster's programs, and whose its files are.

use super::{AtPath, ClusterError, random_hex};
use nix::unistd::{User, geteuid, getgid, getuid};
use std::fs::{self, DirBuilder, Metadata, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// We ourselves or, where we are root, the user `postgres`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub uid: u32,
    pub gid: u32,
    /// We are root and the programs run as somebody else.
    pub by_root: bool,
}

impl Account {
    pub fn choose() -> Result<Self, ClusterError> {
        if !geteuid().is_root() {
            return Ok(Self { uid: getuid().as_raw(), gid: getgid().as_raw(), by_root: false });
        }
        match User::from_name("postgres") {
            Ok(Some(user)) => {
                Ok(Self { uid: user.uid.as_raw(), gid: user.gid.as_raw(), by_root: true })
            }
            _ => Err(ClusterError::NoPostgresUser),
        }
    }

    /// A program of this account, cut off from our terminal, output, folder and environment:
    /// Ctrl-C does not reach it, a pipe that reads our output does not wait for it, and no
    /// secret of ours goes with it. (Lock files are closed on exec, as all of std's files.)
    pub fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C");
        command.current_dir("/").process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if self.by_root {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes a folder that this account alone can enter; as root, one that stays root's where
    /// `ours`. Folders above it are made too; one that is there is left as it is.
    pub fn make_folder(self, path: &Path, ours: bool) -> Result<(), ClusterError> {
        if path.exists() {
            return Ok(());
        }
        if !self.by_root {
            return DirBuilder::new().recursive(true).mode(0o700).create(path).at(path);
        }
        let above: Vec<&Path> = path.ancestors().skip(1).take_while(|a| !a.exists()).collect();
        for missing in above.into_iter().rev() {
            make_whole(missing, 0, 0, 0o755)?;
        }
        let (owner, mode) = if ours { (0, 0o750) } else { (self.uid, 0o700) };
        make_whole(path, owner, self.gid, mode)
    }

    /// Writes a file that this account can read and nobody else, whole or not at all.
    pub fn write(self, path: &Path, text: &str) -> Result<(), ClusterError> {
        let unfinished = path.with_extension(format!("new-{}", std::process::id()));
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)
            .at(&unfinished)?;
        file.write_all(text.as_bytes()).at(&unfinished)?;
        self.let_read(&unfinished)?;
        fs::rename(&unfinished, path).at(path)
    }

    /// As root: lets the account's group read a file of ours.
    pub fn let_read(self, path: &Path) -> Result<(), ClusterError> {
        if !self.by_root {
            return Ok(());
        }
        set_mode(path, 0o640)?;
        chown(path, Some(0), Some(self.gid)).at(path)
    }

    /// Whether root may keep a cluster below this folder: the account can pass through it, and
    /// nobody but root can exchange what lies in it.
    pub fn trusts(self, folder: &Metadata) -> bool {
        let mode = folder.mode();
        let pass = if folder.gid() == self.gid { 0o010 } else { 0o001 };
        let closed = mode & 0o022 == 0 || mode & 0o1000 != 0;
        folder.uid() == 0 && closed && mode & pass != 0
    }
}

/// Makes a folder under another name until it is whole: other processes look at it at any moment,
/// and may make it just now, which is as good.
fn make_whole(path: &Path, uid: u32, gid: u32, mode: u32) -> Result<(), ClusterError> {
    let unfinished = path.with_extension(format!("new-{}", random_hex::<8>()?));
    DirBuilder::new().mode(0o700).create(&unfinished).at(&unfinished)?;
    chown(&unfinished, Some(uid), Some(gid)).at(&unfinished)?;
    set_mode(&unfinished, mode)?;
    let Err(error) = fs::rename(&unfinished, path) else { return Ok(()) };
    let _ = fs::remove_dir(&unfinished);
    match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty => Ok(()),
        _ => Err(error).at(path),
    }
}

fn set_mode(path: &Path, mode: u32) -> Result<(), ClusterError> {
    fs::set_permissions(path, Permissions::from_mode(mode)).at(path)
}

/// Runs to its end, and turns a failure into the last line that was written.
pub(super) fn run(command: &mut Command) -> Result<String, ClusterError> {
    let program = Path::new(command.get_program()).to_owned();
    let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().at(&program)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let program = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let said = [&output.stderr, &output.stdout]
        .into_iter()
        .find_map(|text| last_line(&String::from_utf8_lossy(text)))
        .unwrap_or_else(|| output.status.to_string());
    Err(ClusterError::Program { program, said })
}

pub(super) fn last_line(text: &str) -> Option<String> {
    text.lines().rev().find(|line| !line.trim().is_empty()).map(|line| line.trim().to_owned())
}
