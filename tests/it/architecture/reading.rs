//! Reads Rust and template files as text: just enough to see words, comments, literals and braces.

use std::{fs, path::Path};

/// A file of the project: its path below the folder it was looked for in, and its text.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Source {
        let (path, text) = (path.to_string(), text.to_string());
        Source { path, text }
    }

    /// The text with comments and the insides of literals blanked: same length, same lines.
    pub fn code(&self) -> String {
        blank(&self.text, true)
    }

    /// The text with only the comments blanked.
    pub fn code_and_words(&self) -> String {
        blank(&self.text, false)
    }
}

/// Every file below `folder` of this package whose name ends in `ending`, by path.
pub fn files(folder: &str, ending: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                let text = fs::read_to_string(&path).expect("a text file");
                let name = path.strip_prefix(&root).expect("a path below the root");
                found.push(Source::new(&name.to_string_lossy(), &text));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The line, counted from 1, that holds the byte at `offset`.
pub fn line_at(text: &str, offset: usize) -> usize {
    1 + text[..offset].matches('\n').count()
}

/// The words of `code` (letters, digits, underscores) with the offset where each begins.
pub fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.split(move |c| !is_part(c))
        .filter(|word| !word.is_empty())
        .map(move |word| (word.as_ptr() as usize - code.as_ptr() as usize, word))
}

/// The offset behind the item whose text goes on at `from`: behind the brace that closes its first
/// block, or behind a semicolon that comes before any block.
pub fn item_end(code: &str, from: usize) -> usize {
    let (mut braces, mut brackets) = (0, 0);
    for (at, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => brackets += 1,
            b')' | b']' => brackets -= 1,
            b'{' => braces += 1,
            b'}' => braces -= 1,
            _ => {}
        }
        if (byte == b'}' && braces == 0) || (byte == b';' && braces == 0 && brackets == 0) {
            return at + 1;
        }
    }
    code.len()
}

/// `code` without what is compiled for tests only.
pub fn without_tests(code: &str) -> String {
    let mut kept = code.to_string();
    for (start, marker) in code.match_indices("#[cfg(test)]") {
        let end = item_end(code, start + marker.len());
        kept.replace_range(start..end, &blanks(&code[start..end]));
    }
    kept
}

/// A function with a body: its name, and its first and last line.
pub struct Function {
    pub name: String,
    pub first: usize,
    pub last: usize,
}

/// Every function in `code` that has a body, in the order of their first lines.
pub fn functions(code: &str) -> Vec<Function> {
    let all: Vec<_> = words(code).collect();
    let named = all.windows(2).filter(|pair| {
        let between = &code[pair[0].0 + pair[0].1.len()..pair[1].0];
        pair[0].1 == "fn" && between.trim().is_empty()
    });
    named
        .map(|pair| (pair, item_end(code, pair[0].0)))
        .filter(|(_, end)| code[..*end].ends_with('}'))
        .map(|(pair, end)| Function {
            name: pair[1].1.to_string(),
            first: line_at(code, pair[0].0),
            last: line_at(code, end),
        })
        .collect()
}

fn blanks(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect()
}

fn blank(text: &str, literals: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let after_word = out.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let (length, hidden) = match (comment_length(rest), literal_length(rest, after_word)) {
            (Some(length), _) => (length, true),
            (None, Some(length)) => (length, literals),
            (None, None) => (next.len_utf8(), false),
        };
        let (piece, remainder) = rest.split_at(length);
        if hidden {
            out.push_str(&blanks(piece));
        } else {
            out.push_str(piece);
        }
        rest = remainder;
    }
    out
}

fn comment_length(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match text.as_bytes().get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") if depth == 1 => return Some(at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    Some(text.len())
}

/// The length of the string or character at the start of `text`; a lifetime is none of them.
fn literal_length(text: &str, after_word: bool) -> Option<usize> {
    if text.starts_with('"') {
        return Some(quoted_length(text, '"'));
    }
    if let Some(inside) = text.strip_prefix('\'') {
        let mut chars = inside.chars();
        let is_character = chars.next() == Some('\\') || chars.next() == Some('\'');
        return is_character.then(|| quoted_length(text, '\''));
    }
    let raw = ["r", "br", "cr"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))?;
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    if after_word || !raw[hashes..].starts_with('"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let body = text.len() - raw.len() + hashes + 1;
    let length = text[body..].find(&close).map(|at| body + at + close.len());
    Some(length.unwrap_or(text.len()))
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}
