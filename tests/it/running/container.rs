//! The container file: nothing here builds one, so what it says is read, and the program is started as it would be.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const FILE: &str = include_str!("../../../docs/running/Containerfile");

/// What stands behind an instruction, of the last stage.
fn of_last_stage(instruction: &str) -> Vec<&'static str> {
    let (_, stage) = FILE.rsplit_once("\nFROM ").expect("a last stage");
    let lines = stage.lines();
    lines
        .filter_map(|line| line.strip_prefix(instruction)?.strip_prefix(' '))
        .collect()
}

fn settings() -> BTreeMap<&'static str, &'static str> {
    let lines = of_last_stage("ENV").into_iter();
    let pairs = lines.flat_map(|line| line.split_whitespace());
    pairs
        .map(|pair| pair.split_once('=').expect("a name and a value"))
        .collect()
}

#[test]
fn a_program_started_as_in_the_container_serves() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchline"));
    assert_eq!(of_last_stage("CMD"), ["[\"touchline\", \"serve\"]"]);
    command.arg("serve").env_clear().current_dir(folder.path());
    for (name, value) in settings() {
        // The volume is a folder of this test, and the port whichever is free.
        let folder = folder.path().to_str().expect("a path in UTF-8");
        let value = value.replace("/data", folder).replace(":8080", ":0");
        command.env(name, value);
    }
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let said = BufReader::new(child.stderr.take().expect("what it says"));
    let mut before = Vec::new();
    let serves = said.lines().map_while(Result::ok).any(|line| {
        before.push(line.clone());
        line.starts_with("Touchline is at ")
    });
    child.kill().expect("it is ended");
    child.wait().expect("an end");
    assert!(serves, "{before:?}");
    assert!(
        !before.iter().any(|line| line.contains("is no setting")),
        "{before:?}"
    );
    assert!(folder.path().join("touchline.db").exists());
}

#[test]
fn the_container_file_names_what_is_there() {
    let port = settings()["TOUCHLINE_LISTEN"]
        .rsplit_once(':')
        .expect("a port")
        .1;
    assert_eq!(of_last_stage("EXPOSE"), [port]);
    let copied = "--from=build /src/target/release/touchline /usr/local/bin/touchline";
    assert_eq!(of_last_stage("COPY"), [copied]);
    let volume = of_last_stage("VOLUME").remove(0);
    assert_eq!(of_last_stage("WORKDIR"), [volume]);
    assert!(settings()["TOUCHLINE_DATABASE_URL"].starts_with(volume));
    let user = of_last_stage("USER").remove(0);
    let runs = of_last_stage("RUN").join("\n");
    assert!(runs.contains("useradd") && runs.contains(user) && runs.contains(volume));
    // What a slim Debian has without anything installed.
    let libraries = Command::new("ldd")
        .arg(env!("CARGO_BIN_EXE_touchline"))
        .output();
    let libraries = String::from_utf8(libraries.expect("ldd").stdout).expect("names");
    let there = [
        "linux-vdso",
        "ld-linux",
        "libc.so",
        "libm.so",
        "libgcc_s.so",
    ];
    for library in libraries.lines() {
        assert!(
            there.iter().any(|known| library.contains(known)),
            "{library}"
        );
    }
}
