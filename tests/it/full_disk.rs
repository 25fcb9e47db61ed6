//! A disk that is full, for real: a small one in memory, which only this test and what it starts can see. While a copy is
//! made, while one is brought back, and while people log: it is said, nothing is half there, and it goes on with room.

use crate::killed::{Program, agent, logged, post};
use crate::world::Database::Sqlite;
use crate::world::{Home, World};
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use touchline::clock::Clock;

/// Eight megabytes in memory, mounted where only those see it who are let in.
struct Disk {
    holder: Child,
    folder: TempDir,
}

impl Disk {
    /// It takes a namespace of one's own, for which nobody needs to be root.
    fn new() -> Disk {
        let folder = tempfile::tempdir().expect("a folder");
        let mount = "mount -t tmpfs -o size=8m,mode=0777 tmpfs \"$1\" && echo ready && exec cat";
        let mut holder = Command::new("unshare")
            .args(["--map-root-user", "--mount", "sh", "-c", mount, "sh"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare, of util-linux");
        let mut line = String::new();
        let said = holder.stdout.take().expect("what it says");
        BufReader::new(said).read_line(&mut line).expect("a line");
        assert_eq!(
            line, "ready\n",
            "this machine lets nobody mount a small disk: allow user namespaces, or run the tests as root"
        );
        Disk { holder, folder }
    }

    /// A program that sees the disk.
    fn sees(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        let target = self.holder.id().to_string();
        command.args(["--target", &target, "--user", "--mount"]);
        command.args(["--preserve-credentials", program]);
        command
    }

    /// Runs Touchline on a database of the disk: its exit code, and all that it printed and said.
    fn run(&self, database: &str, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = self.sees(env!("CARGO_BIN_EXE_touchline"));
        command.arg("--database-url").arg(self.path(database));
        let output = command.args(arguments).output().expect("the program runs");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(!said.contains("panicked"), "{said}");
        (output.status.code(), said)
    }

    /// As those see it who are let in.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// As everybody reaches it.
    fn outside_path(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.holder.id()));
        let folder = self.folder.path().strip_prefix("/").expect("a whole path");
        root.join(folder).join(name)
    }

    fn put(&self, file: &Path, name: &str) {
        fs::copy(file, self.outside_path(name)).expect("a copy");
    }

    /// Fills it, but for so many bytes.
    fn fill(&self, but_for: usize) {
        let mut filler = File::create(self.outside_path("filler")).expect("a file");
        let mut written: usize = 0;
        while filler.write_all(&[0x5a; 4096]).is_ok() {
            written += 4096;
        }
        let length = written.saturating_sub(but_for);
        filler.set_len(length as u64).expect("some room");
    }

    fn make_room(&self) {
        fs::remove_file(self.outside_path("filler")).expect("room");
    }

