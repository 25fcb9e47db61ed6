//! A file's bytes as a table of text: character set, separator and quoting.

use super::report::Problem;
use crate::csv_out::{as_it_was, made_safe};
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, WINDOWS_1252};

/// A CSV file, decoded and known to be well quoted.
#[derive(Debug)]
pub struct Table {
    text: String,
    separator: u8,
    /// The names of the columns as the file writes them.
    pub header: Vec<String>,
    /// Whether the bytes were no UTF-8 and were read as Windows-1252.
    pub is_windows_1252: bool,
    /// Whether it is a file of [`Table::to_mend`], mended.
    is_to_mend: bool,
}

/// The first column of a file of rows to mend: what is wrong with each, and the mark by which its cells are read as they were.
const TO_MEND: &str = "problem (cells made safe)";

impl Table {
    /// Reads UTF-8, UTF-16 with its mark, or Windows-1252, separated by comma, semicolon or tab.
    pub fn read(bytes: &[u8]) -> Result<Table, Problem> {
        let (text, is_windows_1252) = decode(bytes)?;
        let text = with_line_ends(text);
        if text.trim().is_empty() {
            return Err(Problem::of_file(
                "the file is empty: it needs a line with the names of the columns first",
            ));
        }
        let separator = separator(&text);
        if text.contains('"') {
            check_quotes(&text, separator)?;
        }
        let mut table = Table {
            text,
            separator,
            header: Vec::new(),
            is_windows_1252,
            is_to_mend: false,
        };
        let mut header = StringRecord::new();
        table
            .reader()
            .read_record(&mut header)
            .map_err(|error| Problem::of_file(error.to_string()))?;
        table.header = header.iter().map(|name| name.trim().to_owned()).collect();
        table.is_to_mend = table.header.first().is_some_and(|name| name == TO_MEND);
        if table.is_to_mend {
            let names = table.header.iter().skip(1);
            table.header = names.map(|name| as_it_was(name).to_owned()).collect();
        }
        if table.header.iter().any(|name| name.chars().count() > 200) {
            return Err(Problem::of_file(
                "the first line is no header: it needs the names of the columns",
            ));
        }
        Ok(table)
    }

    /// Gives each row below the header with its line to `take`; rows without any text are passed over.
    pub fn each(&self, mut take: impl FnMut(u64, &StringRecord)) {
        let mut reader = self.reader();
        let mut record = StringRecord::new();
        let mut is_header = true;
        // The text is UTF-8 already and in memory, so that reading cannot fail.
        while let Ok(true) = reader.read_record(&mut record) {
            let line = self.line_of(&record);
            if self.is_to_mend {
                record = record.iter().skip(1).map(as_it_was).collect();
            }
            let is_empty = || record.iter().all(|cell| cell.trim().is_empty());
            if !std::mem::take(&mut is_header) && !is_empty() {
                take(line, &record);
            }
        }
    }

    /// The rows at `lines` as CSV for a spreadsheet, with what is wrong with each before it. Nothing in it runs as a formula, and
    /// it is read back as it was.
    pub fn to_mend(&self, problem_at: impl Fn(u64) -> Option<String>) -> String {
        let mut out = csv::WriterBuilder::new()
            .flexible(true)
            // A tab or a semicolon in a cell separates nothing.
            .quote_style(csv::QuoteStyle::Always)
            .from_writer(Vec::new());
        let header = self.header.iter().map(|name| made_safe(name));
        let mut written = out.write_record([TO_MEND.to_owned()].into_iter().chain(header));
        self.each(|line, record| {
            if let Some(problem) = problem_at(line) {
                let cells = [problem.as_str()].into_iter().chain(record);
                let cells = cells.map(made_safe);
                written = std::mem::replace(&mut written, Ok(())).and(out.write_record(cells));
            }
        });
        let bytes = out.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// The rows at `lines` as CSV again, each with what is wrong with it in a last column.
    pub fn rejected(&self, problem_at: impl Fn(u64) -> Option<String>) -> String {
        let mut out = csv::WriterBuilder::new()
            .flexible(true)
            .from_writer(Vec::new());
        let header = self.header.iter().map(String::as_str).chain(["problem"]);
        let mut written = out.write_record(header);
        self.each(|line, record| {
            if let Some(problem) = problem_at(line) {
                let cells = (0..self.header.len().max(record.len()))
                    .map(|at| record.get(at).unwrap_or_default())
                    .chain([problem.as_str()]);
                written = std::mem::replace(&mut written, Ok(())).and(out.write_record(cells));
            }
        });
        let bytes = out.into_inner().unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_default()
    }

    fn reader(&self) -> csv::Reader<&[u8]> {
        ReaderBuilder::new()
            .delimiter(self.separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(self.text.as_bytes())
    }

    /// The line on which a row begins; the reader counts from the empty lines before it.
    fn line_of(&self, record: &StringRecord) -> u64 {
        let Some(position) = record.position() else {
            return 0;
        };
        let before = self.text.as_bytes()[position.byte() as usize..].iter();
        let empty = before.take_while(|byte| matches!(byte, b'\n' | b'\r'));
        position.line() + empty.filter(|byte| **byte == b'\n').count() as u64
    }
}

fn decode(bytes: &[u8]) -> Result<(String, bool), Problem> {
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(Problem::of_file(
            "this is a workbook or an archive: save its sheet as CSV (UTF-8)",
        ));
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        let (text, _, is_broken) = encoding.decode(bytes);
        if is_broken {
            let name = encoding.name();
            return Err(Problem::of_file(format!(
                "the file says that it is {name}, and is not: save it as UTF-8"
            )));
        }
        return Ok((text.into_owned(), false));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), false)),
        Err(error) => windows_1252(bytes, error.valid_up_to()).map(|text| (text, true)),
    }
}

