//! Rows of any table, whatever is in it, in the same values on both databases.

use super::Conn;
use super::tables::{Column, Reference, Sort, Table};
use crate::error::{Error, Result};
use chrono::NaiveDate;
use diesel::connection::DefaultLoadingMode;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::{Pg, PgRowByRowLoadingMode};
use diesel::row::{Field, NamedRow, Row};
use diesel::sql_types::{BigInt, Binary, Bool, Date, Double, Integer, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteType};
use diesel::{RunQueryDsl, sql_query};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;

/// A value as either database keeps it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Whole(i64),
    Yes(bool),
    Real(f64),
    Text(String),
    Day(NaiveDate),
    Bytes(Vec<u8>),
}

/// One row, in the order of its table's columns.
pub type Values = Vec<Value>;

/// How many rows a table has and what they add up to: the same wherever the rows are the same, in whatever order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sum {
    pub table: String,
    pub rows: i64,
    pub sum: u128,
}

impl Sum {
    pub fn of(table: &Table) -> Sum {
        Sum {
            table: table.name.clone(),
            ..Sum::default()
        }
    }

    /// Counts a row. A row's number is the first half of a hash of its values, each with its kind and its length.
    pub fn add(&mut self, values: &[Value]) {
        let mut digest = Sha256::new();
        for value in values {
            value.write(&mut digest);
        }
        let mut half = [0; 16];
        half.copy_from_slice(&digest.finalize()[..16]);
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(half));
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null | Value::Bytes(_) => Ok(()),
            Value::Whole(number) => write!(f, "{number}"),
            Value::Yes(is) => write!(f, "{is}"),
            Value::Real(number) => write!(f, "{number}"),
            Value::Text(text) => f.write_str(text),
            Value::Day(day) => write!(f, "{day}"),
        }
    }
}

impl Value {
    /// How many bytes it takes, about.
    pub fn size(&self) -> usize {
        match self {
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            _ => 8,
        }
    }

    fn write(&self, digest: &mut Sha256) {
        let mut part = |kind: u8, bytes: &[u8]| {
            digest.update([kind]);
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        };
        match self {
            Value::Null => part(0, &[]),
            Value::Whole(number) => part(1, &number.to_be_bytes()),
            Value::Yes(is) => part(2, &[u8::from(*is)]),
            Value::Real(number) => part(3, &number.to_bits().to_be_bytes()),
            Value::Text(text) => part(4, text.as_bytes()),
            Value::Day(day) => part(5, day.to_string().as_bytes()),
            Value::Bytes(bytes) => part(6, bytes),
        }
    }

    /// As its column means it: one of the databases knows neither days nor yes and no.
    fn meant(self, sort: Sort) -> Value {
        match (self, sort) {
            (Value::Whole(number), Sort::Yes) => Value::Yes(number != 0),
            (Value::Whole(number), Sort::Real) => Value::Real(number as f64),
            (Value::Text(text), Sort::Day) => match text.parse() {
                Ok(day) => Value::Day(day),
                Err(_) => Value::Text(text),
            },
            (value, _) => value,
        }
    }
}

/// A row as it comes, its columns in the order of the query.
struct Line(Values);

impl QueryableByName<Sqlite> for Line {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Line> {
        let values = (0..row.field_count()).map(|index| {
            let field = Row::get(row, index).ok_or("a column is missing")?;
            let Some(mut value) = field.value() else {
                return Ok(Value::Null);
            };
            Ok(match value.value_type() {
                None => Value::Null,
                Some(SqliteType::Text) => Value::Text(value.read_text().to_owned()),
                Some(SqliteType::Binary) => Value::Bytes(value.read_blob().to_vec()),
                Some(SqliteType::Float | SqliteType::Double) => Value::Real(value.read_double()),
                Some(_) => Value::Whole(value.read_long()),
            })
        });
        values.collect::<deserialize::Result<Values>>().map(Line)
    }
}

/// PostgreSQL's numbers for its types, which never change.
mod oid {
    pub const BOOL: u32 = 16;
    pub const BYTEA: u32 = 17;
    pub const INT8: u32 = 20;
    pub const INT4: u32 = 23;
    pub const FLOAT8: u32 = 701;
    pub const DATE: u32 = 1082;
}

impl QueryableByName<Pg> for Line {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Line> {
        let values = (0..row.field_count()).map(|index| {
            let field = Row::get(row, index).ok_or("a column is missing")?;
            let Some(value) = field.value() else {
                return Ok(Value::Null);
            };
            Ok(match value.get_oid().get() {
                oid::BOOL => Value::Yes(FromSql::<Bool, Pg>::from_sql(value)?),
                oid::BYTEA => Value::Bytes(FromSql::<Binary, Pg>::from_sql(value)?),
                oid::INT8 => Value::Whole(FromSql::<BigInt, Pg>::from_sql(value)?),
                oid::INT4 => {
                    let number: i32 = FromSql::<Integer, Pg>::from_sql(value)?;
                    Value::Whole(i64::from(number))
                }
                oid::FLOAT8 => Value::Real(FromSql::<Double, Pg>::from_sql(value)?),
                oid::DATE => Value::Day(FromSql::<Date, Pg>::from_sql(value)?),
                _ => Value::Text(FromSql::<Text, Pg>::from_sql(value)?),
            })
        });
        values.collect::<deserialize::Result<Values>>().map(Line)
    }
}

/// Hands over each row of a table, one after the other, those with lower keys first: one at a time is in memory.
pub fn each(
    conn: &mut Conn,
    table: &Table,
    take: &mut dyn FnMut(Values) -> Result<()>,
) -> Result<()> {
    each_of(conn, table, "", take)
}

