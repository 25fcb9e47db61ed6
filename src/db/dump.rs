//! What a dump that PostgreSQL's own program made holds, as its counterpart reads it.

use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

/// What a dump of PostgreSQL in its own format begins with.
pub const SIGN: &[u8] = b"PGDMP";

/// Whether a file is there and begins as a dump does.
pub fn is_one(file: &Path) -> bool {
    let mut sign = Vec::new();
    let read = File::open(file).and_then(|file| file.take(5).read_to_end(&mut sign));
    read.is_ok() && sign == SIGN
}

/// Reads a dump to its end, as `pg_restore` would bring it back, and says how many rows each table has in it. Refused: a
/// dump that breaks off or is damaged. It needs `pg_restore` on the path.
pub fn rows(file: &Path) -> Result<BTreeMap<String, i64>> {
    let mut command = Command::new("pg_restore");
    command.args(["--data-only", "--file=-"]).arg(file);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|cause| {
        Error::Unavailable(format!(
            "pg_restore, which reads dumps, does not start: {cause}. Install the client programs of PostgreSQL"
        ))
    })?;
    let counted = match child.stdout.take() {
        Some(stdout) => count(stdout),
        None => Ok(BTreeMap::new()),
    };
    let ended = child.wait().map_err(Error::internal)?;
    if !ended.success() {
        return Err(Error::refused(format!(
            "{} is damaged or not whole: pg_restore cannot read it to its end",
            file.display()
        )));
    }
    counted
}

/// Each `COPY schema.table (...) FROM stdin;` is followed by a line for each row, and by a line with `\\.` alone.
fn count(said: ChildStdout) -> Result<BTreeMap<String, i64>> {
    let mut counted = BTreeMap::new();
    let mut table: Option<String> = None;
    let (mut said, mut line) = (BufReader::new(said), Vec::new());
    loop {
        line.clear();
        if said.read_until(b'\n', &mut line).map_err(Error::internal)? == 0 {
            return Ok(counted);
        }
        table = match table.take() {
            Some(_) if line.starts_with(b"\\.") => None,
            Some(name) => {
                *counted.entry(name.clone()).or_insert(0) += 1;
                Some(name)
            }
            None => {
                let name = copied(&String::from_utf8_lossy(&line));
                if let Some(name) = &name {
                    counted.entry(name.clone()).or_insert(0);
                }
                name
            }
        };
    }
}

/// The table whose rows come after a line.
fn copied(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix("COPY ")?.split_once(" (")?;
    line.trim_end().ends_with("FROM stdin;").then_some(())?;
    let name = name.rsplit('.').next()?;
    Some(name.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::copied;

    #[test]
    fn a_line_that_begins_rows_names_their_table() {
        let line = "COPY public.people (id, name) FROM stdin;\n";
        assert_eq!(copied(line).as_deref(), Some("people"));
        let line = "COPY public.\"odd name\" (id) FROM stdin;";
        assert_eq!(copied(line).as_deref(), Some("odd name"));
        assert_eq!(copied("COPY of a letter"), None);
        assert_eq!(copied("SELECT 1;"), None);
    }
}
