//! All SQL about the record.

use crate::app::CONSOLE;
use crate::db::like::anywhere;
use crate::db::{BATCH_ROWS, Conn};
use crate::error::Result;
use crate::schema::{audit_entries, audit_words};
use crate::value::Instant;
use crate::{in_batches_returning, insert_all};
use diesel::prelude::*;

#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
pub struct NewEntry<'a> {
    pub at: Instant,
    pub by_id: Option<i64>,
    pub verb: &'a str,
    pub subject: &'a str,
    pub subject_id: Option<i64>,
}

#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = audit_words)]
pub struct Words<'a> {
    pub was: &'a str,
    pub became: &'a str,
    pub address: &'a str,
    pub search: &'a str,
}

pub fn add(conn: &mut Conn, entry: &NewEntry, words: &Words) -> Result<()> {
    let id: i64 = diesel::insert_into(audit_entries::table)
        .values(entry)
        .returning(audit_entries::id)
        .get_result(conn)?;
    diesel::insert_into(audit_words::table)
        .values((audit_words::entry_id.eq(id), words))
        .execute(conn)?;
    Ok(())
}

/// The words of an entry that has its id.
#[derive(Insertable)]
#[diesel(table_name = audit_words)]
struct WordsOf<'a> {
    entry_id: i64,
    #[diesel(embed)]
    words: Words<'a>,
}

/// An entry that has got its id.
#[derive(Queryable)]
struct Added {
    id: i64,
}

/// Adds many entries, each with the words in the same place.
pub fn add_all(conn: &mut Conn, entries: &[NewEntry], words: &[Words]) -> Result<()> {
    let added: Vec<Added> = in_batches_returning!(conn, entries, |c, values| {
        diesel::insert_into(audit_entries::table)
            .values(values)
            .returning((audit_entries::id,))
    });
    let mut ids: Vec<i64> = added.into_iter().map(|added| added.id).collect();
    // Both databases number rows in the order in which they are given.
    ids.sort_unstable();
    let rows: Vec<WordsOf> = ids
        .into_iter()
        .zip(words.iter().copied())
        .map(|(entry_id, words)| WordsOf { entry_id, words })
        .collect();
    insert_all!(conn, audit_words::table, &rows);
    Ok(())
}

/// One line of the trail.
#[derive(Debug, Clone, Queryable)]
pub struct Line {
    pub at: Instant,
    pub by_id: Option<i64>,
    pub verb: String,
    pub subject_id: Option<i64>,
    /// What it was.
    pub was: String,
    /// What it became.
    pub detail: String,
    pub address: String,
}

impl Line {
    /// What it became, or what it was where nothing came of it.
    pub fn what(&self) -> &str {
        match self.detail.is_empty() {
            true => &self.was,
            false => &self.detail,
        }
    }
}

/// What was done to some things of a subject (all without) by these verbs, newest first, at most `most`.
pub fn trail(
    conn: &mut Conn,
    subject: &str,
    verbs: &[&str],
    ids: Option<&[i64]>,
    most: i64,
) -> Result<Vec<Line>> {
    let lines = audit_entries::table
        .inner_join(audit_words::table.on(audit_words::entry_id.eq(audit_entries::id)))
        .filter(audit_entries::subject.eq(subject))
        .filter(audit_entries::verb.eq_any(verbs))
        .order(audit_entries::id.desc())
        .limit(most)
        .select((
            audit_entries::at,
            audit_entries::by_id,
            audit_entries::verb,
            audit_entries::subject_id,
            audit_words::was,
            audit_words::became,
            audit_words::address,
        ));
    Ok(match ids {
        Some(ids) => {
            let ids = ids.iter().copied().map(Some);
            lines
                .filter(audit_entries::subject_id.eq_any(ids))
                .load(conn)?
        }
        None => lines.load(conn)?,
    })
}

