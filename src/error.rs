//! The ways to say no. Each becomes a page (or a line on the command line) that says what to do.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Clone)]
pub enum Error {
    /// Nobody is signed in, and the page needs somebody. (303 to the sign-in page)
    SignIn,
    /// The person's role does not allow it. (403)
    Forbidden,
    /// There is no such thing, or it is not yours to see. (404)
    NotFound,
    /// A rule said no, with a sentence that says what to do. (422)
    Refused(String),
    /// Somebody else changed it first. (409)
    Conflict(String),
    /// The database cannot do it now, with a sentence that says what to do. (503)
    Unavailable(String),
    /// A fault of ours. The text goes to the log, never to the page. (500)
    Internal(String),
}

impl Error {
    pub fn refused(sentence: impl Into<String>) -> Error {
        Error::Refused(sentence.into())
    }

    pub fn internal(cause: impl std::fmt::Display) -> Error {
        Error::Internal(cause.to_string())
    }
}

/// A plain sentence, as the command line prints it.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::SignIn => f.write_str("sign in first"),
            Error::Forbidden => f.write_str("your role does not allow this"),
            Error::NotFound => f.write_str("there is no such thing"),
            Error::Refused(why)
            | Error::Conflict(why)
            | Error::Unavailable(why)
            | Error::Internal(why) => f.write_str(why),
        }
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Error {
        match error {
            DieselError::NotFound => Error::NotFound,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                Error::Conflict(
                    format!(
                        "something with this name or number exists already ({})",
                        info.table_name().unwrap_or("")
                    )
                    .replace(" ()", ""),
                )
            }
            DieselError::DatabaseError(_, info) => crate::db::unavailable(info.message())
                .map_or_else(
                    || Error::Internal(info.message().to_owned()),
                    |sentence| Error::Unavailable(sentence.to_owned()),
                ),
            other => Error::internal(other),
        }
    }
}
