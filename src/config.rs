//! Every setting, once: from flags or the environment.

use crate::rules::network::Network;
use clap::{Args, ValueEnum};
use std::ffi::OsStr;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use tracing_subscriber::filter::LevelFilter;

/// What only a server needs stands apart, below what a command is about.
const SERVING: &str = "Settings of serve";

/// The settings of one run of the program.
#[derive(Debug, Clone, Args)]
pub struct Config {
    /// postgres://... for PostgreSQL; sqlite:PATH or a bare path for a SQLite file
    #[arg(
        long,
        global = true,
        env = "TOUCHLINE_DATABASE_URL",
        default_value = "touchline.db",
        hide_env_values = true
    )]
    pub database_url: DatabaseUrl,

    /// Address and port to listen on
    #[arg(
        long,
        help_heading = SERVING,
        global = true,
        env = "TOUCHLINE_LISTEN",
        default_value = "127.0.0.1:8080",
        value_parser = listen
    )]
    pub listen: SocketAddr,

    /// Address and port on which what is measured can be read, and nothing else; nowhere when not set
    #[arg(long, help_heading = SERVING, global = true, env = "TOUCHLINE_METRICS_LISTEN", value_parser = listen)]
    pub metrics_listen: Option<SocketAddr>,

    /// The address people type; https turns on Secure cookies and HSTS
    #[arg(
        long,
        help_heading = SERVING,
        global = true,
        env = "TOUCHLINE_PUBLIC_URL",
        value_parser = public_url
    )]
    pub public_url: Option<String>,

    /// Proxies whose X-Forwarded-For and X-Forwarded-Proto count: addresses or networks, separated by commas
    #[arg(
        long,
        help_heading = SERVING,
        global = true,
        env = "TOUCHLINE_TRUSTED_PROXY",
        value_delimiter = ','
    )]
    pub trusted_proxy: Vec<Network>,

    /// A folder for a copy of the SQLite file each night, made by serve; none is made when it is not set
    #[arg(long, help_heading = SERVING, global = true, env = "TOUCHLINE_BACKUP_FOLDER")]
    pub backup_folder: Option<PathBuf>,

    /// How many nightly copies are kept
    #[arg(
        long,
        help_heading = SERVING,
        global = true,
        env = "TOUCHLINE_BACKUP_KEEP",
        default_value_t = 14,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    pub backup_keep: u32,
}

/// What is said while the program runs, and how.
#[derive(Debug, Clone, Args)]
pub struct Logs {
    /// What is logged on standard error: error, warn, info or debug, also by part: warn,touchline=debug
    #[arg(long, global = true, env = "TOUCHLINE_LOG", value_parser = log)]
    pub log: Option<String>,

    /// How it is written: for people, or one JSON object a line
    #[arg(
        long,
        global = true,
        env = "TOUCHLINE_LOG_FORMAT",
        value_enum,
        default_value = "text"
    )]
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Variables of the environment that look like settings of ours, and are none of these: most likely mistyped.
/// Those of tests are not meant.
pub fn unknown_variables(known: &[String]) -> Vec<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "only their names are looked at, to tell of a mistyped one"
    )]
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let ours =
        |name: &String| name.starts_with("TOUCHLINE_") && !name.starts_with("TOUCHLINE_TEST_");
    let mut names: Vec<String> = names.filter(ours).collect();
    names.retain(|name| !known.contains(name));
    names.sort();
    names
}

/// Whether a variable of the environment is there and holds nothing, which counts as not set.
pub fn is_empty_variable(name: &OsStr) -> bool {
    #[expect(
        clippy::disallowed_methods,
        reason = "a setting that holds nothing is none, as clap does not see it"
    )]
    let value = std::env::var_os(name);
    value.is_some_and(|value| value.is_empty())
}

impl Config {
    /// Whether people reach this server over https.
    pub fn is_https(&self) -> bool {
        self.public_url
            .as_deref()
            .is_some_and(|url| url.starts_with("https://"))
    }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let wanted = "use an address and a port, such as 127.0.0.1:8080, or 0.0.0.0:8080 for all of this machine's";
    text.trim().parse().map_err(|_| wanted.to_owned())
}

