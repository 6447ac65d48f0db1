//! Lists the migrations and the files of `sql/`, so that the binary contains them, and rebuilds when one changes.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let migrations = fs::canonicalize("../../migrations")?;
    let sources = fs::canonicalize("sql")?;
    let mut list = String::from("const MIGRATIONS: &[(&str, &str, &str)] = &[\n");
    for folder in listed(&migrations)?.iter().filter(|path| path.is_dir()) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let (up, down) = (include(&folder.join("up.sql"))?, include(&folder.join("down.sql"))?);
        writeln!(list, "    ({name:?}, {up}, {down}),").map_err(io::Error::other)?;
    }
    list.push_str("];\nconst SOURCES: &[(&str, &str)] = &[\n");
    for folder in listed(&sources)?.iter().filter(|path| path.is_dir()) {
        for file in listed(folder)? {
            let name = file.strip_prefix(&sources).map_err(io::Error::other)?.to_string_lossy();
            writeln!(list, "    ({name:?}, {}),", include(&file)?).map_err(io::Error::other)?;
        }
    }
    list.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("embedded.rs"), list)
}

/// What is in a folder, sorted by name.
fn listed(folder: &Path) -> io::Result<Vec<PathBuf>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut paths: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

fn include(file: &Path) -> io::Result<String> {
    println!("cargo:rerun-if-changed={}", file.display());
    Ok(format!("include_str!({:?})", fs::canonicalize(file)?.to_string_lossy()))
}
