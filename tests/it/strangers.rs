//! What comes from elsewhere, or broken, is turned away with the right word and changes nothing.

use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Page, World};
use rstest::rstest;

const FORM: &str = "application/x-www-form-urlencoded";

#[rstest]
#[case::from_another_site(&[("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example")])]
#[case::from_a_neighbour(&[("Sec-Fetch-Site", "same-site")])]
#[case::from_an_older_browser(&[("Origin", "https://evil.example")])]
#[case::from_a_hidden_page(&[("Origin", "null")])]
fn a_form_of_another_site_is_refused(
    #[case] headers: &[(&str, &str)],
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let browser = world.as_("ana");
    let headers: Vec<_> = headers
        .iter()
        .copied()
        .chain([("Content-Type", FORM)])
        .collect();
    browser.send("POST", "/sign-out", &headers, b"").is(403);
    browser.get("/today").ok();
}

#[rstest]
fn our_own_forms_are_taken_from_every_browser() {
    let world = World::new(Sqlite);
    let origin = world.origin();
    for headers in [
        vec![("Sec-Fetch-Site", "same-origin"), ("Origin", &origin)],
        vec![("Origin", origin.as_str())],
        vec![],
    ] {
        let browser = world.as_("ana");
        browser.send("POST", "/sign-out", &headers, b"").is(303);
    }
}

#[rstest]
fn a_link_of_another_site_opens_a_page() {
    let world = World::new(Sqlite);
    let headers = [("Sec-Fetch-Site", "cross-site")];
    world
        .as_("ana")
        .send("GET", "/today", &headers, b"")
        .is(200);
}

#[test]
fn every_answer_carries_the_same_strict_policy() {
    let world = World::new(Sqlite);
    let (nobody, ana) = (world.anonymous(), world.as_("ana"));
    let large = vec![b'a'; 65 * 1024];
    let answers = [
        nobody.get("/"),
        nobody.get("/sign-in"),
        nobody.get("/nowhere"),
        nobody.get("/healthz"),
        nobody.get("/static/nowhere.css"),
        nobody.get(&stylesheet(&nobody.get("/sign-in"))),
        ana.get("/today"),
        ana.get("/people"),
        ana.post_from("cross-site", "/log", FORM, b""),
        ana.post_from("same-origin", "/log", FORM, &large),
    ];
    let statuses: Vec<_> = answers.iter().map(|page| page.status).collect();
    assert_eq!(statuses, [303, 200, 404, 200, 404, 200, 200, 403, 403, 413]);
    for page in &answers {
        let policy = page.header("content-security-policy");
        assert_eq!(policy, answers[0].header("content-security-policy"));
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{policy}"
        );
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("referrer-policy"), "same-origin");
    }
}

fn stylesheet(page: &Page) -> String {
    let (_, rest) = page
        .body
        .split_once("rel=\"stylesheet\" href=\"")
        .expect("a style");
    rest.split('"').next().expect("an address").to_owned()
}

#[test]
fn private_pages_are_kept_in_no_cache() {
    let world = World::new(Sqlite);
    let page = world.as_("ana").get("/today");
    assert_eq!(page.ok().header("cache-control"), "no-store");
}

#[rstest]
fn a_body_that_is_too_large_is_refused_with_its_limit(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let note = "n".repeat(64 * 1024);
    let page = world.as_("ana").post("/log", &[("note", &note)]);
    page.is(413).says("at most 64 kB");
}

#[rstest]
#[case::zero_bytes(b"email=ana%00@example.com%00&password=%00&next=%00")]
#[case::broken_utf_8(b"email=ana%ff%fe@example.com&password=%c3%28&next=/%ff")]
#[case::raw_bytes(b"\x00\xff\xfe=\x80&email=\xc3\x28&&&===&%")]
#[case::nothing(b"")]
#[case::no_form(b"{\"email\": [1, 2")]
fn a_broken_form_breaks_nothing(
    #[case] body: &[u8],
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let page = world
        .anonymous()
        .post_from("same-origin", "/sign-in", FORM, body);
    page.is(422).says("do not go together");
}

#[rstest]
#[case("/activities/%00")]
#[case("/activities/%ff%fe")]
#[case("/activities/..%2f..%2fetc%2fpasswd")]
#[case("/activities/%27%20OR%201=1")]
#[case("/%00")]
#[case("/static/%2e%2e/Cargo.toml")]
#[case("/static/../Cargo.toml")]
fn a_strange_address_leads_nowhere(
    #[case] path: &str,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world.as_("ana").get(path).is(404);
}

#[rstest]
#[case("/sign-in?next=%00%ff")]
#[case("/leads?q=%00%ff&stage=%00&owner=%ff&after=%00")]
#[case("/today?day=%00")]
#[case("/log?lead=%00%ff")]
fn a_strange_query_breaks_no_page(
    #[case] path: &str,
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let page: Page = world.as_("ana").get(path);
    assert!(page.status < 500, "{}", page.text());
}

#[rstest]
fn a_browser_may_call_itself_anything(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let long = "x".repeat(3000);
    for name in ["", "Mozilla/5.0 \u{1f4de}", &long] {
        let headers = [("User-Agent", name), ("Content-Type", FORM)];
        let page = world
            .anonymous()
            .send("POST", "/sign-in", &headers, b"email=x");
        page.is(422);
    }
}

#[test]
fn a_head_request_is_answered_like_a_get() {
    let world = World::new(Sqlite);
    world.as_("ana").send("HEAD", "/today", &[], b"").ok();
    world.anonymous().send("HEAD", "/today", &[], b"").is(303);
}

/// An upload of `parts` parts, each with a long name and nothing in it.
fn empty_parts(parts: usize) -> Vec<u8> {
    let name = "n".repeat(900);
    let part = format!(
        "--BB\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n\r\n"
    );
    [part.repeat(parts), "--BB--\r\n".to_owned()]
        .concat()
        .into_bytes()
}

#[test]
fn an_upload_of_nothing_but_heads_is_too_large_as_well() {
    let world = World::new(Sqlite);
    let kind = "multipart/form-data; boundary=BB";
    let stranger = world.anonymous();
    // A page without uploads takes no more of it than of any form.
    stranger
        .post_from("same-origin", "/sign-in", kind, &empty_parts(100))
        .is(413);
    let ada = world.as_("ada");
    ada.post_from("same-origin", "/import", kind, &empty_parts(17_000))
        .is(413);
}

#[test]
fn an_upload_that_breaks_off_is_said_to() {
    let world = World::new(Sqlite);
    let whole = empty_parts(1);
    let kind = "multipart/form-data; boundary=BB";
    for broken in [&whole[..60], b"junk", b""] {
        let page = world
            .as_("ada")
            .post_from("same-origin", "/import", kind, broken);
        page.is(400).says("broke off");
    }
}

#[test]
fn a_head_request_finds_health_and_files_too() {
    let world = World::new(Sqlite);
    let style = stylesheet(&world.anonymous().get("/sign-in"));
    for path in ["/healthz", style.as_str()] {
        let head = world.anonymous().send("HEAD", path, &[], b"");
        head.ok();
        assert_eq!(head.body, "");
    }
}

#[test]
fn browsers_that_ask_for_a_picture_by_themselves_get_the_house_s() {
    let world = World::new(Sqlite);
    let page = world.anonymous().get("/favicon.ico");
    assert_eq!(page.ok().header("content-type"), "image/svg+xml");
    assert_eq!(page.header("cache-control"), "public, max-age=86400");
    assert!(page.body.contains("<svg"));
}
