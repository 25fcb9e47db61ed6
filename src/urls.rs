//! Functions that make addresses inside the application.

/// `path?key=value&...`, leaving out empty values.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let kept: Vec<_> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    match serde_html_form::to_string(&kept) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// A text inside an address: everything but letters, digits and `-._~` as percent signs.
pub fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let one = |byte: u8| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

/// A path of this site to go on to after signing in; anything that could lead elsewhere becomes `/`.
pub fn local_path(wanted: &str) -> &str {
    let plain = wanted.starts_with('/')
        && !wanted.starts_with("//")
        && !wanted.contains(['\\', '\r', '\n', '\t'])
        && wanted.chars().all(|c| !c.is_control());
    if plain { wanted } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_on_after_signing_in_never_leads_to_another_site() {
        for wrong in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "javascript:x",
            "",
            "/a\r\nb",
        ] {
            assert_eq!(local_path(wrong), "/", "{wrong:?}");
        }
        assert_eq!(local_path("/leads?page=2"), "/leads?page=2");
    }

    #[test]
    fn a_text_inside_an_address_breaks_out_of_no_place() {
        assert_eq!(percent("Nord & Süd:x@y"), "Nord%20%26%20S%C3%BCd%3Ax%40y");
    }
}
