//! Which tables there are, of which columns, and which of them refers to which: as the database itself says.

use super::Conn;
use crate::error::{Error, Result};
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use std::collections::{BTreeMap, BTreeSet};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Whole,
    Yes,
    Real,
    Text,
    Day,
    Bytes,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub sort: Sort,
}

/// A column whose values are those of another table's column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub column: String,
    pub to_table: String,
    pub to_column: String,
}

/// A table that the program keeps rows in. Columns are in the order of their names, those that the database works out
/// by itself are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The columns of its primary key, in order.
    pub key: Vec<String>,
    pub references: Vec<Reference>,
}

impl Table {
    /// `"at", "by_id", "id"`.
    pub fn column_list(&self) -> String {
        let names = self.columns.iter().map(|column| &column.name);
        let quoted: Vec<String> = names.map(|name| format!("\"{name}\"")).collect();
        quoted.join(", ")
    }
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    /// The place in the primary key, 0 outside of it.
    #[diesel(sql_type = BigInt)]
    key_place: i64,
}

const SQLITE_COLUMNS: &str = "
    SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS kind, c.pk AS key_place
    FROM sqlite_master t, pragma_table_xinfo(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '%diesel%' AND c.hidden = 0";

const POSTGRES_COLUMNS: &str = "
    SELECT CAST(t.relname AS TEXT) AS table_name, CAST(a.attname AS TEXT) AS column_name,
        format_type(a.atttypid, NULL) AS kind,
        coalesce((SELECT k.place FROM pg_index x, unnest(CAST(x.indkey AS SMALLINT[])) WITH ORDINALITY k (number, place)
            WHERE x.indrelid = t.oid AND x.indisprimary AND k.number = a.attnum), 0) AS key_place
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
    WHERE t.relkind = 'r' AND t.relnamespace = CAST(current_schema() AS REGNAMESPACE) AND t.relname NOT LIKE '%diesel%'
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''";

#[derive(QueryableByName)]
struct ReferenceRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    to_table: String,
    /// None names the primary key.
    #[diesel(sql_type = Nullable<Text>)]
    to_column: Option<String>,
}

const SQLITE_REFERENCES: &str = "
    SELECT t.name AS table_name, f.\"from\" AS column_name, f.\"table\" AS to_table, f.\"to\" AS to_column
    FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";

const POSTGRES_REFERENCES: &str = "
    SELECT CAST(t.relname AS TEXT) AS table_name, CAST(a.attname AS TEXT) AS column_name,
        CAST(u.relname AS TEXT) AS to_table, CAST(b.attname AS TEXT) AS to_column
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class u ON u.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
        JOIN pg_attribute b ON b.attrelid = u.oid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND t.relnamespace = CAST(current_schema() AS REGNAMESPACE)";

/// Whether there are tables in a database that has none of ours; those that an extension of PostgreSQL brings are nobody's.
pub fn is_of_others(conn: &mut Conn) -> Result<bool> {
    let theirs = match conn {
        Conn::Sqlite(_) => {
            "SELECT count(*) AS n FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%diesel%'"
        }
        Conn::Postgres(_) => {
            "SELECT count(*) AS n FROM pg_class t WHERE t.relkind = 'r' AND t.relnamespace = CAST(current_schema() AS REGNAMESPACE) \
             AND t.relname NOT LIKE '%diesel%' \
             AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')"
        }
    };
    Ok(count(conn, theirs)? > 0)
}

