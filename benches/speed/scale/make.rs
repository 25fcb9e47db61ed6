//! A made-up company in SQL: people who log on every working day of three years, and the leads that they are given. It is
//! the same at each making, but for the day on which it ends.

use diesel::QueryableByName;
use diesel::connection::{Connection as _, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use touchline::config::DatabaseUrl;
use touchline::db::{Conn, Db};

const PER_TEAM: i64 = 10;
const LEADS_EACH: i64 = 1_000;
const TOUCHES_A_LEAD: i64 = 5;
/// Entries without a lead that a person logs on a day.
const COUNTS_A_DAY: i64 = 7;
const DAYS: i64 = 3 * 365;

const DAY_US: i64 = 86_400_000_000;

/// The tables that grow with history. Their indexes are made after their rows.
const GROWING: [&str; 5] = [
    "leads",
    "handovers",
    "lead_events",
    "activities",
    "day_totals",
];

/// Makes the company of some people, ending at an instant; an address where one lies already is left as it is.
pub fn make(url: &DatabaseUrl, people: i64, until_us: i64) {
    drop(Db::open(url).expect("the database"));
    let mut conn = connect(url);
    if count(&mut conn, "SELECT count(*) AS n FROM people") > 0 {
        return;
    }
    let is_postgres = matches!(url, DatabaseUrl::Postgres(_));
    let sql = Sql {
        is_postgres,
        until_us,
    };
    if !is_postgres {
        run(
            &mut conn,
            "PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA foreign_keys = OFF;",
        );
    }
    let indexes = drop_indexes(&mut conn, is_postgres);
    for statement in sql.all(people) {
        run(&mut conn, &statement);
    }
    for index in indexes {
        run(&mut conn, &index);
    }
    if is_postgres {
        for table in &GROWING[..4] {
            let next = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            );
            run(&mut conn, &next);
        }
        run(&mut conn, "VACUUM ANALYZE");
    } else {
        run(&mut conn, "PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

pub fn connect(url: &DatabaseUrl) -> Conn {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let path = path.to_str().expect("a path");
            Conn::Sqlite(SqliteConnection::establish(path).expect("a database"))
        }
        DatabaseUrl::Postgres(url) => {
            Conn::Postgres(PgConnection::establish(url).expect("a database"))
        }
    }
}

pub fn run(conn: &mut Conn, sql: &str) {
    conn.batch_execute(sql)
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

pub fn count(conn: &mut Conn, sql: &str) -> i64 {
    let rows: Vec<Count> = sql_query(sql).load(conn).expect("a count");
    rows[0].n
}

#[derive(QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    made: String,
}

/// Drops the plain indexes of the growing tables; what makes them again.
fn drop_indexes(conn: &mut Conn, is_postgres: bool) -> Vec<String> {
    let tables = GROWING.map(|table| format!("'{table}'")).join(", ");
    let plain = match is_postgres {
        false => format!(
            "SELECT name, sql AS made FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})"
        ),
        true => format!(
            "SELECT indexname::text AS name, indexdef AS made FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ({tables}) \
             AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        ),
    };
    let indexes: Vec<Index> = sql_query(plain).load(conn).expect("indexes");
    for index in &indexes {
        run(conn, &format!("DROP INDEX {}", index.name));
    }
    indexes.into_iter().map(|index| index.made).collect()
}

/// The statements, in the words of one database.
struct Sql {
    is_postgres: bool,
    until_us: i64,
}

impl Sql {
    /// Rows `i` from 0 on.
    fn series(&self, name: &str, rows: i64) -> String {
        match self.is_postgres {
            true => format!(
                "{name} (i) AS (SELECT generate_series(0::bigint, {}))",
                rows - 1
            ),
            false => format!(
                "{name} (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM {name} WHERE i < {})",
                rows - 1
            ),
        }
    }

    fn with(&self, series: &[(&str, i64)]) -> String {
        let all: Vec<String> = series
            .iter()
            .map(|(name, rows)| self.series(name, *rows))
            .collect();
        format!("WITH RECURSIVE {}", all.join(", "))
    }

    /// A number as an id that looks like the others; `of` tells tables apart.
    fn uid(&self, of: i64, number: &str) -> String {
        match self.is_postgres {
            true => format!("'00000000-0000-7000-800{of}-' || lpad(to_hex({number}), 12, '0')"),
            false => format!("printf('00000000-0000-7000-800{of}-%012x', {number})"),
        }
    }

    /// The day in UTC of an instant.
    fn day(&self, at: &str) -> String {
        match self.is_postgres {
            true => format!("(to_timestamp(({at}) / 1000000) AT TIME ZONE 'UTC')::date"),
            false => format!("date(({at}) / 1000000, 'unixepoch')"),
        }
    }

    fn all(&self, people: i64) -> Vec<String> {
        let mut all = self.company(people);
        all.extend(self.leads(people));
        all.extend(self.activities(people));
        all.push(self.day_totals());
        all
    }

    fn company(&self, people: i64) -> Vec<String> {
        let since = self.until_us - (DAYS + 10) * DAY_US;
        let first_day = self.day(&since.to_string());
        let person = self.uid(0, "i + 1");
        let mut all = vec![
            format!("UPDATE workspace SET time_zone = 'Etc/UTC', set_up_at = {since}"),
            format!(
                "{} INSERT INTO teams (id, name) SELECT i + 1, 'Team ' || (i + 1) FROM n",
                self.with(&[("n", people / PER_TEAM)])
            ),
            format!(
                "{} INSERT INTO people (id, uid, email, name, role, created_at) SELECT i + 1, {person}, 'p' || (i + 1) || '@bench.example', \
                 'Person ' || (i + 1), CASE WHEN i % {PER_TEAM} = 0 THEN 'manager' ELSE 'rep' END, {since} FROM n",
                self.with(&[("n", people)])
            ),
            format!(
                "{} INSERT INTO memberships (person_id, team_id, from_day) SELECT i + 1, i / {PER_TEAM} + 1, {first_day} FROM n",
                self.with(&[("n", people)])
            ),
            "INSERT INTO work_weeks (id, valid_from) VALUES (1, '1900-01-01')".to_owned(),
            format!(
                "{} INSERT INTO work_hours (week_id, weekday, opens_min, closes_min) SELECT 1, i + 1, 540, 1020 FROM n",
                self.with(&[("n", 5)])
            ),
            format!(
                "{} INSERT INTO targets (team_id, metric, amount, period, valid_from, set_at) SELECT i + 1, 'activities', 10, 'day', {first_day}, {since} FROM n",
                self.with(&[("n", people / PER_TEAM)])
            ),
        ];
        for (place, (list, entries)) in [("source", 10), ("campaign", 50), ("asset", 20)]
            .into_iter()
            .enumerate()
        {
            let from = 1_000 * (place as i64 + 1);
            all.push(format!(
                "{} INSERT INTO labels (id, list, name) SELECT {from} + i, '{list}', 'The {list} ' || i FROM n",
                self.with(&[("n", entries)])
            ));
        }
        all
    }

    /// A lead `i` goes to each person in turn, in order of time. One in ten is never tried, six of ten are reached, and
    /// those of the last month are open.
    fn leads(&self, people: i64) -> Vec<String> {
        let leads = people * LEADS_EACH;
        let span = DAYS * DAY_US;
        let start = self.until_us - span;
        let step = span / leads;
        let at = format!("({start} + i * {step})");
        let tried = "i * 7919 % 10 <> 0";
        let reached = "i * 7919 % 10 > 3";
        let is_open = format!("i > {}", leads - leads / 36);
        let delay = "((i * 104729 % 4320) * 60000000)";
        let now = self.until_us;
        let first = format!("CASE WHEN {tried} AND {at} + {delay} < {now} THEN {at} + {delay} END");
        let contact = format!(
            "CASE WHEN {reached} AND {at} + {delay} + 2 * {DAY_US} < {now} THEN {at} + {delay} + 2 * {DAY_US} END"
        );
        let closed = format!("CASE WHEN NOT ({is_open}) THEN {at} + 10 * {DAY_US} END");
        let stage = format!(
            "CASE WHEN {is_open} THEN CASE WHEN {tried} THEN 'attempting' ELSE 'handed_over' END WHEN NOT ({tried}) THEN 'rejected' \
             WHEN i * 7919 % 10 = 9 THEN 'won' WHEN {reached} THEN 'lost' ELSE 'disqualified' END"
        );
        let owner = format!("i % {people} + 1");
        let urgency = "CASE i % 4 WHEN 0 THEN 'hot' WHEN 1 THEN 'warm' WHEN 2 THEN 'content' ELSE 'referral' END";
        let with = self.with(&[("n", leads)]);
        let event = |kind: &str, from: &str, to: &str, at: &str, reason: &str, which: &str| {
            format!(
                "{with} INSERT INTO lead_events (lead_id, at, entered_at, kind, from_stage, to_stage, reason, owner_id, origin) \
                 SELECT i + 1, {at}, {at}, {kind}, '{from}', {to}, {reason}, CASE WHEN {kind} = 'assigned' THEN {owner} END, 'web' FROM n WHERE {which}"
            )
        };
        let closing = "CASE WHEN NOT (i * 7919 % 10 <> 0) THEN 'rejected' WHEN i * 7919 % 10 = 9 THEN 'won' WHEN i * 7919 % 10 > 3 THEN 'lost' ELSE 'disqualified' END";
        let why = "CASE WHEN NOT (i * 7919 % 10 <> 0) THEN 'Wrong role' WHEN i * 7919 % 10 > 3 THEN 'No budget' ELSE 'Unable to reach' END";
        vec![
            format!(
                "{with} INSERT INTO leads (id, uid, name, company, email, source_id, campaign_id, asset_id, urgency, created_at, owner_id, stage, attempts, \
                 handed_over_at, last_touch_at, search) SELECT i + 1, {}, 'Lead ' || i, 'Company ' || (i / 3), 'l' || i || '@bench.example', 1000 + i % 10, \
                 2000 + i % 50, 3000 + i % 20, {urgency}, {at}, {owner}, {stage}, CASE WHEN {tried} THEN {TOUCHES_A_LEAD} ELSE 0 END, {at}, {first}, \
                 'lead ' || i || ' company ' || (i / 3) FROM n",
                self.uid(1, "i + 1")
            ),
            format!(
                "{with} INSERT INTO handovers (id, uid, lead_id, handed_over_at, source_id, campaign_id, asset_id, urgency, first_attempt_at, \
                 first_contact_at, closed_at) SELECT i + 1, {}, i + 1, {at}, 1000 + i % 10, 2000 + i % 50, 3000 + i % 20, {urgency}, {first}, {contact}, {closed} FROM n",
                self.uid(2, "i + 1")
            ),
            event(
                "'assigned'",
                "handed_over",
                "'handed_over'",
                &at,
                "''",
                "1 = 1",
            ),
            event(
                "'accepted'",
                "handed_over",
                "'accepted'",
                &format!("{at} + {delay}"),
                "''",
                &format!("{tried} AND {at} + {delay} < {now}"),
            ),
            event(
                closing,
                "attempting",
                closing,
                &format!("{at} + 10 * {DAY_US}"),
                why,
                &format!("NOT ({is_open})"),
            ),
        ]
    }

    /// The attempts on each lead that is tried, a day apart, and every working day's counts without a lead.
    fn activities(&self, people: i64) -> Vec<String> {
        let leads = people * LEADS_EACH;
        let start = self.until_us - DAYS * DAY_US;
        let step = DAYS * DAY_US / leads;
        let now = self.until_us;
        let at =
            format!("({start} + l.i * {step} + (l.i * 104729 % 4320) * 60000000 + t.i * {DAY_US})");
        let columns = "INSERT INTO activities (uid, person_id, team_id, lead_id, kind_id, outcome_id, quantity, happened_at, entered_at, local_day, origin, \
             is_prospecting, is_attempt, is_reached, is_meeting)";
        let reached = "(t.i = 2 AND l.i * 7919 % 10 > 3)";
        let touches = format!(
            "{} {columns} SELECT {}, l.i % {people} + 1, l.i % {people} / {PER_TEAM} + 1, l.i + 1, 1, CASE WHEN {reached} THEN 4 ELSE 1 END, 1, {at}, {at}, {}, \
             'web', TRUE, TRUE, {reached}, FALSE FROM l CROSS JOIN t WHERE l.i * 7919 % 10 <> 0 AND {at} < {now}",
            self.with(&[("l", leads), ("t", TOUCHES_A_LEAD)]),
            self.uid(3, &format!("l.i * {TOUCHES_A_LEAD} + t.i + 1")),
            self.day(&at),
        );
        // Days of the week as the epoch counts them, a Thursday: its days 2 and 3 of seven are the weekend.
        let at = format!(
            "({start} / {DAY_US} * {DAY_US} + d.i * {DAY_US} + 32400000000 + c.i * 3600000000)"
        );
        let counts = format!(
            "{} {columns} SELECT {}, p.i + 1, p.i / {PER_TEAM} + 1, NULL, 1 + c.i % 3, CASE c.i % 3 WHEN 0 THEN 1 WHEN 1 THEN 11 ELSE 18 END, 1 + (p.i + d.i) % 3, \
             {at}, {at}, {}, 'web', TRUE, TRUE, FALSE, FALSE FROM d CROSS JOIN p CROSS JOIN c WHERE {at} < {now} AND {at} / {DAY_US} % 7 NOT IN (2, 3)",
            self.with(&[("d", DAYS + 1), ("p", people), ("c", COUNTS_A_DAY)]),
            self.uid(
                4,
                &format!("(d.i * {people} + p.i) * {COUNTS_A_DAY} + c.i + 1")
            ),
            self.day(&at),
        );
        vec![touches, counts]
    }

    /// As the program keeps them.
    fn day_totals(&self) -> String {
        "INSERT INTO day_totals (person_id, local_day, team_id, kind_id, entries, prospecting, reached, meetings) \
         SELECT person_id, local_day, coalesce(team_id, 0), kind_id, sum(quantity), sum(CASE WHEN is_prospecting THEN quantity ELSE 0 END), \
         sum(CASE WHEN is_prospecting AND is_reached THEN quantity ELSE 0 END), sum(CASE WHEN is_meeting THEN quantity ELSE 0 END) \
         FROM activities WHERE is_current GROUP BY person_id, local_day, coalesce(team_id, 0), kind_id"
            .to_owned()
    }
}
