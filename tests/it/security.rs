//! What somebody with bad intent tries, one story each. More of them stand where they belong:
//!
//! - another site: forms (`strangers::a_form_of_another_site_is_refused`), sign-in that leads there
//!   (`signin::signing_in_never_leads_to_another_site`), a made-up host (`doors::a_strange_host_gets_into_no_link`)
//! - headers: `doors::nothing_typed_gets_into_a_header`, `running::the_id_that_a_trusted_proxy_gives_is_kept_...`
//! - bodies that are too large: `strangers::a_body_that_is_too_large_is_refused_with_its_limit`, uploads of nothing but heads
//! - other files than ours: `strangers::a_strange_address_leads_nowhere`
//! - a role in a form: `doors::a_role_in_a_form_makes_nobody_an_admin`
//! - a planted session: `doors::a_session_from_before_signing_in_is_worth_nothing_after`
//! - guessing: `doors::a_stranger_is_slowed_down_and_does_not_lock_the_owner_out`, second factors in `second_factor`
//! - links and codes that were kept: `doors::an_invitation_is_good_once`

use crate::architecture::reading::files;
use crate::pages::{lived_in, walk};
use crate::permissions::filled;
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Page, World};
use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::{QueryDsl, QueryableByName, RunQueryDsl, sql_query, sql_types};
use rstest::rstest;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use touchline::app::App;
use touchline::both;
use touchline::routes::TABLE;
use touchline::schema::{activities, leads};

/// Breaks out of an attribute with either quote, out of a text and out of a title.
const SCRIPT: &str = "\"'></title></textarea><script>alert(1)</script>";

/// What somebody wrote, wherever a person may write in words.
const WORDS: [&str; 12] = [
    "name",
    "company",
    "title",
    "note",
    "text",
    "plan",
    "what",
    "qualified",
    "stages",
    "segment",
    "region",
    "phone",
];

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = sql_types::Text)]
    word: String,
}

/// Puts something before all that anybody ever wrote into a lived-in workspace, past every form; returns how many
/// columns of how many tables it stands in now.
fn written_everywhere(world: &World, evil: &str) -> usize {
    let mut conn = world.home().connect();
    let mut ask = |sql: &str| -> Vec<String> {
        let rows: Vec<Word> = both!(&mut conn, |c| sql_query(sql).load(c)).expect(sql);
        rows.into_iter().map(|row| row.word).collect()
    };
    let guards = ask(
        "SELECT name AS word FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'",
    );
    let columns = ask(
        "SELECT t.name || ' ' || c.name AS word FROM sqlite_master t, pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'",
    );
    let mut run = |sql: &str| both!(&mut conn, |c| c.batch_execute(sql));
    for guard in guards {
        run(&format!("DROP TRIGGER {guard}")).expect("history may be written anew");
    }
    let evil = evil.replace('\'', "''");
    let written = columns.iter().filter(|column| {
        let (table, column) = column.split_once(' ').expect("a table and a column");
        let update =
            format!("UPDATE {table} SET {column} = '{evil}' || {column} WHERE {column} <> ''");
        // A column that takes only some words refuses it.
        WORDS.contains(&column) && run(&update).is_ok()
    });
    written.count()
}

/// What a browser would run on this page that is not ours.
fn scripts(page: &Page) -> Vec<String> {
    let kind = page.header("content-type");
    if !kind.starts_with("text/html") {
        // The browser takes it for what it is called, and shows no file as a page.
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert!(!kind.contains("xml") && !kind.contains("html"), "{kind}");
        return Vec::new();
    }
    let inside = page.body.contains("<script>alert");
    let tags = page.tags().into_iter();
    let links = tags.flat_map(|tag| {
        let addresses = ["href", "src", "action", "formaction"];
        addresses.map(|name| tag.attr(name).unwrap_or_default().to_owned())
    });
    let leading = links.filter(|link| {
        let link = link.trim_start().to_ascii_lowercase();
        link.starts_with("javascript:") || link.starts_with("data:")
    });
    let inside = inside.then(|| "a script that somebody wrote".to_owned());
    let found = inside.into_iter().chain(leading);
    found.map(|what| format!("{}: {what}", page.path)).collect()
}

