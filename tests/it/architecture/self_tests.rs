//! The checks see what they should: each is shown small sources that break its rule.

use super::{
    ROOMS,
    checks::{self, Finding, judge},
    reading::Source,
};
use rstest::rstest;

fn imports(path: &str, text: &str) -> Vec<Finding> {
    checks::imports(&[Source::new(path, text)], ROOMS)
}

fn sentences(findings: &[Finding]) -> String {
    let all: Vec<_> = findings.iter().map(|f| f.sentence.as_str()).collect();
    all.join("\n")
}

#[rstest]
#[case::a_noun_uses_a_view("leads/mod.rs", "use crate::today::Row;", "stand above the nouns")]
#[case::the_kit_uses_a_noun("page.rs", "fn a() { crate::people::all() }", "stand above the kit")]
#[case::a_rule_uses_the_kit("rules/pace.rs", "use crate::clock;", "stand above the rules")]
#[case::a_value_uses_a_rule("value.rs", "use crate::rules::day;", "one direction")]
#[case::a_view_uses_a_view("team/pages.rs", "use crate::today;", "do not import each other")]
#[case::a_noun_uses_one_before_it("people/mod.rs", "use crate::leads::Lead;", "one direction")]
#[case::one_of_a_group(
    "leads/a.rs",
    "use crate::{db::{a, b},\n handover::accept};",
    "a.rs:2:"
)]
#[case::first_of_a_group("leads/a.rs", "use crate::{today};", "stand above")]
#[case::behind_a_comment("leads/a.rs", "use crate::{\n // why\n today::x};", "a.rs:3:")]
#[case::in_a_test_module("form.rs", "#[cfg(test)] mod t { use crate::team; }", "stand above")]
#[case::a_module_without_a_room("utils.rs", "", "no room holds utils")]
#[case::a_name_without_a_room("leads/mod.rs", "use crate::helpers::x;", "in no room")]
#[case::through_super("leads/mod.rs", "use super::today;", "write the path from `crate::`")]
#[case::through_two_supers("leads/a.rs", "use super::super::today;", "from `crate::`")]
fn an_import_that_climbs_is_found(#[case] path: &str, #[case] text: &str, #[case] says: &str) {
    let found = imports(path, text);
    assert_eq!(found.len(), 1, "{}", sentences(&found));
    assert!(sentences(&found).contains(says), "{}", sentences(&found));
}

#[rstest]
#[case::downwards("leads/mod.rs", "use crate::{app::Tx, people, rules::{day, zone}};")]
#[case::one_direction("handover/mod.rs", "use crate::{activities, leads::store};")]
#[case::itself("leads/pages.rs", "use crate::leads::Lead; use super::store;")]
#[case::the_shell("routes.rs", "use crate::{cli, followup, people};")]
#[case::a_comment("leads/mod.rs", "/* crate::today::x /* nested */ */ // crate::today\n")]
#[case::a_string("leads/mod.rs", r###"const A: &str = r#"say "crate::today""#;"###)]
#[case::a_group_within("leads/mod.rs", "use crate::people::{today, team};")]
#[case::a_unit_test("leads/mod.rs", "#[cfg(test)]\nmod tests { use super::*; }")]
fn an_import_that_goes_down_is_fine(#[case] path: &str, #[case] text: &str) {
    assert_eq!(sentences(&imports(path, text)), "");
}

#[test]
fn a_macro_counts_as_part_of_the_module_that_defines_it() {
    let sources = [
        Source::new("app.rs", "#[macro_export]\nmacro_rules! both { () => {} }"),
        Source::new("leads/store.rs", "use crate::both;"),
        Source::new("rules/day.rs", "crate::both!();"),
    ];
    let found = checks::imports(&sources, ROOMS);
    assert_eq!(found.len(), 1, "{}", sentences(&found));
    assert_eq!(found[0].key, "rules/day.rs");
}

#[rstest]
#[case("leads/mod.rs", "use diesel::prelude::*;", 1)]
#[case(
    "page.rs",
    "#[derive(Queryable)]\n#[diesel(table_name = x)] struct A;",
    1
)]
#[case("cli.rs", "diesel_migrations::embed_migrations!();", 1)]
#[case("leads/pages.rs", "use crate::schema::leads;", 1)]
#[case(
    "leads/store.rs",
    "use diesel::prelude::*; use crate::schema::leads;",
    0
)]
#[case("db/mod.rs", "use diesel::r2d2;", 0)]
#[case("leads/mod.rs", "// diesel is sync\nconst A: &str = \"diesel\";", 0)]
fn diesel_is_found_outside_stores(#[case] path: &str, #[case] text: &str, #[case] times: usize) {
    let found = checks::database_access(&[Source::new(path, text)]);
    assert_eq!(found.len(), times, "{}", sentences(&found));
}

