//! Reads a form into typed values, or gives it back filled, with a message a field (422).

use chrono::NaiveDate;

/// The fields as they came, and what is wrong with them.
///
/// A reader such as [`Form::required`] answers `None` and keeps a message when a field is wrong, so that a
/// handler reads every field first and then asks [`Form::is_good`] once.
#[derive(Debug, Default, Clone)]
pub struct Form {
    values: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// What is wrong with one field, in a sentence.
#[derive(Debug, Clone)]
pub struct FieldError {
    pub name: String,
    pub text: String,
}

/// One entry of a list to choose from.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Form {
    /// Reads `a=1&b=2`; bytes that are no form give an empty one.
    pub fn parse(body: &[u8]) -> Form {
        let values: Vec<(String, String)> = serde_html_form::from_bytes(body).unwrap_or_default();
        // PostgreSQL refuses NUL in text, and nobody types it.
        let values = values
            .into_iter()
            .map(|(key, value)| (key, value.replace('\0', "")))
            .collect();
        Form {
            values,
            errors: Vec::new(),
        }
    }

    /// A form filled with what is there already, for a first look at it.
    pub fn filled<K: Into<String>, V: Into<String>>(
        values: impl IntoIterator<Item = (K, V)>,
    ) -> Form {
        Form {
            values: values
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
            errors: Vec::new(),
        }
    }

    /// The value of a field, trimmed; empty when it did not come.
    pub fn value(&self, name: &str) -> &str {
        self.values
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// All values of a field that may come several times.
    pub fn values<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> + use<'f> {
        let name = name.to_owned();
        self.values
            .iter()
            .filter(move |(key, _)| *key == name)
            .map(|(_, value)| value.trim())
    }

    /// All fields as they came, in their order.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.trim()))
    }

    pub fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(key, _)| key == name)
    }

    /// Puts a value in, for a field that did not come.
    pub fn set_default(&mut self, name: &str, value: impl Into<String>) {
        if !self.has(name) {
            self.values.push((name.to_owned(), value.into()));
        }
    }

    /// Puts a value in, whatever came.
    pub fn replace(&mut self, name: &str, value: impl Into<String>) {
        self.values.retain(|(key, _)| key != name);
        self.values.push((name.to_owned(), value.into()));
    }

    /// The message for a field; empty when there is none.
    pub fn error(&self, name: &str) -> &str {
        self.errors
            .iter()
            .find(|error| error.name == name)
            .map_or("", |error| &error.text)
    }

    /// All messages, for the summary on top.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// A list to choose from, with the field's value chosen.
    pub fn choices<V: ToString, L: ToString>(
        &self,
        name: &str,
        options: impl IntoIterator<Item = (V, L)>,
    ) -> Vec<Choice> {
        let chosen: Vec<&str> = self.values(name).collect();
        let choice = |(value, label): (V, L)| {
            let value = value.to_string();
            Choice {
                chosen: chosen.contains(&value.as_str()),
                value,
                label: label.to_string(),
            }
        };
        options.into_iter().map(choice).collect()
    }

    /// Whether a box was ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.value(name) == "true"
    }

    pub fn is_good(&self) -> bool {
        self.errors.is_empty()
    }

    /// Keeps a message for a field.
    pub fn refuse(&mut self, name: &str, message: impl Into<String>) {
        self.errors.push(FieldError {
            name: name.to_owned(),
            text: message.into(),
        });
    }

    /// A text of at most `most` characters; empty is allowed.
    pub fn text(&mut self, name: &str, most: usize) -> Option<String> {
        let value = self.value(name).to_owned();
        if value.chars().count() > most {
            self.refuse(name, format!("Use at most {most} characters."));
            return None;
        }
        Some(value)
    }

    /// A text that must be there.
    pub fn required(&mut self, name: &str, most: usize, what: &str) -> Option<String> {
        let value = self.text(name, most)?;
        if value.is_empty() {
            self.refuse(name, format!("Enter {what}."));
            return None;
        }
        Some(value)
    }

    /// A value read by `read`; `expected` completes "Enter ...".
    pub fn parsed<T>(
        &mut self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = read(self.value(name));
        if value.is_none() {
            self.refuse(name, format!("Enter {expected}."));
        }
        value
    }

    /// Like [`Form::parsed`], where an empty field is fine: `Some(None)`.
    pub fn optional<T>(
        &mut self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.value(name).is_empty() {
            return Some(None);
        }
        self.parsed(name, expected, read).map(Some)
    }

    /// A day as a date field sends it.
    pub fn day(&mut self, name: &str) -> Option<Option<NaiveDate>> {
        self.optional(name, "a date such as 2026-03-31", read_day)
    }

    /// An e-mail address, in lower case.
    pub fn email(&mut self, name: &str) -> Option<String> {
        self.parsed(
            name,
            "an e-mail address such as ana@example.com",
            read_email,
        )
    }
}

/// A day within the years that both databases and every zone can hold.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let year = text.split('-').next().map_or(0, str::len);
    (year == 4 && (1900..=2200).contains(&chrono::Datelike::year(&day))).then_some(day)
}

/// What [`read_name`] takes.
pub const A_NAME: &str = "a name: one line of 1 to 120 letters";

/// Somebody's name, without spaces around it.
pub fn read_name(text: &str) -> Option<String> {
    let name = text.trim();
    let is_shown = !name.is_empty() && !name.contains(char::is_control);
    (is_shown && name.chars().count() <= 120).then(|| name.to_owned())
}

/// An address with one @ and something on both sides; lower case, so that it is found however it is typed.
pub fn read_email(text: &str) -> Option<String> {
    let (user, host) = text.split_once('@')?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@' || c == ',')
    };
    (plain(user) && plain(host) && text.len() <= 254).then(|| text.to_lowercase())
}

/// An amount of money in millionths, from text such as `1200.50`; at most a million million.
pub fn read_micros(text: &str) -> Option<i64> {
    const MOST: i64 = 1_000_000_000_000;
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_plain(whole) || !is_plain(part) || part.len() > 6 {
        return None;
    }
    let whole: i64 = whole.parse().ok().filter(|whole| *whole <= MOST)?;
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    Some(whole * 1_000_000 + part)
}

/// A currency by its three letters, such as `EUR`.
pub fn read_currency(text: &str) -> Option<String> {
    let is_code = text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic());
    is_code.then(|| text.to_uppercase())
}