/// Every table, a table after those that it refers to; else in the order of their names.
pub fn tables(conn: &mut Conn) -> Result<Vec<Table>> {
    let (columns, references): (Vec<ColumnRow>, Vec<ReferenceRow>) = match conn {
        Conn::Sqlite(c) => (
            sql_query(SQLITE_COLUMNS).load(c)?,
            sql_query(SQLITE_REFERENCES).load(c)?,
        ),
        Conn::Postgres(c) => (
            sql_query(POSTGRES_COLUMNS).load(c)?,
            sql_query(POSTGRES_REFERENCES).load(c)?,
        ),
    };
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let mut keys: BTreeMap<(String, i64), String> = BTreeMap::new();
    for row in columns {
        let sort = sort(&row)?;
        let table = tables.entry(row.table_name.clone());
        let table = table.or_insert_with(|| Table {
            name: row.table_name.clone(),
            columns: Vec::new(),
            key: Vec::new(),
            references: Vec::new(),
        });
        if row.key_place > 0 {
            keys.insert((row.table_name, row.key_place), row.column_name.clone());
        }
        table.columns.push(Column {
            name: row.column_name,
            sort,
        });
    }
    for ((table, _), column) in keys {
        tables
            .entry(table)
            .and_modify(|table| table.key.push(column));
    }
    for row in references {
        let reference = Reference {
            column: row.column_name,
            to_table: row.to_table,
            to_column: row.to_column.unwrap_or_else(|| "id".to_owned()),
        };
        let table = tables.entry(row.table_name);
        table.and_modify(|table| table.references.push(reference));
    }
    for table in tables.values_mut() {
        table.columns.sort_by(|a, b| a.name.cmp(&b.name));
        table.references.sort();
    }
    in_order(tables)
}

fn sort(row: &ColumnRow) -> Result<Sort> {
    Ok(match row.kind.as_str() {
        "bigint" | "integer" => Sort::Whole,
        "boolean" => Sort::Yes,
        "double" | "double precision" => Sort::Real,
        "text" => Sort::Text,
        "date" | "date_text" => Sort::Day,
        "blob" | "bytea" => Sort::Bytes,
        other => {
            return Err(Error::refused(format!(
                "the column {}.{} is of a type that Touchline does not know ({other}): has something else made tables here?",
                row.table_name, row.column_name
            )));
        }
    })
}

fn in_order(mut left: BTreeMap<String, Table>) -> Result<Vec<Table>> {
    let mut done: BTreeSet<String> = BTreeSet::new();
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let is_free = |table: &Table| {
            let mut references = table.references.iter();
            references.all(|to| to.to_table == table.name || done.contains(&to.to_table))
        };
        let free = left.values().find(|table| is_free(table));
        let name = free.map(|table| table.name.clone());
        let next = name.and_then(|name| left.remove(&name));
        let next = next.ok_or_else(|| Error::internal("tables refer to each other in a circle"))?;
        done.insert(next.name.clone());
        ordered.push(next);
    }
    Ok(ordered)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many rows a query of one number named `n` counts.
pub fn count(conn: &mut Conn, query: &str) -> Result<i64> {
    let found: Count = match conn {
        Conn::Sqlite(c) => sql_query(query).get_result(c)?,
        Conn::Postgres(c) => sql_query(query).get_result(c)?,
    };
    Ok(found.n)
}

/// How many rows a table has.
pub fn rows(conn: &mut Conn, table: &str) -> Result<i64> {
    count(conn, &format!("SELECT count(*) AS n FROM \"{table}\""))
}

/// Rows that name what is not there, in sentences.
pub fn orphans(conn: &mut Conn) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for table in tables(conn)? {
        for to in &table.references {
            let (name, column) = (&table.name, &to.column);
            let (to_table, to_column) = (&to.to_table, &to.to_column);
            let lost = count(
                conn,
                &format!(
                    "SELECT count(*) AS n FROM \"{name}\" t WHERE t.\"{column}\" IS NOT NULL \
                     AND NOT EXISTS (SELECT 1 FROM \"{to_table}\" u WHERE u.\"{to_column}\" = t.\"{column}\")"
                ),
            )?;
            if lost > 0 {
                found.push(format!(
                    "{name}: {lost} rows whose {column} names no row of {to_table}"
                ));
            }
        }
    }
    Ok(found)
}