#[rstest]
#[case("cli.rs", "println!(\"see PostgreSQL\");", 1)]
#[case("leads/store.rs", "Connection::Sqlite(c) => c", 1)]
#[case("leads/store.rs", "// On SQLite this is slow.\n", 0)]
#[case("db/mod.rs", "Connection::Sqlite(c) => c", 0)]
fn a_database_is_named_in_its_folder(#[case] path: &str, #[case] text: &str, #[case] times: usize) {
    let found = checks::database_names(&[Source::new(path, text)]);
    assert_eq!(found.len(), times, "{}", sentences(&found));
}

#[test]
fn a_file_one_line_over_its_budget_is_found() {
    let long = [Source::new("a.rs", &"x\n".repeat(11))];
    assert!(checks::long_files(&long, 11).is_empty());
    assert_eq!(checks::long_files(&long, 10)[0].key, "a.rs");
}

#[test]
fn a_function_one_line_over_its_budget_is_found() {
    let text = "trait T { fn no_body(&self, x: [u8; 4]); }\n\
                fn brace<'a>(x: &'a str) -> fn() {\n  let open = '{'; // {\n  \"}\" \n}\n\
                fn short() {}\n";
    let sources = [Source::new("a.rs", text)];
    assert_eq!(sentences(&checks::long_functions(&sources, 4)), "");
    let found = checks::long_functions(&sources, 3);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].key, "a.rs::brace");
    assert!(
        found[0]
            .sentence
            .starts_with("a.rs:2: fn brace has 4 lines")
    );
}

#[rstest]
#[case("fn a() { b().unwrap() }", "a.rs::a")]
#[case("fn a() { fn b() { c.expect(\"x\") } }", "a.rs::b")]
#[case("fn a() { panic!(\"no\") }", "a.rs::a")]
#[case(
    "#[cfg(test)]\nmod tests { fn x() {} }\nfn later() { todo!() }",
    "a.rs::later"
)]
#[case("static A: B = B::new().unwrap();", "a.rs")]
fn a_way_to_panic_is_found(#[case] text: &str, #[case] key: &str) {
    let found = checks::panics(&[Source::new("a.rs", text)]);
    assert_eq!(found.len(), 1, "{}", sentences(&found));
    assert_eq!(found[0].key, key);
}

#[rstest]
#[case("fn a() { b().unwrap_or(1); self.expected() } // .unwrap()")]
#[case("fn a() {}\n#[cfg(test)]\nmod tests { fn b() { c().unwrap() } }")]
fn what_cannot_panic_is_fine(#[case] text: &str) {
    assert_eq!(sentences(&checks::panics(&[Source::new("a.rs", text)])), "");
}

#[test]
fn a_template_is_used_when_a_page_or_another_template_names_it() {
    let pages = [
        Source::new("a.rs", "#[template(path = \"a/index.html\")] struct A;"),
        Source::new("b.rs", "// once \"old.html\"\n"),
    ];
    let templates = [
        Source::new("a/index.html", "{% extends \"layout.html\" %}"),
        Source::new("layout.html", ""),
        Source::new("old.html", "{% include \"old.html\" %}"),
    ];
    let found = checks::unused_templates(&templates, &pages);
    assert_eq!(found.len(), 1, "{}", sentences(&found));
    assert_eq!(found[0].key, "old.html");
}

#[rstest]
#[case("<p style=\"color: red\">", 1)]
#[case("<a href='/'\n  ONCLICK = \"go()\">", 1)]
#[case("<p title=\"a > b\" style=x>", 1)]
#[case("<p {% if a == \"b\" %}style=\"x\"{% endif %}>", 1)]
#[case("<script>go()</script>", 1)]
#[case("<script type=\"module\">go()</script>", 1)]
#[case("<style>p {}</style>", 1)]
#[case("<script src=\"{{ url(\"a.js\") }}\" type=\"module\"></script>", 0)]
#[case("<p title=\"say style=x onclick=y\">style=x</p>", 0)]
#[case("<input name=\"on\" data-on-load=\"x\"> {# <script> #}", 0)]
fn inline_code_in_a_template_is_found(#[case] text: &str, #[case] times: usize) {
    let found = checks::inline_code(&[Source::new("a.html", text)]);
    assert_eq!(found.len(), times, "{}", sentences(&found));
}

#[test]
fn an_exception_allows_its_finding_and_must_be_used_and_reasoned() {
    let found = checks::long_files(&[Source::new("a.rs", "x\ny")], 1);
    assert_eq!(judge(&found, &[]).len(), 1);
    assert_eq!(judge(&found, &[("a.rs", "a table")]), [""; 0]);
    let idle = judge(&found, &[("a.rs", "a table"), ("b.rs", "gone")]);
    assert!(idle.len() == 1 && idle[0].starts_with("b.rs: the exception is no longer needed"));
    assert_eq!(
        judge(&found, &[("a.rs", " ")]),
        ["a.rs: the exception says no reason"]
    );
}
