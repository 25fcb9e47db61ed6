//! The checks: each reads sources and gives back what it found, for a table of exceptions to judge.

use super::reading::{Source, functions, item_end, line_at, without_tests, words};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// Modules of one height, and which of their neighbours in the same room they may use.
pub struct Room {
    pub name: &'static str,
    pub neighbours: Neighbours,
    pub modules: &'static [&'static str],
}

pub enum Neighbours {
    All,
    None,
    /// Those that stand later in the list.
    Later,
}

/// Something that a table of exceptions may allow by its key: a file, or `file::function`.
#[derive(Debug)]
pub struct Finding {
    pub key: String,
    pub sentence: String,
}

impl Finding {
    fn new(key: &str, line: usize, says: String) -> Finding {
        let file = key.split("::").next().unwrap_or(key);
        Finding {
            key: key.to_string(),
            sentence: format!("{file}:{line}: {says}"),
        }
    }
}

/// The findings that no exception allows, and the exceptions that allow nothing or say no reason.
pub fn judge(findings: &[Finding], exceptions: &[(&str, &str)]) -> Vec<String> {
    let is_allowed = |finding: &&Finding| exceptions.iter().any(|(key, _)| *key == finding.key);
    let is_used = |key: &str| findings.iter().any(|finding| finding.key == key);
    let unjustified = findings
        .iter()
        .filter(|finding| !is_allowed(finding))
        .map(|finding| finding.sentence.clone());
    let idle = exceptions
        .iter()
        .filter(|(key, _)| !is_used(key))
        .map(|(key, _)| format!("{key}: the exception is no longer needed, take it off the list"));
    let silent = exceptions
        .iter()
        .filter(|(_, reason)| reason.trim().is_empty())
        .map(|(key, _)| format!("{key}: the exception says no reason"));
    unjustified.chain(idle).chain(silent).collect()
}

/// Uses of a module that stands higher in the house, or beside when neighbours stay apart.
pub fn imports(sources: &[Source], rooms: &[Room]) -> Vec<Finding> {
    let mut found = Vec::new();
    let macros = macros(sources);
    for source in sources {
        let code = source.code();
        let user = module_of(&source.path);
        if place(user, rooms).is_none() {
            let says =
                format!("no room holds {user}; put it into one, in tests/it/architecture.rs");
            found.push(Finding::new(&source.path, 1, says));
        }
        for (at, name) in named_modules(&code) {
            let used = macros.get(name).copied().unwrap_or(name);
            if let Some(why) = objection(user, used, rooms) {
                found.push(Finding::new(&source.path, line_at(&code, at), why));
            }
        }
        for at in ways_round(&source.path, &code) {
            let says = "`super` leaves the feature here; write the path from `crate::`";
            found.push(Finding::new(&source.path, line_at(&code, at), says.into()));
        }
    }
    found
}

fn module_of(path: &str) -> &str {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".rs").unwrap_or(first)
}

fn place(module: &str, rooms: &[Room]) -> Option<(usize, usize)> {
    rooms.iter().enumerate().find_map(|(height, room)| {
        let seat = room.modules.iter().position(|known| *known == module)?;
        Some((height, seat))
    })
}

/// Why `user` may not use `used`, or nothing when it may.
fn objection(user: &str, used: &str, rooms: &[Room]) -> Option<String> {
    let (height, seat) = place(user, rooms)?;
    let Some((used_height, used_seat)) = place(used, rooms) else {
        return Some(format!(
            "`crate::{used}` is in no room; put it into one, in tests/it/architecture.rs"
        ));
    };
    let room = &rooms[height];
    let why = match used_height.cmp(&height) {
        Ordering::Greater => return None,
        Ordering::Less => format!(
            "the {} ({used}) stand above the {} ({user})",
            rooms[used_height].name, room.name
        ),
        Ordering::Equal if user == used => return None,
        Ordering::Equal => match room.neighbours {
            Neighbours::All => return None,
            Neighbours::Later if seat < used_seat => return None,
            Neighbours::Later => format!(
                "the {} import in one direction: {}",
                room.name,
                room.modules.join(" -> ")
            ),
            Neighbours::None => format!("the {} do not import each other", room.name),
        },
    };
    Some(format!(
        "{user} may not use `crate::{used}`: {why}. Move what both need into a lower module, or \
         let a higher one call both and pass the result as an argument"
    ))
}

