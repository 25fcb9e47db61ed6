//! `touchline person ...`: for the operator at the console.

use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{A_NAME, read_email, read_name};
use crate::people::{self, NewPerson, links};
use crate::rules::access::Role;
use crate::secret;
use crate::signin::factor;
use clap::Subcommand;
use std::io::{BufRead, IsTerminal};

#[derive(Subcommand)]
pub enum Command {
    /// Add somebody; the password is read from standard input
    Add {
        email: String,
        name: String,
        /// rep, manager, marketing or admin
        #[arg(long, default_value = "rep", value_parser = role)]
        role: Role,
    },
    /// Set somebody's password, read from standard input
    SetPassword { email: String },
    /// Print a link with which somebody chooses a password, good once; TOUCHLINE_PUBLIC_URL says where it leads
    Link { email: String },
    /// Turn off the second factor of somebody who has lost phone and codes
    ResetSecondFactor { email: String },
}

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| "use rep, manager, marketing or admin".to_owned())
}

impl Command {
    /// Whether it is about somebody who is there, so that a new database can have nothing for it.
    pub fn needs_somebody(&self) -> bool {
        !matches!(self, Command::Add { .. })
    }
}

pub fn run(app: &App, command: Command) -> Result<()> {
    match command {
        Command::Add { email, name, role } => {
            let email = address(&email)?;
            // Before somebody types a password for nothing.
            let name = read_name(&name);
            let name = name.ok_or_else(|| Error::refused(format!("enter {A_NAME}")))?;
            let password_hash = Some(secret::hash_password(app, &password()?)?);
            app.write(|tx| {
                people::add(
                    tx,
                    NewPerson {
                        email,
                        name,
                        role,
                        time_zone: None,
                        password_hash,
                    },
                )
            })?;
        }
        Command::SetPassword { email } => {
            let email = address(&email)?;
            let hash = secret::hash_password(app, &password()?)?;
            app.write(|tx| {
                let id = person_id(tx, &email)?;
                people::set_password(tx, id, &hash, None)
            })?;
        }
        Command::Link { email } => {
            let email = address(&email)?;
            let token = app.write(|tx| {
                let id = person_id(tx, &email)?;
                links::make(tx, id)
            })?;
            let site = match &app.config.public_url {
                Some(url) => url.clone(),
                None => {
                    eprintln!(
                        "TOUCHLINE_PUBLIC_URL is not set: put the address that people type before the path."
                    );
                    format!("http://{}", app.config.listen)
                }
            };
            println!("{site}{}", links::path(&token));
        }
        Command::ResetSecondFactor { email } => {
            let email = address(&email)?;
            app.write(|tx| {
                let id = person_id(tx, &email)?;
                factor::reset(tx, id)
            })?;
        }
    }
    eprintln!("Done.");
    Ok(())
}

fn person_id(tx: &mut Tx, email: &str) -> Result<i64> {
    let person = people::store::by_email(tx.conn, email)?;
    let person =
        person.ok_or_else(|| Error::refused(format!("nobody has the e-mail address {email}")))?;
    Ok(person.id)
}

fn address(email: &str) -> Result<String> {
    read_email(email).ok_or_else(|| Error::refused(format!("{email} is no e-mail address")))
}

/// From standard input, so that no password stands in the history of a shell.
/// Typed twice and unseen at a terminal; else the first line that comes.
fn password() -> Result<String> {
    let password = match std::io::stdin().is_terminal() {
        true => typed()?,
        false => {
            let mut line = String::new();
            let mut input = std::io::stdin().lock();
            input.read_line(&mut line).map_err(Error::internal)?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        }
    };
    match secret::password_fault(&password) {
        Some(fault) => Err(Error::refused(fault)),
        None => Ok(password),
    }
}

fn typed() -> Result<String> {
    let ask = |what| rpassword::prompt_password(what).map_err(Error::internal);
    let (first, second) = (ask("Password: ")?, ask("Once more: ")?);
    match first == second {
        true => Ok(first),
        false => Err(Error::refused("the two are not the same: try again")),
    }
}
