//! The rows of one database into another, of the same kind or of the other one.

use super::Conn;
use super::rows::{self, Sum};
use super::tables::{self, Table, tables};
use crate::error::{Error, Result};
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};

/// Rows in one insert at most.
const BATCH_ROWS: usize = 250;
/// Values in one insert at most: SQLite takes 32,766.
const BATCH_VALUES: usize = 30_000;
/// Bytes of values in one insert, about: what is larger goes alone.
const BATCH_BYTES: usize = 4_000_000;

/// Where a server that counts rows by itself begins, above those that migrations bring.
const FIRST_ID: i64 = 1001;

/// Makes the rows of `to` those of `from`, in the transactions that both are in, and compares what they add up to.
/// `from` must be one state, `to` must have been looked at: what is in it goes. Triggers stand aside meanwhile, so that
/// what is only added to can be brought back, and nothing is counted twice.
pub fn copy_all(from: &mut Conn, to: &mut Conn) -> Result<Vec<Sum>> {
    let wanted = tables(from)?;
    let there = tables(to)?;
    let shape = |tables: &[Table]| -> Vec<_> {
        let shapes = tables.iter().map(|t| (t.name.clone(), t.columns.clone()));
        shapes.collect()
    };
    if shape(&wanted) != shape(&there) {
        return Err(Error::refused(
            "the two databases have different tables: has something else been made in one of them?",
        ));
    }
    let aside = put_triggers_aside(to, &there)?;
    empty(to, &there)?;
    let mut sums = Vec::new();
    for table in &wanted {
        sums.push(copy(from, to, table)?);
    }
    bring_triggers_back(to, &there, &aside)?;
    count_on(to)?;
    for sum in &sums {
        compare(to, &there, sum)?;
    }
    Ok(sums)
}

/// PostgreSQL would look for what refers to each row that is deleted, through all that was deleted before it.
fn empty(conn: &mut Conn, tables: &[Table]) -> Result<()> {
    let names = tables
        .iter()
        .rev()
        .map(|table| format!("\"{}\"", table.name));
    let statements: Vec<String> = match conn {
        Conn::Sqlite(_) => names.map(|name| format!("DELETE FROM {name}")).collect(),
        Conn::Postgres(_) => {
            let all: Vec<String> = names.collect();
            vec![format!("TRUNCATE {}", all.join(", "))]
        }
    };
    Ok(conn.batch_execute(&statements.join(";\n"))?)
}

fn copy(from: &mut Conn, to: &mut Conn, table: &Table) -> Result<Sum> {
    let most = BATCH_ROWS.min(BATCH_VALUES / table.columns.len().max(1));
    let mut sum = Sum::of(table);
    let (mut batch, mut bytes) = (Vec::new(), 0);
    rows::each(from, table, &mut |values| {
        sum.add(&values);
        bytes += values.iter().map(rows::Value::size).sum::<usize>();
        batch.push(values);
        if batch.len() >= most || bytes >= BATCH_BYTES {
            rows::put(to, table, &batch)?;
            (batch, bytes) = (Vec::new(), 0);
        }
        Ok(())
    })?;
    rows::put(to, table, &batch)?;
    Ok(sum)
}

fn compare(to: &mut Conn, tables: &[Table], wanted: &Sum) -> Result<()> {
    let table = tables.iter().find(|table| table.name == wanted.table);
    let table = table.ok_or_else(|| Error::internal("a table is gone"))?;
    let found = rows::sum(to, table)?;
    if found == *wanted {
        return Ok(());
    }
    Err(Error::refused(format!(
        "the table {} is not the same in both databases ({} rows and {} rows): nothing was kept",
        table.name, wanted.rows, found.rows
    )))
}

#[derive(QueryableByName)]
struct Trigger {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    sql: String,
}

/// Returns what is needed to bring them back.
fn put_triggers_aside(conn: &mut Conn, tables: &[Table]) -> Result<Vec<String>> {
    match conn {
        Conn::Sqlite(c) => {
            let list = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid";
            let triggers: Vec<Trigger> = sql_query(list).load(c)?;
            for trigger in &triggers {
                c.batch_execute(&format!("DROP TRIGGER \"{}\"", trigger.name))?;
            }
            Ok(triggers.into_iter().map(|trigger| trigger.sql).collect())
        }
        Conn::Postgres(c) => {
            for table in tables {
                let name = &table.name;
                c.batch_execute(&format!("ALTER TABLE \"{name}\" DISABLE TRIGGER USER"))?;
            }
            Ok(Vec::new())
        }
    }
}

fn bring_triggers_back(conn: &mut Conn, tables: &[Table], aside: &[String]) -> Result<()> {
    match conn {
        Conn::Sqlite(c) => {
            for sql in aside {
                c.batch_execute(sql)?;
            }
        }
        Conn::Postgres(c) => {
            for table in tables {
                let name = &table.name;
                c.batch_execute(&format!("ALTER TABLE \"{name}\" ENABLE TRIGGER USER"))?;
            }
        }
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    name: String,
    /// What counts its ids.
    #[diesel(sql_type = Text)]
    sequence: String,
}

/// The tables whose ids PostgreSQL counts by itself.
fn counted(conn: &mut Conn) -> Result<Vec<Counted>> {
    let Conn::Postgres(c) = conn else {
        return Ok(Vec::new());
    };
    let list = "SELECT CAST(t.relname AS TEXT) AS name, pg_get_serial_sequence(quote_ident(t.relname), 'id') AS sequence \
        FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid WHERE a.attidentity <> '' AND a.attname = 'id' \
        AND t.relkind = 'r' AND t.relnamespace = CAST(current_schema() AS REGNAMESPACE) ORDER BY 1";
    Ok(sql_query(list).load(c)?)
}

fn highest(conn: &mut Conn, table: &str) -> Result<i64> {
    let query = format!("SELECT coalesce(max(id), 0) AS n FROM \"{table}\"");
    tables::count(conn, &query)
}

/// Lets new rows be counted on from those that came.
fn count_on(conn: &mut Conn) -> Result<()> {
    for Counted { name, .. } in counted(conn)? {
        let next = (highest(conn, &name)? + 1).max(FIRST_ID);
        conn.batch_execute(&format!(
            "ALTER TABLE \"{name}\" ALTER COLUMN id RESTART WITH {next}"
        ))?;
    }
    Ok(())
}

/// Tables whose next row would get a number that is taken, in sentences.
pub fn behind(conn: &mut Conn) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for Counted { name, sequence } in counted(conn)? {
        let last = format!(
            "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END AS n FROM {sequence}"
        );
        let last = tables::count(conn, &last)?;
        let highest = highest(conn, &name)?;
        if last < highest {
            found.push(format!(
                "{name}: the next row would get the number {}, and there are rows up to {highest}",
                last + 1
            ));
        }
    }
    Ok(found)
}
