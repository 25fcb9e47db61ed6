//! Patterns of LIKE, which both databases read alike where they are escaped with `!`.

/// Whatever has these words anywhere in it; to be used with `.escape('!')`.
pub fn anywhere(words: &str) -> String {
    let escaped = words.replace('!', "!!").replace('%', "!%");
    format!("%{}%", escaped.replace('_', "!_"))
}