/// What was changed at an instant or after it: kinds of things with their ids, each once.
pub fn changed_since(conn: &mut Conn, at: Instant) -> Result<Vec<(String, Option<i64>)>> {
    Ok(audit_entries::table
        .filter(audit_entries::at.ge(at))
        .select((audit_entries::subject, audit_entries::subject_id))
        .distinct()
        .load(conn)?)
}

/// Who did what at one of these instants.
pub fn at_instants(conn: &mut Conn, instants: &[Instant]) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for instants in instants.chunks(BATCH_ROWS) {
        let found: Vec<Line> = audit_entries::table
            .inner_join(audit_words::table.on(audit_words::entry_id.eq(audit_entries::id)))
            .filter(audit_entries::at.eq_any(instants.iter().copied()))
            .select((
                audit_entries::at,
                audit_entries::by_id,
                audit_entries::verb,
                audit_entries::subject_id,
                audit_words::was,
                audit_words::became,
                audit_words::address,
            ))
            .load(conn)?;
        lines.extend(found);
    }
    Ok(lines)
}

/// One entry of the record, whole.
#[derive(Debug, Clone, Queryable)]
pub struct Entry {
    pub id: i64,
    pub at: Instant,
    pub by_id: Option<i64>,
    pub verb: String,
    pub subject: String,
    pub subject_id: Option<i64>,
    pub was: String,
    pub became: String,
    pub address: String,
}

/// What to look for in the record.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub by_id: Option<i64>,
    pub subject: Option<String>,
    /// About a person, or by them: both.
    pub person_id: Option<i64>,
    pub from: Option<Instant>,
    pub until: Option<Instant>,
    /// What was done at the console.
    pub is_at_console: bool,
    /// Words, in any case.
    pub text: String,
}

/// Entries of the record, the newest first, those before the one of an id.
pub fn entries(
    conn: &mut Conn,
    wanted: &Wanted,
    before: Option<i64>,
    most: i64,
) -> Result<Vec<Entry>> {
    let mut rows = audit_entries::table
        .inner_join(audit_words::table.on(audit_words::entry_id.eq(audit_entries::id)))
        .order(audit_entries::id.desc())
        .limit(most)
        .select((
            audit_entries::id,
            audit_entries::at,
            audit_entries::by_id,
            audit_entries::verb,
            audit_entries::subject,
            audit_entries::subject_id,
            audit_words::was,
            audit_words::became,
            audit_words::address,
        ))
        .into_boxed();
    if let Some(by_id) = wanted.by_id {
        rows = rows.filter(audit_entries::by_id.eq(by_id));
    }
    if wanted.is_at_console {
        rows = rows.filter(audit_words::address.eq(CONSOLE));
    }
    if let Some(subject) = &wanted.subject {
        rows = rows.filter(audit_entries::subject.eq(subject.clone()));
    }
    if let Some(id) = wanted.person_id {
        let about = audit_entries::subject
            .eq("person")
            .and(audit_entries::subject_id.eq(id));
        rows = rows.filter(audit_entries::by_id.eq(id).or(about.nullable()));
    }
    if let Some(from) = wanted.from {
        rows = rows.filter(audit_entries::at.ge(from));
    }
    if let Some(until) = wanted.until {
        rows = rows.filter(audit_entries::at.lt(until));
    }
    if !wanted.text.is_empty() {
        let pattern = anywhere(&wanted.text.to_lowercase());
        rows = rows.filter(
            audit_words::search
                .like(pattern.clone())
                .escape('!')
                .or(audit_entries::verb.like(pattern).escape('!')),
        );
    }
    if let Some(before) = before {
        rows = rows.filter(audit_entries::id.lt(before));
    }
    Ok(rows.load(conn)?)
}

/// What kinds of things stand in the record.
pub fn subjects(conn: &mut Conn) -> Result<Vec<String>> {
    let mut subjects: Vec<String> = audit_entries::table
        .select(audit_entries::subject)
        .distinct()
        .load(conn)?;
    subjects.sort_unstable();
    Ok(subjects)
}

