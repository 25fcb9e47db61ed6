//! Reads as much HTML as our own templates write.

/// A piece of a document.
pub enum Piece {
    Open(Tag),
    Close(String),
    Text(String),
}

/// An opening tag.
pub struct Tag {
    pub name: String,
    attrs: Vec<(String, String)>,
}

impl Tag {
    pub fn attr(&self, name: &str) -> Option<&str> {
        let found = self.attrs.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A form that posts, with the fields a browser would send.
pub struct Form {
    pub action: String,
    pub fields: Vec<(String, String)>,
}

/// A document from its start to its end.
pub fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        if start > 0 {
            pieces.push(Piece::Text(unescape(&rest[..start])));
        }
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = tag_end(rest);
        let inner = rest[1..end].trim_end_matches('/');
        rest = rest.get(end + 1..).unwrap_or_default();
        match inner.strip_prefix('/') {
            Some(name) => pieces.push(Piece::Close(name.trim().to_owned())),
            None if inner.starts_with('!') => {}
            None => pieces.push(Piece::Open(tag(inner))),
        }
    }
    pieces.push(Piece::Text(unescape(rest)));
    pieces
}

/// Where a tag ends: the first > outside quotes.
fn tag_end(html: &str) -> usize {
    let mut quote = None;
    for (at, c) in html.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    html.len()
}

fn tag(inner: &str) -> Tag {
    let (name, mut rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let mut attrs = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let key_end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let key = rest[..key_end].to_owned();
        rest = rest[key_end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| "\"'".contains(*c));
            (value, rest) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            };
        }
        attrs.push((key, unescape(value)));
    }
    Tag {
        name: name.to_lowercase(),
        attrs,
    }
}

const UNSEEN: [&str; 3] = ["dialog", "style", "template"];

/// The words of a document that are on the screen, with single spaces between them.
pub fn words(html: &str) -> String {
    let mut text = String::new();
    let mut is_hidden = false;
    for piece in pieces(html) {
        match piece {
            // A dialog is not there before it is opened, and the others are never read.
            Piece::Open(tag) if UNSEEN.contains(&tag.name.as_str()) => is_hidden = true,
            Piece::Close(name) if UNSEEN.contains(&name.as_str()) => is_hidden = false,
            Piece::Text(_) if is_hidden => {}
            Piece::Text(words) => text.push_str(&words),
            Piece::Open(_) | Piece::Close(_) => text.push(' '),
        }
    }
    let words: Vec<_> = text.split_whitespace().collect();
    let text = words.join(" ");
    // Where only a tag stood between a word and its sign, nobody sees a space.
    [" .", " ,", " ;", " :", " )", "( "]
        .iter()
        .fold(text, |text, sign| text.replace(sign, sign.trim()))
}

/// The words inside the first element of a name.
pub fn inside(html: &str, name: &str) -> String {
    let mut depth = 0;
    let mut text = String::new();
    for piece in pieces(html) {
        match piece {
            Piece::Open(tag) if tag.name == name => depth += 1,
            Piece::Close(closed) if closed == name => return text.trim().to_owned(),
            Piece::Text(words) if depth > 0 => text.push_str(&words),
            _ => {}
        }
    }
    text
}

/// The forms of a document that post.
pub fn forms(html: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut open: Option<Form> = None;
    let mut pieces = pieces(html).into_iter().peekable();
    // The name of the select that is open, and what it sends until an option is chosen.
    let mut select = String::new();
    let mut has_choice = false;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Open(tag) if tag.name == "form" => {
                let posts = tag.attr("method") == Some("post");
                open = posts.then(|| Form {
                    action: tag.attr("action").unwrap_or_default().to_owned(),
                    fields: Vec::new(),
                });
            }
            Piece::Close(name) if name == "form" => forms.extend(open.take()),
            Piece::Open(tag) => {
                let Some(form) = &mut open else { continue };
                let name = tag.attr("name").unwrap_or_default().to_owned();
                match tag.name.as_str() {
                    "input" if is_sent(&tag) => {
                        let value = tag.attr("value").unwrap_or_default();
                        form.fields.push((name, value.to_owned()));
                    }
                    "textarea" => {
                        let value = match pieces.peek() {
                            Some(Piece::Text(text)) => text.clone(),
                            _ => String::new(),
                        };
                        form.fields.push((name, value));
                    }
                    "select" => {
                        select = name;
                        has_choice = false;
                    }
                    "option" => {
                        let value = tag.attr("value").unwrap_or_default().to_owned();
                        let is_chosen = tag.attr("selected").is_some();
                        if is_chosen && has_choice {
                            form.fields.pop();
                        }
                        if is_chosen || !has_choice {
                            form.fields.push((select.clone(), value));
                        }
                        has_choice = true;
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
    forms
}

/// Whether an input has a name and, where it must be ticked, is.
fn is_sent(tag: &Tag) -> bool {
    let is_ticked = match tag.attr("type").unwrap_or("text") {
        "radio" | "checkbox" => tag.attr("checked").is_some(),
        "submit" | "button" | "file" => false,
        _ => true,
    };
    is_ticked && tag.attr("name").is_some_and(|name| !name.is_empty())
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        rest = &rest[start..];
        let entity = rest[1..].split_once(';').filter(|(name, _)| name.len() < 8);
        let character = entity.and_then(|(name, _)| character(name));
        match (entity, character) {
            (Some((_, after)), Some(character)) => {
                plain.push(character);
                rest = after;
            }
            _ => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain + rest
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}
