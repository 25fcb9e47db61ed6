//! What help teaches: each command with examples that can be typed as they stand.

use clap::Command;

/// Of each command by its path, what to type and what comes of it.
const OF: &[(&str, &[(&str, &str)])] = &[
    (
        "",
        &[
            ("touchline serve --demo", "look around in a made-up team"),
            ("touchline serve", "begin with an empty workspace"),
            ("touchline import FOLDER", "bring in what you have"),
        ],
    ),
    (
        "serve",
        &[
            ("touchline serve", "on touchline.db in this folder"),
            (
                "touchline serve --listen 0.0.0.0:8080",
                "for everybody on the network",
            ),
            (
                "touchline serve --database-url /srv/touchline/touchline.db",
                "on a database elsewhere",
            ),
            (
                "touchline serve --metrics-listen 127.0.0.1:9100 --log-format json",
                "watched by other programs",
            ),
        ],
    ),
    (
        "person add",
        &[
            (
                "touchline person add ana@example.com \"Ana Diaz\"",
                "a rep; type the password",
            ),
            (
                "touchline person add ada@example.com Ada --role admin < password.txt",
                "an admin",
            ),
        ],
    ),
    (
        "person set-password",
        &[(
            "touchline person set-password ana@example.com < password.txt",
            "",
        )],
    ),
    (
        "person link",
        &[(
            "touchline person link ana@example.com --public-url https://touchline.example",
            "",
        )],
    ),
    (
        "person reset-second-factor",
        &[(
            "touchline person reset-second-factor ana@example.com",
            "then send them a link",
        )],
    ),
    (
        "report follow-up-speed",
        &[
            (
                "touchline report follow-up-speed --from 2026-03-01 --to 2026-03-31",
                "one month",
            ),
            (
                "touchline report follow-up-speed --by campaign --clock working --format csv",
                "for a spreadsheet",
            ),
        ],
    ),
    (
        "report leaderboard",
        &[(
            "touchline report leaderboard --metric meetings_booked --by team",
            "who booked how many meetings",
        )],
    ),
    (
        "report outcomes",
        &[(
            "touchline report outcomes --by source --format json",
            "what became of leads, by source",
        )],
    ),
    (
        "report habits",
        &[("touchline report habits --format csv", "")],
    ),
    (
        "import",
        &[
            (
                "touchline import data --dry-run",
                "check a folder, write nothing",
            ),
            (
                "touchline import people.csv leads.csv --skip-bad-rows",
                "what is good of two files",
            ),
        ],
    ),
    (
        "migrate",
        &[("touchline migrate", "before a new version is started")],
    ),
    (
        "backup",
        &[(
            "touchline backup /srv/backup/touchline.db",
            "while it serves",
        )],
    ),
    (
        "restore",
        &[(
            "touchline restore /srv/backup/touchline.db",
            "into the database that is set",
        )],
    ),
    (
        "end-doors",
        &[(
            "touchline end-doors",
            "after pg_restore; touchline restore does it by itself",
        )],
    ),
    (
        "move-to",
        &[(
            "touchline move-to postgres://me@localhost/touchline",
            "when one machine is not enough any more",
        )],
    ),
    (
        "check",
        &[(
            "touchline check",
            "is everything sound, and does it add up?",
        )],
    ),
];

/// A command and those in it, with their examples below their help.
pub fn add(command: Command) -> Command {
    add_below(command, "")
}

fn add_below(mut command: Command, path: &str) -> Command {
    if let Some((_, examples)) = OF.iter().find(|(of, _)| *of == path) {
        command = command.after_help(section(path, examples));
    }
    let inside: Vec<String> = command
        .get_subcommands()
        .map(|inside| inside.get_name().to_owned())
        .collect();
    for name in inside {
        let path = format!("{path} {name}");
        command = command.mut_subcommand(name, |inside| add_below(inside, path.trim()));
    }
    command
}

fn section(path: &str, examples: &[(&str, &str)]) -> String {
    let lines = examples.iter().map(|(typed, comes)| match *comes {
        "" => format!("  {typed}"),
        comes => format!("  {typed}\n      {comes}"),
    });
    let lines: Vec<String> = lines.collect();
    let more = match path {
        "" => {
            "\n\nEach command has examples of its own: touchline COMMAND --help. \
               Settings may stand in the environment, under the names shown in [env: ...]."
        }
        _ => "",
    };
    format!("Examples:\n{}{more}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of what is typed, as a shell takes them, without what is redirected.
    fn words(typed: &str) -> Vec<String> {
        let typed = typed.split(" < ").next().unwrap_or(typed);
        let parts = typed.split('"').enumerate();
        let words = parts.flat_map(|(at, part)| match at % 2 {
            1 => vec![part.to_owned()],
            _ => part.split_whitespace().map(str::to_owned).collect(),
        });
        words.collect()
    }

    fn paths(command: &Command, above: &str) -> Vec<String> {
        let inside = command.get_subcommands();
        let inside = inside.filter(|inside| inside.get_name() != "help");
        let below: Vec<String> = inside
            .flat_map(|inside| {
                paths(
                    inside,
                    format!("{above} {}", inside.get_name()).trim_start(),
                )
            })
            .collect();
        match below.is_empty() {
            true => vec![above.to_owned()],
            false => below,
        }
    }

    #[test]
    fn help_teaches_every_command_by_an_example_that_works() {
        let whole = crate::cli::command();
        for path in paths(&whole, "") {
            assert!(OF.iter().any(|(of, _)| *of == path), "no example: {path}");
        }
        for (path, examples) in OF {
            for (typed, _) in *examples {
                assert!(typed.contains(path), "{typed} is below {path}");
                let taken = crate::cli::command().try_get_matches_from(words(typed));
                assert!(taken.is_ok(), "{typed}: {:?}", taken.err());
            }
        }
    }
}