fn log(text: &str) -> Result<String, String> {
    let text = text.trim();
    // A filter takes a part without a level for one of which all is logged: a mistyped level would pass as a name.
    let has_level = |part: &str| {
        let level = part
            .rsplit_once('=')
            .map_or(part, |(_, level)| level)
            .trim();
        !level.is_empty() && level.parse::<LevelFilter>().is_ok()
    };
    let is_good = text.split(',').all(has_level);
    match tracing_subscriber::EnvFilter::builder().parse(text) {
        Ok(_) if is_good => Ok(text.to_owned()),
        _ => Err("use error, warn, info, debug, or parts such as warn,touchline=debug".to_owned()),
    }
}

/// A scheme, a host and perhaps a port: no path, since all addresses of the app begin at the root.
fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim().trim_end_matches('/');
    let rest = url.strip_prefix("https://");
    let host = rest.or_else(|| url.strip_prefix("http://"));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    match host {
        Some(host) if !host.is_empty() && host.chars().all(is_plain) => Ok(url.to_owned()),
        _ => Err("use an address such as https://touchline.example, without a path".to_owned()),
    }
}

/// Which database, chosen by the scheme of its URL: a mistyped scheme is refused, never taken for a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

impl DatabaseUrl {
    /// A database in a file of its own.
    pub fn file(path: PathBuf) -> DatabaseUrl {
        DatabaseUrl::Sqlite(path)
    }

    /// Whether passwords and rows go over a network that others may read along: a PostgreSQL server on another machine, and
    /// the address does not insist on TLS (libpq's `sslmode` of `require`, `verify-ca` or `verify-full`).
    pub fn is_open_to_readers(&self) -> bool {
        let DatabaseUrl::Postgres(url) = self else {
            return false;
        };
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find_map(|(key, value)| (key == name).then_some(value))
        };
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        let place = place.split('/').next().unwrap_or("");
        let host = match place.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or(""),
            None => place.split(':').next().unwrap_or(""),
        };
        let host = value("host").unwrap_or(host);
        // A socket of this machine has a path for a name, or none.
        let is_here = host.is_empty()
            || host == "localhost"
            || host.starts_with('/')
            || host.to_ascii_lowercase().starts_with("%2f")
            || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        let insists = ["require", "verify-ca", "verify-full"];
        !is_here && !value("sslmode").is_some_and(|mode| insists.contains(&mode))
    }

    /// The address without its password, as it may be shown.
    pub fn shown(&self) -> String {
        let url = match self {
            DatabaseUrl::Sqlite(path) => return format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => url,
        };
        let (url, query) = url.split_once('?').unwrap_or((url, ""));
        let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
        // A password may hold an @ of its own: the last one stands before the host.
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (user.split(':').next().unwrap_or(""), place),
            None => ("", rest),
        };
        let at = if user.is_empty() { "" } else { "@" };
        let is_open = |pair: &&str| !pair.to_ascii_lowercase().contains("password");
        let pairs: Vec<&str> = query.split('&').filter(is_open).collect();
        let query = match pairs.join("&") {
            pairs if pairs.is_empty() => pairs,
            pairs => format!("?{pairs}"),
        };
        format!("{scheme}://{user}{at}{place}{query}")
    }
}

impl std::str::FromStr for DatabaseUrl {
    type Err = String;