/// An old Macintosh ends its lines by a carriage return alone: by line feeds each row has a line of its own, to be named by.
fn with_line_ends(text: String) -> String {
    match text.contains('\r') && !text.contains('\n') {
        true => text.replace('\r', "\n"),
        false => text,
    }
}

/// Text of the one other character set that spreadsheets still write.
fn windows_1252(bytes: &[u8], broken_at: usize) -> Result<String, Problem> {
    let line = 1 + bytes[..broken_at].iter().filter(|b| **b == b'\n').count() as u64;
    // Letters of several bytes that are right beside some that are not: UTF-8, cut or mixed up.
    if bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii()) {
        return Err(Problem::of_line(
            line,
            "broken UTF-8: save the file as UTF-8 again",
        ));
    }
    const UNUSED: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
    if bytes.iter().any(|byte| UNUSED.contains(byte)) {
        return Err(Problem::of_line(
            line,
            "neither UTF-8 nor Windows-1252: save the file as UTF-8",
        ));
    }
    Ok(WINDOWS_1252
        .decode_without_bom_handling(bytes)
        .0
        .into_owned())
}

/// The one of comma, semicolon and tab that the header has most of.
fn separator(text: &str) -> u8 {
    let header = text.trim_start().lines().next().unwrap_or_default();
    let count = |mark: u8| {
        let mut is_quoted = false;
        let marks = header.bytes().filter(|byte| {
            is_quoted ^= *byte == b'"';
            *byte == mark && !is_quoted
        });
        marks.count()
    };
    let mut best = b',';
    for mark in *b";\t" {
        if count(mark) > count(best) {
            best = mark;
        }
    }
    best
}

