//! Writing a query once for both databases.

/// Compiles one body for each backend, for what the shared type cannot express (batch inserts, upserts).
#[macro_export]
macro_rules! both {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => $body,
            $crate::db::Conn::Postgres($c) => $body,
        }
    };
}

/// Compiles a body for the embedded database and one for the served one, where one form of a query would be slow on
/// either. Both must have the same rows.
#[macro_export]
macro_rules! either {
    ($conn:expr, embedded: |$e:ident| $embedded:expr, served: |$s:ident| $served:expr $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite($e) => $embedded,
            $crate::db::Conn::Postgres($s) => $served,
        }
    };
}

/// Runs an insert for a slice of rows, the fastest way that each database has: a prepared statement for each row, as SQLite
/// keeps a copy of every page that one of several rows changes, or many rows on one way to the server.
#[macro_export]
macro_rules! in_batches {
    ($conn:expr, $rows:expr, |$c:ident, $values:ident| $insert:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => {
                for $values in $rows {
                    $insert.execute($c)?;
                }
            }
            $crate::db::Conn::Postgres($c) => {
                for $values in $rows.chunks($crate::db::BATCH_ROWS) {
                    $insert.execute($c)?;
                }
            }
        }
    };
}

/// Inserts a slice of rows into a table.
#[macro_export]
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        $crate::in_batches!($conn, $rows, |c, values| diesel::insert_into($table)
            .values(values))
    };
}

/// As [`in_batches!`], where the insert returns something of each row that it adds.
#[macro_export]
macro_rules! in_batches_returning {
    ($conn:expr, $rows:expr, |$c:ident, $values:ident| $insert:expr) => {{
        let mut returned = Vec::new();
        match $conn {
            $crate::db::Conn::Sqlite($c) => {
                for $values in $rows {
                    returned.extend($insert.load($c)?);
                }
            }
            $crate::db::Conn::Postgres($c) => {
                for $values in $rows.chunks($crate::db::BATCH_ROWS) {
                    returned.extend($insert.load($c)?);
                }
            }
        }
        returned
    }};
}