/// Blanks the addresses of entries from before an instant, and says how many. That something was done at the console is
/// nobody's address, and stays.
pub fn blank_addresses(conn: &mut Conn, before: Instant) -> Result<usize> {
    let old = audit_entries::table
        .filter(audit_entries::at.lt(before))
        .select(audit_entries::id);
    Ok(diesel::update(audit_words::table)
        .filter(
            audit_words::address
                .ne_all(["", CONSOLE])
                .and(audit_words::entry_id.eq_any(old)),
        )
        .set(audit_words::address.eq(""))
        .execute(conn)?)
}

/// Words that say nothing.
#[derive(Default, AsChangeset)]
#[diesel(table_name = audit_words)]
struct Blank {
    was: String,
    became: String,
    address: String,
    search: String,
}

/// Blanks the words of the record about a person, of what they did, and wherever one of these words stands.
pub fn blank_words(conn: &mut Conn, person_id: i64, names: &[String]) -> Result<()> {
    let theirs = audit_entries::table
        .filter(
            audit_entries::by_id.eq(person_id).or(audit_entries::subject
                .eq("person")
                .and(audit_entries::subject_id.eq(person_id))
                .nullable()),
        )
        .select(audit_entries::id);
    diesel::update(audit_words::table)
        .filter(audit_words::entry_id.eq_any(theirs))
        .set(Blank::default())
        .execute(conn)?;
    blank_naming(conn, names)
}

/// Blanks the words of the record about a thing, and wherever one of these words stands.
pub fn blank_about(
    conn: &mut Conn,
    (subject, subject_id): (&str, i64),
    names: &[String],
) -> Result<()> {
    let about = audit_entries::table
        .filter(audit_entries::subject.eq(subject))
        .filter(audit_entries::subject_id.eq(subject_id))
        .select(audit_entries::id);
    diesel::update(audit_words::table)
        .filter(audit_words::entry_id.eq_any(about))
        .set(Blank::default())
        .execute(conn)?;
    blank_naming(conn, names)
}

fn blank_naming(conn: &mut Conn, names: &[String]) -> Result<()> {
    for name in names.iter().filter(|name| !name.is_empty()) {
        let ids = naming(conn, name)?;
        for ids in ids.chunks(BATCH_ROWS) {
            diesel::update(audit_words::table)
                .filter(audit_words::entry_id.eq_any(ids))
                .set(Blank::default())
                .execute(conn)?;
        }
    }
    Ok(())
}

/// The entries in which a name stands as whole words: "Max" does not stand in "maximum".
fn naming(conn: &mut Conn, name: &str) -> Result<Vec<i64>> {
    let lower = name.to_lowercase();
    // The oldest entries were put into small letters by the database, which knows those of ASCII only.
    let is_near = audit_words::search
        .like(anywhere(&lower))
        .escape('!')
        .or(audit_words::search.like(anywhere(name)).escape('!'));
    let near: Vec<(i64, String)> = audit_words::table
        .filter(is_near)
        .select((audit_words::entry_id, audit_words::search))
        .load(conn)?;
    let named = near
        .into_iter()
        .filter(|(_, words)| has_words(&words.to_lowercase(), &lower));
    Ok(named.map(|(id, _)| id).collect())
}

/// Whether some words stand in a text and end where words end.
pub fn has_words(text: &str, words: &str) -> bool {
    let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(words).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        !is_inside(before) && !is_inside(after)
    })
}

#[cfg(test)]
mod tests {
    use super::has_words;

    #[test]
    fn a_name_stands_in_a_text_as_whole_words_only() {
        assert!(has_words("given to max maier, north", "max maier"));
        assert!(has_words("max", "max") && has_words("to max.", "max"));
        assert!(!has_words("maximum", "max") && !has_words("manual", "al"));
        assert!(has_words("maximum for max", "max"));
        assert!(has_words("zu özil (neu)", "özil") && !has_words("özilö", "özil"));
    }
}
