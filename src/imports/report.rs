//! What an import found and did: problems, flags, warnings and counts.

use super::Kind;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

/// How many letters of a wrong value are shown.
const SHOWN: usize = 60;

/// Something that keeps a row, or a whole file, from being imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// 1 is the header; 0 is the file as a whole.
    pub line: u64,
    /// Empty when it is not about one column.
    pub column: &'static str,
    pub value: String,
    /// What is wrong, or what is expected.
    pub says: String,
}

impl Problem {
    pub fn of_file(says: impl Into<String>) -> Problem {
        Problem::of_line(0, says)
    }

    pub fn of_line(line: u64, says: impl Into<String>) -> Problem {
        Problem::of_cell(line, "", "", says)
    }

    /// A wrong value is cut to what helps to find it.
    pub fn of_cell(
        line: u64,
        column: &'static str,
        value: &str,
        says: impl Into<String>,
    ) -> Problem {
        let mut shown: String = value.chars().take(SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('\u{2026}');
        }
        Problem {
            line,
            column,
            value: shown,
            says: says.into(),
        }
    }

    /// The problem without its line, for a row that stands beside it.
    pub fn in_row(&self) -> String {
        match (self.column, self.value.as_str()) {
            ("", _) => self.says.clone(),
            (column, "") => format!("{column}: {}", self.says),
            (column, value) => format!("{column} {value:?}: {}", self.says),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (0, _) => f.write_str(&self.in_row()),
            (line, "") => write!(f, "line {line}: {}", self.in_row()),
            (line, _) => write!(f, "line {line}, {}", self.in_row()),
        }
    }
}

/// The same remark on several rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub first_line: u64,
    pub rows: u64,
}

/// What became, or would become, of one file.
#[derive(Debug, Clone, Default)]
pub struct FileReport {
    pub name: String,
    pub kind: Option<Kind>,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Problems of the file as a whole: nothing of it can be imported.
    pub faults: Vec<Problem>,
    /// Problems by the line of their row.
    pub refused: BTreeMap<u64, Vec<Problem>>,
    /// Rows that were taken although a rule for the keyboard says otherwise.
    pub flags: BTreeMap<&'static str, Remark>,
    flagged: BTreeSet<u64>,
    /// What somebody should know, and what keeps nothing from being imported.
    pub warnings: BTreeMap<String, Remark>,
}

/// What comparing a row with the database found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    New,
    Changed,
    Unchanged,
}

impl FileReport {
    pub fn new(name: &str, kind: Option<Kind>) -> FileReport {
        FileReport {
            name: name.to_owned(),
            kind,
            ..FileReport::default()
        }
    }

    pub fn count(&mut self, change: Change) {
        match change {
            Change::New => self.new += 1,
            Change::Changed => self.changed += 1,
            Change::Unchanged => self.unchanged += 1,
        }
    }

    pub fn refuse(&mut self, problem: Problem) {
        self.refused.entry(problem.line).or_default().push(problem);
    }

    pub fn flag(&mut self, line: u64, text: &'static str) {
        remark(&mut self.flags, text, line);
        self.flagged.insert(line);
    }

    pub fn warn(&mut self, line: u64, text: impl Into<String>) {
        remark(&mut self.warnings, text.into(), line);
    }

    /// How many rows were written.
    pub fn changes(&self) -> u64 {
        self.new + self.changed
    }

    /// What became of the file, in one line: `leads.csv (leads): 3 new, 1 changed, 0 unchanged, 2 left out`.
    pub fn summary(&self) -> String {
        let kind = self.kind.map_or("", Kind::word);
        // Where it lay on the server is nobody's to read in the record.
        let name = Path::new(&self.name).file_name();
        format!(
            "{} ({kind}): {} new, {} changed, {} unchanged, {} left out",
            name.unwrap_or(self.name.as_ref()).to_string_lossy(),
            self.new,
            self.changed,
            self.unchanged,
            self.refused.len()
        )
    }

    /// How many rows were flagged.
    pub fn flagged(&self) -> usize {
        self.flagged.len()
    }

    /// What is wrong with the row at a line, in one text.
    pub fn problem_at(&self, line: u64) -> Option<String> {
        let problems = self.refused.get(&line)?;
        let texts: Vec<String> = problems.iter().map(Problem::in_row).collect();
        Some(texts.join("; "))
    }

    /// All problems in the order of their lines, those of the file first.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.faults.iter().chain(self.refused.values().flatten())
    }
}

fn remark<K: Ord>(remarks: &mut BTreeMap<K, Remark>, key: K, line: u64) {
    let first = Remark {
        first_line: line,
        rows: 0,
    };
    let known = remarks.entry(key).or_insert(first);
    known.rows += 1;
    known.first_line = known.first_line.min(line);
}

/// What became, or would become, of all files.
#[derive(Debug, Clone, Default)]
pub struct Report {
    pub files: Vec<FileReport>,
    /// What was made because a row names it: the word for it, and the names in order.
    pub made: Vec<(&'static str, Vec<String>)>,
    /// Whether the rows were written.
    pub is_written: bool,
}

impl Report {
    /// How many rows of all files were written.
    pub fn changes(&self) -> u64 {
        self.files.iter().map(FileReport::changes).sum()
    }

    /// Whether everything can be imported as it is.
    pub fn is_good(&self) -> bool {
        self.can_skip() && self.files.iter().all(|file| file.refused.is_empty())
    }

    /// Whether everything but the refused rows can be imported.
    pub fn can_skip(&self) -> bool {
        self.files.iter().all(|file| file.faults.is_empty())
    }
}