/// The rows of a table that name another table's row in one of its columns, those with lower keys first.
pub fn naming(conn: &mut Conn, table: &Table, column: &str, id: i64) -> Result<Vec<Values>> {
    let mut found = Vec::new();
    let theirs = format!("WHERE \"{column}\" = {id}");
    each_of(conn, table, &theirs, &mut |values| {
        found.push(values);
        Ok(())
    })?;
    Ok(found)
}

/// What other rows are called that a table's rows refer to, by their keys: of those rows that name a row in a column.
pub fn labels(
    conn: &mut Conn,
    table: &Table,
    (column, id): (&str, i64),
    to: &Reference,
    label: &str,
) -> Result<HashMap<i64, String>> {
    let column_of = |name: &str, sort: Sort| Column {
        name: name.to_owned(),
        sort,
    };
    let named = Table {
        name: to.to_table.clone(),
        columns: vec![
            column_of(&to.to_column, Sort::Whole),
            column_of(label, Sort::Text),
        ],
        key: vec![to.to_column.clone()],
        references: Vec::new(),
    };
    let which = format!(
        "WHERE \"{}\" IN (SELECT \"{}\" FROM \"{}\" WHERE \"{column}\" = {id})",
        to.to_column, to.column, table.name
    );
    let mut labels = HashMap::new();
    each_of(conn, &named, &which, &mut |values| {
        if let [Value::Whole(key), said] = values.as_slice() {
            labels.insert(*key, said.to_string());
        }
        Ok(())
    })?;
    Ok(labels)
}

fn each_of(
    conn: &mut Conn,
    table: &Table,
    which: &str,
    take: &mut dyn FnMut(Values) -> Result<()>,
) -> Result<()> {
    let columns = table.column_list();
    let order = table.key.join("\", \"");
    let query = format!(
        "SELECT {columns} FROM \"{}\" {which} ORDER BY \"{order}\"",
        table.name
    );
    let mut hand_over = |line: Line| {
        let sorts = table.columns.iter().map(|column| column.sort);
        let values = line.0.into_iter().zip(sorts);
        take(values.map(|(value, sort)| value.meant(sort)).collect())
    };
    match conn {
        Conn::Sqlite(c) => {
            for line in sql_query(query).load_iter::<Line, DefaultLoadingMode>(c)? {
                hand_over(line?)?;
            }
        }
        Conn::Postgres(c) => {
            for line in sql_query(query).load_iter::<Line, PgRowByRowLoadingMode>(c)? {
                hand_over(line?)?;
            }
        }
    }
    Ok(())
}

/// What a table's rows add up to.
pub fn sum(conn: &mut Conn, table: &Table) -> Result<Sum> {
    let mut sum = Sum::of(table);
    each(conn, table, &mut |values| {
        sum.add(&values);
        Ok(())
    })?;
    Ok(sum)
}

macro_rules! bound {
    ($query:expr, $table:expr, $rows:expr) => {{
        let mut query = $query;
        for (value, column) in $rows.iter().flat_map(|row| row.iter().zip(&$table.columns)) {
            query = match (column.sort, value) {
                (_, Value::Whole(number)) => query.bind::<BigInt, _>(*number),
                (_, Value::Yes(is)) => query.bind::<Bool, _>(*is),
                (_, Value::Real(number)) => query.bind::<Double, _>(*number),
                (_, Value::Text(text)) => query.bind::<Text, _>(text.as_str()),
                (_, Value::Day(day)) => query.bind::<Date, _>(*day),
                (_, Value::Bytes(bytes)) => query.bind::<Binary, _>(bytes.as_slice()),
                (Sort::Whole, Value::Null) => query.bind::<Nullable<BigInt>, _>(None::<i64>),
                (Sort::Yes, Value::Null) => query.bind::<Nullable<Bool>, _>(None::<bool>),
                (Sort::Real, Value::Null) => query.bind::<Nullable<Double>, _>(None::<f64>),
                (Sort::Text, Value::Null) => query.bind::<Nullable<Text>, _>(None::<&str>),
                (Sort::Day, Value::Null) => query.bind::<Nullable<Date>, _>(None::<NaiveDate>),
                (Sort::Bytes, Value::Null) => query.bind::<Nullable<Binary>, _>(None::<&[u8]>),
            };
        }
        query
    }};
}

/// Inserts rows, their keys as they are, in one statement.
pub fn put(conn: &mut Conn, table: &Table, rows: &[Values]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let width = table.columns.len();
    let place = |number: usize| match conn {
        // A name for each place would be looked up among all the others.
        Conn::Sqlite(_) => "?".to_owned(),
        Conn::Postgres(_) => format!("${number}"),
    };
    let tuple = |row: usize| {
        let places: Vec<String> = (1..=width).map(|n| place(row * width + n)).collect();
        format!("({})", places.join(", "))
    };
    let tuples: Vec<String> = (0..rows.len()).map(tuple).collect();
    let insert = format!(
        "INSERT INTO \"{}\" ({}) VALUES {}",
        table.name,
        table.column_list(),
        tuples.join(", ")
    );
    let done = match conn {
        Conn::Sqlite(c) => bound!(sql_query(insert).into_boxed::<Sqlite>(), table, rows).execute(c),
        Conn::Postgres(c) => bound!(sql_query(insert).into_boxed::<Pg>(), table, rows).execute(c),
    };
    done.map(|_| ()).map_err(|cause| match Error::from(cause) {
        Error::Internal(cause) => Error::refused(format!(
            "a row of the table {} is refused: {cause}",
            table.name
        )),
        known => known,
    })
}