/// Finds quotes that are never closed, or closed in the middle of a cell.
fn check_quotes(text: &str, separator: u8) -> Result<(), Problem> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Start,
        Bare,
        Quoted,
        Closed,
    }
    let (mut at, mut line, mut opened) = (At::Start, 1, 0);
    for byte in text.bytes() {
        let ends_cell = byte == separator || byte == b'\n' || byte == b'\r';
        at = match at {
            At::Start if byte == b'"' => {
                opened = line;
                At::Quoted
            }
            At::Quoted if byte == b'"' => At::Closed,
            At::Closed if byte == b'"' => At::Quoted,
            At::Quoted => At::Quoted,
            _ if ends_cell => At::Start,
            At::Closed if byte == b' ' => At::Closed,
            At::Closed => {
                return Err(Problem::of_line(
                    line,
                    format!(
                        "wrong quoting: text follows the quote that closes the cell opened in line {opened}; double a quote that is part of the text"
                    ),
                ));
            }
            At::Start | At::Bare => At::Bare,
        };
        line += u64::from(byte == b'\n');
    }
    if at == At::Quoted {
        return Err(Problem::of_line(
            opened,
            "wrong quoting: a quote is opened here and never closed",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        let mut rows = Vec::new();
        let table = Table::read(bytes).unwrap();
        table.each(|line, record| rows.push((line, record.iter().map(str::to_owned).collect())));
        rows
    }

    fn says(bytes: &[u8]) -> String {
        Table::read(bytes).unwrap_err().to_string()
    }

    #[test]
    fn a_mark_semicolons_tabs_and_old_character_sets_are_recognised() {
        let row = |cells: [&str; 2]| vec![(2, cells.map(str::to_owned).to_vec())];
        assert_eq!(rows(b"\xef\xbb\xbfa,b\n1,2\n"), row(["1", "2"]));
        assert_eq!(rows(b"a;b\r\n1,5;2\r\n"), row(["1,5", "2"]));
        assert_eq!(rows(b"a\tb\n1\t2"), row(["1", "2"]));
        assert_eq!(rows(b"a,b\nM\xfcller,\x80"), row(["Müller", "\u{20ac}"]));
        assert_eq!(rows(b"\xff\xfea\0,\0b\0\n\x001\0,\x002\0"), row(["1", "2"]));
        assert_eq!(rows(b"\"a,x;\",b\n1,2"), row(["1", "2"]));
    }

    #[test]
    fn a_row_knows_its_line_whatever_stands_before_it() {
        let lines: Vec<u64> = rows(b"\na,b\n\n\n\"x\ny\",1\r\n\r\n ,\n2,3\n4")
            .into_iter()
            .map(|(line, _)| line)
            .collect();
        assert_eq!(lines, [5, 9, 10]);
    }

    #[test]
    fn a_row_of_an_old_macintosh_has_a_line_of_its_own() {
        let row = |line, cells: [&str; 2]| (line, cells.map(str::to_owned).to_vec());
        let two = [row(2, ["1", "2"]), row(4, ["x\ny", "4"])];
        assert_eq!(rows(b"a,b\r1,2\r\r\"x\ry\",4\r"), two);
    }

    #[test]
    fn wrong_quoting_is_named_with_its_line() {
        assert!(says(b"a,b\n1,2\n\"x,3\n4,5\n").contains("line 3: wrong quoting"));
        assert!(says(b"a,b\n\"x\"y,3\n").contains("line 2: wrong quoting"));
        assert_eq!(
            rows(b"a,b\n\"x \"\"y\"\"\" ,5\" disk\n")[0].1[1],
            "5\" disk"
        );
    }

    #[test]
    fn what_is_no_text_file_is_refused_with_what_to_do() {
        assert!(says(b"").contains("empty"));
        assert!(says(b" \n\n").contains("empty"));
        assert!(says(b"PK\x03\x04....").contains("workbook"));
        assert!(
            says("a,b\nM\u{fc}ller,\u{fc}".as_bytes().split_last().unwrap().1)
                .contains("line 2: broken UTF-8")
        );
        assert!(says(b"a\n\x81\xff").contains("neither"));
        assert!(says(b"\xff\xfea\0\n").contains("UTF-16"));
    }

    proptest::proptest! {
        /// Cells of any text, with many of those that spreadsheets run, in rows of any width.
        #[test]
        fn rows_to_mend_run_nothing_and_are_read_back_as_they_were(
            names in proptest::collection::vec("[a-z=+;\t]{1,6}", 1..4),
            rows in proptest::collection::vec(
                proptest::collection::vec("('{0,2}[ ]?[=+@\t-])?[a-z0-9'\",;\n=é-]{0,6}", 1..5),
                0..6,
            ),
        ) {
            let mut file = csv::WriterBuilder::new()
                .flexible(true)
                .quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            file.write_record(&names).unwrap();
            for row in &rows {
                file.write_record(row).unwrap();
            }
            let bytes = file.into_inner().unwrap();
            let table = Table::read(&bytes).unwrap();
            let out = table.to_mend(|_| Some("=wrong".to_owned()));
            let mut reader = ReaderBuilder::new().flexible(true).from_reader(out.as_bytes());
            for record in reader.records() {
                for cell in &record.unwrap() {
                    let runs = cell.trim_start().starts_with(['=', '+', '-', '@']);
                    proptest::prop_assert!(!runs && !cell.starts_with('\t'), "{cell:?}");
                }
            }
            let again = Table::read(out.as_bytes()).unwrap();
            proptest::prop_assert_eq!(&again.header, &table.header);
            let all = |table: &Table| {
                let mut all: Vec<Vec<String>> = Vec::new();
                table.each(|_, record| all.push(record.iter().map(str::to_owned).collect()));
                all
            };
            proptest::prop_assert_eq!(all(&again), all(&table));
            // And once more: the mark is no column.
            proptest::prop_assert_eq!(again.to_mend(|_| Some("=wrong".to_owned())), out);
        }
    }

    #[test]
    fn what_only_looks_made_safe_stays_in_a_file_of_ones_own() {
        assert_eq!(rows(b"a,b\n'=1,2\n")[0].1, ["'=1", "2"]);
    }

    #[test]
    fn rejected_rows_come_back_as_they_were_with_what_is_wrong() {
        let table = Table::read(b"a;b\n=1;\"x;y\"\n2;3\n").unwrap();
        let out = table.rejected(|line| (line == 2).then(|| "bad, \"very\"".to_owned()));
        assert_eq!(out, "a,b,problem\n=1,x;y,\"bad, \"\"very\"\"\"\n");
    }
}