    fn names(&self) -> Vec<String> {
        let inside = fs::read_dir(self.outside_path("")).expect("a folder");
        let names = inside.map(|entry| entry.expect("a file").file_name());
        let mut names: Vec<String> = names
            .map(|name| name.to_string_lossy().into_owned())
            // SQLite's own, which a program that ends as it opens one connection more may leave: they hold nothing of it.
            .filter(|name| !name.ends_with(".db-wal") && !name.ends_with(".db-shm"))
            .collect();
        names.sort();
        names
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// Backups of a workspace with nobody's entry, and of the same with one.
fn two_states() -> (TempDir, PathBuf, PathBuf, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let (before, after) = (
        folder.path().join("before.db"),
        folder.path().join("after.db"),
    );
    let world = World::new(Sqlite);
    world.at(&Clock::Wall.now().to_string());
    let session = world.session("ana");
    backup(world.home(), &before);
    world.log("ana", "Call", "No answer", None);
    backup(world.home(), &after);
    (folder, before, after, session)
}

fn backup(home: &Home, file: &Path) {
    let (code, _, said) = home.run(&["backup", word(file)]);
    assert_eq!(code, Some(0), "{said}");
}

fn word(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

#[test]
fn a_copy_for_which_there_is_no_room_is_none_and_the_one_from_before_stays() {
    let (_folder, before, after, _) = two_states();
    let disk = Disk::new();
    disk.put(&before, "copy.db");
    let copy = disk.path("copy.db");
    let base = word(&after);
    // No room at all, room for a part of it, and then for all.
    for room in [0, 40_000, 200_000] {
        disk.fill(room);
        for arguments in [
            &["backup", "--overwrite", word(&copy)] as &[&str],
            &["backup", word(&disk.path("new.db"))],
        ] {
            let (code, said) = disk.run(base, arguments);
            assert_eq!(code, Some(1), "{room}: {said}");
            assert!(said.contains("the disk is full"), "{room}: {said}");
        }
        assert_eq!(disk.names(), ["copy.db", "filler"]);
        disk.make_room();
        let (code, said) = disk.run("copy.db", &["check"]);
        assert_eq!(code, Some(0), "{room}: {said}");
        assert!(said.contains("7 people, 0 leads, 0 activities"), "{said}");
    }
    let (code, said) = disk.run(base, &["backup", "--overwrite", word(&copy)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("7 people, 0 leads, 1 activities"), "{said}");
    assert_eq!(disk.names(), ["copy.db"]);
}

#[test]
fn what_cannot_be_brought_back_for_want_of_room_leaves_the_database_as_it_was() {
    let (_folder, before, after, _) = two_states();
    let disk = Disk::new();
    disk.put(&before, "touchline.db");
    let restore = ["restore", "--replace", word(&after)];
    let copy = fs::metadata(&after).expect("a file").len() as usize;
    // No room for the copy that is unpacked beside it, and room for that and for a part of what is written.
    for room in [0, copy / 2, copy + 150_000, copy + 300_000] {
        disk.fill(room);
        let (code, said) = disk.run("touchline.db", &restore);
        assert_eq!(code, Some(1), "{room}: {said}");
        assert!(said.contains("the disk is full"), "{room}: {said}");
        disk.make_room();
        let names = disk.names();
        assert!(
            !names.iter().any(|name| name.contains("partial")),
            "{names:?}"
        );
        let (code, said) = disk.run("touchline.db", &["check"]);
        assert_eq!(code, Some(0), "{room}: {said}");
        assert!(said.contains("7 people, 0 leads, 0 activities"), "{said}");
    }
    let (code, said) = disk.run("touchline.db", &restore);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("7 people, 0 leads, 1 activities"), "{said}");
}

#[test]
fn people_who_log_on_a_full_disk_are_told_and_go_on_when_there_is_room() {
    let (folder, before, _, session) = two_states();
    let disk = Disk::new();
    disk.put(&before, "touchline.db");
    let mut command = disk.sees(env!("CARGO_BIN_EXE_touchline"));
    command.arg("--database-url").arg(disk.path("touchline.db"));
    let program = Program::begin(command);
    let agent = agent();
    let log = |uid: &str| {
        let fields = [("uid", uid), ("kind", "1"), ("outcome", "1")];
        post(&agent, &program.origin, &session, &fields)
    };
    let new = || uuid::Uuid::now_v7().to_string();
    let mut told = vec![new()];
    assert_eq!(log(&told[0]), Some(303));
    disk.fill(100_000);
    let refused = (0..2_000).find_map(|_| {
        let uid = new();
        match log(&uid) {
            Some(303) => {
                told.push(uid);
                None
            }
            other => Some((uid, other)),
        }
    });
    let (uid, answer) = refused.expect("the disk is full at last");
    assert_eq!(answer, Some(503));
    disk.make_room();
    assert_eq!(log(&uid), Some(303), "it goes on by itself");
    told.push(uid);
    drop(program);
    // Looked at where there is room: what was acknowledged is there once, and all adds up.
    let home = Home::bare(Sqlite);
    for end in ["", "-wal"] {
        let name = format!("touchline.db{end}");
        let from = disk.outside_path(&name);
        if from.exists() {
            fs::copy(from, home.folder().join(name)).expect("a copy");
        }
    }
    let there = logged(&home);
    assert!(told.iter().all(|uid| there.get(uid) == Some(&1)));
    assert_eq!(there.len(), told.len());
    let (code, printed, said) = home.run(&["check"]);
    assert_eq!((code, printed.as_str()), (Some(0), ""), "{said}");
    drop(folder);
}
