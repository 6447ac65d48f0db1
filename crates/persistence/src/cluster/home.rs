//! Where a cluster lies, and where its socket.

use super::account::Account;
use super::{AtPath, ClusterError, short_name};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Everything of root's clusters lies below this.
const ROOTS: &str = "/var/lib/enplan";

/// The folder of one cluster, and the folder of its socket: apart, because a socket's path must
/// stay under 107 bytes however deep the home lies.
#[derive(Debug, Clone)]
pub struct ClusterHome {
    pub(super) folder: PathBuf,
    pub(super) sockets: PathBuf,
    pub(super) account: Account,
}

impl ClusterHome {
    /// The home in the folder `wanted`. As root this is another one, always the same, where the
    /// user `postgres` could not enter the folder wanted (below a home of mode 0700), or where
    /// somebody other than root could exchange it.
    pub fn at(wanted: &Path) -> Result<Self, ClusterError> {
        let account = Account::choose()?;
        let wanted = canonical(wanted).at(wanted)?;
        let folder = if account.by_root && !trusted(account, &wanted) {
            Path::new(ROOTS).join("clusters").join(short_name(&wanted))
        } else {
            wanted
        };
        let sockets = if account.by_root {
            Path::new(ROOTS).join("run").join(short_name(&folder))
        } else {
            sockets_of_user(account).join(short_name(&folder))
        };
        Ok(Self { folder, sockets, account })
    }

    /// The home that needs no choice: `/var/lib/enplan/<name>` for root, else
    /// `enplan/<name>` below `XDG_DATA_HOME`, or `.local/share` of `HOME`.
    pub fn standard(
        name: &str,
        xdg_data_home: Option<PathBuf>,
        home: Option<PathBuf>,
    ) -> Result<Self, ClusterError> {
        if Account::choose()?.by_root {
            return Self::at(&Path::new(ROOTS).join(name));
        }
        let data_home = xdg_data_home
            .filter(|folder| folder.is_absolute())
            .or_else(|| home.map(|home| home.join(".local/share")))
            .ok_or(ClusterError::NoDataHome)?;
        Self::at(&data_home.join("enplan").join(name))
    }

    /// The folder that everything lies in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn cluster(&self) -> PathBuf {
        self.folder.join("cluster")
    }

    pub(super) fn data(&self) -> PathBuf {
        self.cluster().join("data")
    }

    /// Makes the folders, or fails where one of them is somebody else's.
    pub(super) fn prepare(&self) -> Result<(), ClusterError> {
        self.account.make_folder(&self.folder, true)?;
        if !self.account.by_root {
            // Below /tmp, where others can be before us.
            let above = sockets_of_user(self.account);
            self.account.make_folder(&above, true)?;
            let found = fs::symlink_metadata(&above).at(&above)?;
            if !found.is_dir() || found.uid() != self.account.uid || found.mode() & 0o077 != 0 {
                return Err(ClusterError::ForeignFolder(above));
            }
        }
        self.account.make_folder(&self.sockets, false)
    }

    /// Opens a lock file of the home.
    pub(super) fn lock_file(&self, name: &str) -> Result<File, ClusterError> {
        let path = self.folder.join(name);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create(true).truncate(false).open(&path);
        let file = file.at(&path)?;
        self.account.let_read(&path)?;
        Ok(file)
    }

    /// Waits until nobody else decides what happens to this cluster. Ends when dropped.
    pub(super) fn decide_alone(&self) -> Result<File, ClusterError> {
        let file = self.lock_file("lock")?;
        file.lock().at(&self.folder)?;
        Ok(file)
    }
}

fn sockets_of_user(account: Account) -> PathBuf {
    PathBuf::from(format!("/tmp/enplan-{}", account.uid))
}

/// The path without links, of which the end need not exist yet.
fn canonical(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    for above in path.ancestors() {
        if let (Ok(found), Ok(rest)) = (above.canonicalize(), path.strip_prefix(above)) {
            // Without the slash that joining an empty rest leaves at the end.
            return Ok(found.join(rest).components().collect());
        }
    }
    Ok(path)
}

fn trusted(account: Account, folder: &Path) -> bool {
    let mut existing = folder.ancestors().filter_map(|above| fs::metadata(above).ok());
    existing.all(|above| account.trusts(&above))
}