    fn from_str(url: &str) -> Result<DatabaseUrl, String> {
        let url = url.trim();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(DatabaseUrl::Postgres(url.to_owned()));
        }
        // As other programs write it, two slashes and a relative path, or three and an absolute one.
        let path = url.strip_prefix("sqlite://");
        let path = path.or_else(|| url.strip_prefix("sqlite:")).unwrap_or(url);
        let scheme = path.split_once(':').map(|(scheme, _)| scheme);
        // A single letter before a colon is a drive of Windows, anything longer a scheme.
        if path.contains("://")
            || scheme.is_some_and(|s| {
                s.len() > 1
                    && s.chars()
                        .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            })
        {
            return Err(
                "unknown kind of database: use postgres://USER@HOST/NAME for PostgreSQL, \
                        or sqlite:PATH or a bare path for a SQLite file"
                    .to_owned(),
            );
        }
        if path.is_empty() {
            return Err(
                "the database URL is empty: name a SQLite file, or a postgres:// address"
                    .to_owned(),
            );
        }
        Ok(DatabaseUrl::Sqlite(PathBuf::from(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_scheme_is_refused_and_never_becomes_a_file() {
        for wrong in [
            "postgers://localhost/x",
            "mysql://localhost/x",
            "postgres:/x",
            "http:x",
            "",
            "sqlite:",
            "sqlite:postgres://x/y",
        ] {
            assert!(wrong.parse::<DatabaseUrl>().is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn a_public_address_is_a_scheme_and_a_host() {
        for right in [
            "https://touchline.example",
            "http://192.168.1.5:8080",
            "https://[fd00::1]:8443",
        ] {
            assert_eq!(public_url(&format!("{right}/")), Ok(right.to_owned()));
        }
        for wrong in [
            "",
            "touchline.example",
            "https://",
            "ftp://x",
            "https://x/path",
            "https://x\r\ny",
            "https://a b",
        ] {
            assert!(public_url(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (url, shown) in [
            (
                "postgres://me:hush@db/touchline",
                "postgres://me@db/touchline",
            ),
            (
                "postgres://me:h@sh:x@db:5433/t?sslmode=require&password=hush",
                "postgres://me@db:5433/t?sslmode=require",
            ),
            ("postgres://db/t?PASSWORD=hush", "postgres://db/t"),
            ("touchline.db", "sqlite:touchline.db"),
        ] {
            let url: DatabaseUrl = url.parse().expect("an address");
            assert_eq!(url.shown(), shown);
        }
    }

    #[test]
    fn a_server_on_another_machine_is_open_to_readers_unless_the_address_insists_on_tls() {
        for (url, is_open) in [
            ("postgres://me:h@sh@db:5433/t", true),
            ("postgres://me@192.0.2.1/t?sslmode=prefer", true),
            ("postgres://me@[2001:db8::1]:5433/t", true),
            ("postgres:///t?host=db", true),
            ("postgres://me@db/t?sslmode=require", false),
            (
                "postgres://me@db/t?connect_timeout=3&sslmode=verify-full",
                false,
            ),
            ("postgres://me@localhost:5433/t", false),
            ("postgres://me@127.0.0.1/t", false),
            ("postgres://[::1]:5433/t", false),
            ("postgres://%2Fvar%2Frun/t", false),
            ("postgres:///t?host=/var/run", false),
            ("touchline.db", false),
        ] {
            let address: DatabaseUrl = url.parse().expect("an address");
            assert_eq!(address.is_open_to_readers(), is_open, "{url}");
        }
    }

    #[test]
    fn what_is_logged_names_a_level_in_each_part() {
        for right in ["warn", "off", "warn,touchline=debug", " info,a::b=TRACE "] {
            assert!(log(right).is_ok(), "{right:?}");
        }
        for wrong in ["bogus=", "bogus", "warn,touchline=", "warn,", "", "=info="] {
            assert!(log(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_bare_path_and_a_sqlite_url_name_a_file() {
        for (url, path) in [
            ("touchline.db", "touchline.db"),
            ("sqlite:/var/t.db", "/var/t.db"),
            ("sqlite:///var/t.db", "/var/t.db"),
            ("sqlite://t.db", "t.db"),
            ("C:\\t.db", "C:\\t.db"),
        ] {
            assert_eq!(url.parse(), Ok(DatabaseUrl::Sqlite(PathBuf::from(path))));
        }
        assert!(matches!(
            "postgresql://u@h/n".parse(),
            Ok(DatabaseUrl::Postgres(_))
        ));
    }
}