#[rstest]
#[case::a_rep("ana")]
#[case::a_manager("max")]
#[case::a_marketer("mark")]
#[case::an_admin("ada")]
fn a_script_that_somebody_wrote_down_runs_on_no_page(#[case] name: &str) {
    let world = lived_in(Sqlite);
    let person = world.session(name);
    assert!(written_everywhere(&world, SCRIPT) > 25);
    let (mut found, mut shown) = (Vec::new(), 0);
    walk(&world.anonymous().with_session(&person), |page, _| {
        assert!(page.status < 500, "{}: {}", page.path, page.text());
        found.extend(scripts(page));
        shown += usize::from(
            page.body.contains("&lt;script&gt;alert")
                || page.body.contains("&#60;script&#62;alert"),
        );
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(shown > 10, "{shown} pages show it as the words that it is");
}

/// The names of all fields that any handler reads.
fn field_names() -> BTreeSet<String> {
    let readers = [
        "value(\"",
        "values(\"",
        "required(\"",
        "optional(\"",
        "choices(\"",
        "day(\"",
        "number(\"",
    ];
    let mut names = BTreeSet::new();
    for source in files("src", ".rs") {
        for reader in readers {
            let after = source.text.split(reader).skip(1);
            let read = after.filter_map(|rest| rest.split('"').next());
            names.extend(read.map(str::to_owned));
        }
    }
    assert!(names.len() > 60, "{names:?}");
    names
}

#[rstest]
#[case::a_script(SCRIPT)]
#[case::an_address("javascript:alert(1)")]
fn a_script_in_an_address_or_a_form_runs_on_no_page(#[case] evil: &str) {
    let world = World::new(Sqlite);
    let names = field_names();
    let (mut found, mut asked) = (Vec::new(), 0);
    for route in TABLE {
        let path = filled(&world, route.path);
        let browser = match route.path {
            "/sign-in" => world.anonymous(),
            _ => world.as_("ada"),
        };
        let mut look = |page: Page| {
            assert!(page.status < 500, "{}: {}", page.path, page.text());
            let leads_away = !page.location.is_empty() && !page.location.starts_with('/');
            found.extend(leads_away.then(|| format!("{} leads to {}", page.path, page.location)));
            found.extend(scripts(&page));
            asked += 1;
        };
        let pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), evil)).collect();
        if route.method == "POST" {
            look(browser.post(&path, &pairs));
            continue;
        }
        // All at once, and each by itself: a page may stop at the first that is wrong.
        let query = |pairs: &[(&str, &str)]| touchline::urls::with_query(&path, pairs);
        for some in pairs.chunks(40) {
            look(browser.get(&query(some)));
        }
        look(browser.get(&query(&[("q", evil)])));
        look(browser.get(&query(&[("done", evil)])));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(asked > 500, "{asked}");
    let nobody = world
        .anonymous()
        .get(&format!("/{}", touchline::urls::percent(evil)));
    assert_eq!(scripts(nobody.is(404)), Vec::<String>::new());
}

