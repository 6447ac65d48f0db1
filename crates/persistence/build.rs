//! Lists the migrations' texts for their fingerprint, and rebuilds when one changes.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let folder = Path::new("../../migrations");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut names: Vec<_> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    let mut list = String::from("const MIGRATION_TEXTS: &[(&str, &str)] = &[\n");
    for path in names.iter().filter(|path| path.is_dir()) {
        for file in ["up.sql", "down.sql"] {
            let whole = fs::canonicalize(path.join(file))?;
            println!("cargo:rerun-if-changed={}", whole.display());
            let name = path.file_name().unwrap_or_default();
            writeln!(
                list,
                "    ({:?}, include_str!({:?})),",
                name.to_string_lossy(),
                whole.to_string_lossy()
            )
            .map_err(io::Error::other)?;
        }
    }
    list.push_str("];\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    fs::write(Path::new(&out).join("migration_texts.rs"), list)
}