/// The modules that `code` names behind `crate::`, alone or in a group, with their offsets.
fn named_modules(code: &str) -> Vec<(usize, &str)> {
    let mut named = Vec::new();
    for (at, root) in code.match_indices("crate::") {
        let path = at + root.len();
        if !code[path..].starts_with('{') {
            named.extend(words(&code[path..]).next().map(|(_, word)| (at, word)));
            continue;
        }
        let (mut depth, mut expected) = (0, false);
        for (offset, c) in code[path..item_end(code, path)].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ if expected && !c.is_whitespace() => {
                    let word = words(&code[path + offset..]).next();
                    named.extend(word.map(|(_, word)| (path + offset, word)));
                }
                _ => {}
            }
            let begins = depth == 1 && matches!(c, '{' | ',');
            expected = begins || (expected && c.is_whitespace());
        }
    }
    named
}

/// Exported macros, which all stand at the crate's root, each with the module that defines it.
fn macros(sources: &[Source]) -> BTreeMap<String, &str> {
    let mut homes = BTreeMap::new();
    for source in sources {
        let code = source.code();
        for (at, define) in code.match_indices("macro_rules!") {
            if let Some((_, name)) = words(&code[at + define.len()..]).next() {
                homes.insert(name.to_string(), module_of(&source.path));
            }
        }
    }
    homes
}

/// Where `super` climbs to the root of the crate, which hides a module's name from the check above.
fn ways_round(path: &str, code: &str) -> Vec<usize> {
    let at_root =
        !path.contains('/') || path.matches('/').count() == 1 && path.ends_with("/mod.rs");
    let climb = if at_root { "super::" } else { "super::super" };
    let code = without_tests(code);
    code.match_indices(climb).map(|(at, _)| at).collect()
}

/// Diesel and the schema outside the files that talk to the database.
pub fn database_access(sources: &[Source]) -> Vec<Finding> {
    let is_home =
        |path: &str| path == "schema.rs" || path.starts_with("db/") || path.ends_with("/store.rs");
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !is_home(&source.path)) {
        let code = source.code();
        let schema = named_modules(&code)
            .into_iter()
            .filter(|(_, word)| *word == "schema");
        let diesel =
            words(&code).filter(|(_, word)| *word == "diesel" || word.starts_with("diesel_"));
        for (at, word) in diesel.chain(schema) {
            let says = format!("`{word}` belongs into a store.rs: move the query there");
            found.push(Finding::new(&source.path, line_at(&code, at), says));
        }
    }
    found
}

/// A database's name, in code or in words, outside the folder and the setting that choose one.
pub fn database_names(sources: &[Source]) -> Vec<Finding> {
    let is_home = |path: &str| path == "config.rs" || path.starts_with("db/");
    let mut found = Vec::new();
    for source in sources.iter().filter(|source| !is_home(&source.path)) {
        let code = source.code_and_words().to_lowercase();
        for name in ["sqlite", "postgres"] {
            found.extend(code.match_indices(name).map(|(at, _)| {
                let says = format!("names {name}: what depends on the database belongs into db/");
                Finding::new(&source.path, line_at(&code, at), says)
            }));
        }
    }
    found
}

/// Files of more than `limit` lines.
pub fn long_files(sources: &[Source], limit: usize) -> Vec<Finding> {
    let length = |source: &Source| source.text.lines().count();
    let long = sources.iter().filter(|source| length(source) > limit);
    long.map(|source| {
        let lines = length(source);
        let says = format!("{lines} lines, more than {limit}: split the file by what it is about");
        Finding::new(&source.path, limit + 1, says)
    })
    .collect()
}

/// Functions of more than `limit` lines, from the one with `fn` to the closing brace.
pub fn long_functions(sources: &[Source], limit: usize) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        for function in functions(&source.code()) {
            let lines = function.last + 1 - function.first;
            if lines > limit {
                let key = format!("{}::{}", source.path, function.name);
                let says = format!(
                    "fn {} has {lines} lines, more than {limit}: give a step of it a name",
                    function.name
                );
                found.push(Finding::new(&key, function.first, says));
            }
        }
    }
    found
}

