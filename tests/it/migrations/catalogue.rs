//! What a database says of its own tables, in the same words on both systems.

use diesel::connection::LoadConnection;
use diesel::query_dsl::methods::LoadQuery;
use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types};
use std::collections::BTreeSet;
use std::path::Path;
use touchline::db::Conn;

/// One line for each thing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    /// `table.column type`, then `null` and `default` where it may be or has.
    pub columns: BTreeSet<String>,
    /// `table (columns)`, then `unique`, `partial` and the name where one was given.
    pub indexes: BTreeSet<String>,
    /// `table.column -> table.column`.
    pub references: BTreeSet<String>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = sql_types::Text)]
    line: String,
}

const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name || ' ' ||
        CASE WHEN c.pk = 1 AND c.type = 'INTEGER' THEN 'bigint' ELSE replace(lower(c.type), 'date_text', 'date') END ||
        CASE WHEN c.\"notnull\" = 1 OR c.pk = 1 THEN '' ELSE ' null' END ||
        CASE WHEN c.dflt_value IS NULL THEN '' ELSE ' default' END AS line
    FROM sqlite_master t, pragma_table_xinfo(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '%diesel%'";

const SQLITE_INDEXES: &str = "
    SELECT t.name || ' (' ||
        (SELECT group_concat(k.name, ', ' ORDER BY k.seqno) FROM pragma_index_info(i.name) k) || ')' ||
        CASE WHEN i.\"unique\" = 1 THEN ' unique' ELSE '' END ||
        CASE WHEN i.partial = 1 THEN ' partial' ELSE '' END ||
        CASE WHEN i.origin = 'c' THEN ' ' || i.name ELSE '' END AS line
    FROM sqlite_master t, pragma_index_list(t.name) i
    WHERE t.type = 'table' AND t.name NOT LIKE '%diesel%' AND i.origin <> 'pk'";

const SQLITE_REFERENCES: &str = "
    SELECT t.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\" AS line
    FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";

const POSTGRES_COLUMNS: &str = "
    SELECT table_name || '.' || column_name || ' ' || data_type ||
        CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END ||
        CASE WHEN column_default IS NULL THEN '' ELSE ' default' END AS line
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name NOT LIKE '%diesel%'";

const POSTGRES_INDEXES: &str = "
    SELECT t.relname || ' (' ||
        (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k (attnum, n)
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum) || ')' ||
        CASE WHEN x.indisunique THEN ' unique' ELSE '' END ||
        CASE WHEN x.indpred IS NULL THEN '' ELSE ' partial' END ||
        CASE WHEN EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid AND contype = 'u') THEN '' ELSE ' ' || i.relname END
        AS line
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
    WHERE t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE '%diesel%' AND NOT x.indisprimary";

const POSTGRES_REFERENCES: &str = "
    SELECT t.relname || '.' || a.attname || ' -> ' || u.relname || '.' || b.attname AS line
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class u ON u.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
        JOIN pg_attribute b ON b.attrelid = u.oid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f'";

pub fn catalogue(conn: &mut Conn) -> Catalogue {
    match conn {
        Conn::Sqlite(c) => Catalogue {
            columns: lines(c, SQLITE_COLUMNS),
            indexes: lines(c, SQLITE_INDEXES),
            references: lines(c, SQLITE_REFERENCES),
        },
        Conn::Postgres(c) => Catalogue {
            columns: lines(c, POSTGRES_COLUMNS)
                .into_iter()
                .map(|line| {
                    line.replace(" double precision", " double")
                        .replace(" bytea", " blob")
                })
                .collect(),
            indexes: lines(c, POSTGRES_INDEXES),
            references: lines(c, POSTGRES_REFERENCES),
        },
    }
}

fn lines<C>(conn: &mut C, query: &str) -> BTreeSet<String>
where
    C: LoadConnection,
    diesel::query_builder::SqlQuery: for<'q> LoadQuery<'q, C, Line>,
{
    let lines = sql_query(query).load::<Line>(conn);
    let lines = lines.expect("the database knows its tables");
    lines.into_iter().map(|row| row.line).collect()
}

/// The columns as `src/schema.rs` has them; it knows nothing of defaults.
pub fn schema_columns() -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/schema.rs");
    let source = std::fs::read_to_string(file).expect("src/schema.rs");
    let mut table = "";
    let mut columns = BTreeSet::new();
    for line in source.lines().map(str::trim) {
        if let Some((name, _)) = line
            .trim()
            .strip_suffix(") {")
            .and_then(|head| head.split_once(" ("))
        {
            table = name;
        }
        let Some((column, kind)) = line.split_once(" -> ") else {
            continue;
        };
        let kind = kind.trim_end_matches(',');
        let inner = kind
            .strip_prefix("Nullable<")
            .and_then(|k| k.strip_suffix('>'));
        let null = if inner.is_some() { " null" } else { "" };
        let family = match inner.unwrap_or(kind) {
            "BigInt" => "bigint",
            "Integer" => "integer",
            "Text" => "text",
            "Bool" => "boolean",
            "Date" => "date",
            "Double" => "double",
            "Binary" => "blob",
            other => panic!("teach this test the type {other}"),
        };
        columns.insert(format!("{table}.{column} {family}{null}"));
    }
    columns
}