/// The cells of a CSV file that a spreadsheet would run.
fn formulas(page: &Page) -> Vec<String> {
    let mut rows = csv::ReaderBuilder::new();
    let mut rows = rows.flexible(true).from_reader(page.body.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().expect("CSV");
    let cells = rows.iter().flat_map(|row| row.iter().map(str::to_owned));
    let runs = |cell: &String| {
        let is_number = cell.parse::<f64>().is_ok();
        !is_number && cell.trim_start().starts_with(['=', '+', '-', '@'])
    };
    cells
        .filter(runs)
        .map(|cell| format!("{}: {cell}", page.path))
        .collect()
}

#[test]
fn no_table_as_a_file_runs_a_formula_that_somebody_wrote_down() {
    let world = lived_in(Sqlite);
    let admin = world.session("ada");
    assert!(written_everywhere(&world, "=HYPERLINK(1)") > 25);
    let ada = world.anonymous().with_session(&admin);
    let (mut found, mut files, mut quoted) = (Vec::new(), BTreeSet::new(), 0);
    walk(&ada, |page, _| {
        let bare = page.path.split('?').next().unwrap_or_default();
        let page = match page.header("content-type").starts_with("text/csv") {
            true => None,
            false => Some(ada.get(&touchline::urls::with_query(bare, &[("format", "csv")]))),
        }
        .filter(|file| file.header("content-type").starts_with("text/csv"));
        let Some(file) = page else { return };
        if files.insert(bare.to_owned()) {
            found.extend(formulas(&file));
            quoted += usize::from(file.body.contains("'=HYPERLINK(1)"));
        }
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(files.len() >= 12 && quoted >= 8, "{quoted} of {files:?}");
}

/// Sends these bytes, never the rest, and returns the answer.
fn never_ending(world: &World, bytes: &[u8]) -> String {
    let address = world.origin().replace("http://", "");
    let mut stream = TcpStream::connect(address).expect("a connection");
    let most = Some(Duration::from_secs(30));
    stream.set_read_timeout(most).expect("a limit");
    stream.write_all(bytes).expect("sent");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .expect("an answer, and then its end");
    answer
}

#[rstest]
#[case::of_a_form("/sign-in", "application/x-www-form-urlencoded", "email=ana")]
#[case::of_an_upload("/import", "multipart/form-data; boundary=BB", "--BB\r\n")]
fn a_body_that_never_ends_is_cut(#[case] path: &str, #[case] kind: &str, #[case] begin: &str) {
    let world = World::configured(Sqlite, |app: &mut App| {
        app.patience = Duration::from_millis(10);
    });
    let world = world.settled();
    let session = world.session("ada");
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nCookie: touchline={session}\r\nContent-Type: {kind}\r\n\
         Content-Length: 1000\r\n\r\n{begin}"
    );
    let answer = never_ending(&world, request.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("took too long to come"), "{answer}");
    world.as_("ada").get("/today").ok();
}

#[rstest]
#[case::a_head("GET /sign-in HTTP/1.1\r\nHost: x\r\nX-Slow: ")]
#[case::a_body(
    "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail="
)]
fn a_stranger_who_never_ends_is_cut(#[case] begin: &str) {
    // The head has five seconds in any case; of the body the patience is cut short.
    let world = World::configured(Sqlite, |app: &mut App| {
        app.patience = Duration::from_millis(10);
    });
    let world = world.settled();
    let answer = never_ending(&world, begin.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    world.as_("ada").get("/today").ok();
}

#[rstest]
fn a_stranger_s_upload_is_answered_before_it_is_read(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let head = "POST /import HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: multipart/form-data; boundary=BB\r\n\
                Content-Length: 60000000\r\n\r\n--BB\r\n";
    let answer = never_ending(&world, head.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
    assert!(answer.contains("/sign-in"), "{answer}");
}

#[rstest]
fn the_name_of_an_uploaded_file_leads_to_no_folder(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let file = b"email,name\nnina@example.com,Nina\n";
    for name in [
        "../../people.csv",
        "/etc/people.csv",
        "C:/Users/x/people.csv",
    ] {
        let page = world.as_("ada").upload("/import", &[(name, file)]).follow();
        page.ok().says("people.csv");
        page.says_nothing_of("etc")
            .says_nothing_of("..")
            .says_nothing_of("Users");
    }
}

#[rstest]
fn fields_that_a_form_does_not_have_change_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let uid = world.lead("Acme", "ana");
    let sue = world.person("sue").id.to_string();
    let more = [
        ("owner", sue.as_str()),
        ("owner_id", &sue),
        ("person_id", &sue),
        ("by_id", &sue),
        ("stage", "won"),
        ("score", "100"),
        ("origin", "import"),
        ("created_at", "0"),
        ("local_day", "2020-01-01"),
        ("role", "admin"),
        ("counts_as", "meeting"),
    ];
    let form = world.as_("ana").get(&format!("/log?lead={uid}"));
    let fields: Vec<_> = [("kind", "1"), ("outcome", "1")]
        .into_iter()
        .chain(more)
        .collect();
    form.ok().submit("/log", &fields).is(303);
    let logged: (i64, NaiveDate, String) = world.read(|conn| {
        let columns = (
            activities::person_id,
            activities::local_day,
            activities::origin,
        );
        Ok(activities::table.select(columns).first(conn)?)
    });
    let today = NaiveDate::from_ymd_opt(2026, 3, 4).expect("a day");
    assert_eq!(logged, (world.person("ana").id, today, "web".to_owned()));
    let stage: String =
        world.read(|conn| Ok(leads::table.select(leads::stage).first::<String>(conn)?));
    assert_eq!(stage, "attempting");
    assert!(!world.as_("sue").get("/leads").ok().has("Acme"));
    assert_eq!(world.person("ana").role.word(), "rep");
}

#[test]
fn no_field_of_an_address_widens_what_somebody_may_see() {
    let world = World::new(Sqlite);
    let secret = world.lead("Secret of sue", "sue");
    let (sue, south) = (world.person("sue"), world.team("South").to_string());
    let ids = [sue.id.to_string(), sue.uid, south, secret];
    let names = [
        "owner", "person", "team", "of", "whose", "lead", "view", "seen_by", "scope", "uid",
    ];
    let ana = world.as_("ana");
    let mut seen = Vec::new();
    let routes = TABLE
        .iter()
        .filter(|route| route.method == "GET" && !route.path.contains('{'));
    for route in routes {
        for value in ids.iter().map(String::as_str).chain(["all", "team"]) {
            let fields = names.map(|name| (name, value));
            let page = ana.get(&touchline::urls::with_query(route.path, &fields));
            if page.body.contains("Secret of sue") {
                seen.push(page.path);
            }
        }
    }
    assert!(seen.is_empty(), "{seen:?}");
}

#[rstest]
fn files_of_a_stranger_are_not_even_read(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let session = world.session("ana");
    let cases = [("", "HTTP/1.1 303 "), (session.as_str(), "HTTP/1.1 403 ")];
    for (session, wanted) in cases {
        // The body never comes: who waited for it would answer that it took too long.
        let request = format!(
            "POST /import HTTP/1.1\r\nHost: x\r\nCookie: touchline={session}\r\n\
             Content-Type: multipart/form-data; boundary=BB\r\nContent-Length: 60000000\r\n\r\n--BB\r\n"
        );
        let answer = never_ending(&world, request.as_bytes());
        assert!(answer.starts_with(wanted), "{answer}");
    }
}