/// Ways to panic, outside tests. The key names the function around.
pub fn panics(sources: &[Source]) -> Vec<Finding> {
    const WAYS: [&str; 5] = [".unwrap()", ".expect(", "panic!", "todo!", "unimplemented!"];
    let mut found = Vec::new();
    for source in sources
        .iter()
        .filter(|source| !source.path.ends_with("tests.rs"))
    {
        let code = without_tests(&source.code());
        let functions = functions(&code);
        for (way, at) in WAYS
            .iter()
            .flat_map(|way| code.match_indices(way).map(move |(at, _)| (way, at)))
        {
            let line = line_at(&code, at);
            let around = functions
                .iter()
                .rfind(|function| (function.first..=function.last).contains(&line));
            let key = match around {
                Some(function) => format!("{}::{}", source.path, function.name),
                None => source.path.clone(),
            };
            let says = format!(
                "`{way}` ends in a panic: return an error, or list {key} with the reason why it \
                 cannot happen"
            );
            found.push(Finding::new(&key, line, says));
        }
    }
    found
}

/// Templates that no page and no other template names.
pub fn unused_templates(templates: &[Source], sources: &[Source]) -> Vec<Finding> {
    let code = sources.iter().map(|s| (&s.path, s.code_and_words()));
    let markup = templates.iter().map(|t| (&t.path, t.text.clone()));
    let texts: Vec<_> = code.chain(markup).collect();
    let is_used = |path: &String| {
        let name = format!("\"{path}\"");
        let mut others = texts.iter().filter(|(of, _)| *of != path);
        others.any(|(_, text)| text.contains(&name))
    };
    let unused = templates.iter().filter(|template| !is_used(&template.path));
    unused
        .map(|template| {
            let says = "nothing names this template by its full path: remove it".to_string();
            Finding::new(&template.path, 1, says)
        })
        .collect()
}

/// Scripts and styles inside templates, which the content security policy would block.
pub fn inline_code(templates: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for template in templates {
        let text = without_expressions(&template.text);
        for (at, _) in text.match_indices('<') {
            let (tag, attributes) = tag_at(&text[at + 1..]);
            let inline: Vec<_> = attributes
                .iter()
                .filter(|name| *name == "style" || name.starts_with("on"))
                .map(|name| format!("`{name}=` in <{tag}>"))
                .chain((tag == "style").then(|| "<style>".to_string()))
                .chain((tag == "script" && !attributes.contains("src")).then(|| "<script>".into()))
                .collect();
            found.extend(inline.into_iter().map(|what| {
                let says = format!(
                    "{what} is blocked by the content security policy: put it into a file in static/"
                );
                Finding::new(&template.path, line_at(&text, at), says)
            }));
        }
    }
    found
}

/// The template with `{{ }}`, `{% %}` and `{# #}` blanked, whose quotes and brackets are not HTML.
fn without_expressions(text: &str) -> String {
    let mut kept = text.to_string();
    for (open, close) in [("{#", "#}"), ("{{", "}}"), ("{%", "%}")] {
        let mut from = 0;
        while let Some(start) = kept[from..].find(open).map(|at| from + at) {
            let end = kept[start..].find(close).map(|at| start + at + close.len());
            let end = end.unwrap_or(kept.len());
            let gap: String = kept[start..end]
                .bytes()
                .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
                .collect();
            kept.replace_range(start..end, &gap);
            from = end;
        }
    }
    kept
}

/// The name of the tag whose inside begins at `text`, and the names of its attributes.
fn tag_at(text: &str) -> (String, BTreeSet<String>) {
    let mut bare = String::new();
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (None, '>') => break,
            (None, '"' | '\'') => quote = Some(c),
            (None, _) => bare.push(c.to_ascii_lowercase()),
            (Some(open), _) if c == open => (quote, _) = (None, bare.push(' ')),
            (Some(_), _) => {}
        }
    }
    let spaced = bare.replace(" =", "=").replace('=', "= ");
    let mut names = spaced.split_whitespace();
    let tag = names.next().unwrap_or_default().to_string();
    let attributes = names.filter_map(|name| name.strip_suffix('='));
    (tag, attributes.map(str::to_string).collect())
}
