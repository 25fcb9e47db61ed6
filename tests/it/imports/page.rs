//! The import page: upload, columns, preview, confirm.

use super::{LEADS, PEOPLE, lead};
use crate::world::Database::{self, Postgres, Sqlite};
use crate::world::{Page, World};
use rstest::rstest;
use touchline::people;

fn upload(world: &World, files: &[(&str, &str)]) -> Page {
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, text)| (*name, text.as_bytes()))
        .collect();
    world.as_("ada").upload("/import", &files).follow()
}

fn action(page: &Page, end: &str) -> String {
    let actions = page.actions();
    let found = actions.iter().find(|action| action.contains(end));
    found
        .unwrap_or_else(|| panic!("{end} is none of {actions:?}"))
        .clone()
}

#[rstest]
fn files_are_checked_first_and_written_when_they_are_confirmed(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    world
        .as_("ada")
        .get("/import")
        .ok()
        .says("What a file may hold");
    let preview = upload(&world, &[("people.csv", PEOPLE), ("leads.csv", LEADS)]);
    preview
        .ok()
        .says("Every row can be imported")
        .says("New source: 1");
    assert!(
        world
            .read(|conn| people::store::by_email(conn, "otto@example.com"))
            .is_none()
    );

    let confirm = action(&preview, "/confirm");
    let done = preview.submit(&confirm, &[]).follow();
    done.ok()
        .says("Imported: 4 new rows, 0 changed, 0 unchanged.");
    assert_eq!(lead(&world, "L1").name, "Lena Lang");
    preview.submit(&confirm, &[]).is(404);
}

#[rstest]
fn bad_rows_are_shown_and_can_be_left_out(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let leads = LEADS.replace("nurture", "asleep");
    let preview = upload(&world, &[("leads.csv", &leads)]);
    preview
        .ok()
        .says("Some rows have a problem")
        .says("expected nurture or nothing");
    assert!(
        preview
            .actions()
            .iter()
            .all(|action| !action.ends_with("/confirm"))
    );
    let download = preview
        .links()
        .into_iter()
        .find(|link| link.contains("/rejected"));
    let rejected = world.as_("ada").get(&download.expect("a download"));
    rejected.ok();
    assert!(
        rejected.body.contains("\"L2\",\"Lars Lund\"") && !rejected.body.contains("L1"),
        "{}",
        rejected.body
    );

    let done = preview
        .submit(&action(&preview, "/confirm?skip=true"), &[])
        .follow();
    done.ok()
        .says("Imported: 1 new rows")
        .says("1 with a problem was left out");
}

#[rstest]
fn refused_rows_run_nothing_in_a_spreadsheet_and_are_read_back_as_they_were(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let leads = "external_id,name,created_at,phone,state\n\
                 L1,=HYPERLINK(1),2026-03-02T09:00:00Z,+49 30 99,asleep\n\
                 L2,'=Quote,2026-03-02T09:00:00Z,-1,asleep\n";
    let preview = upload(&world, &[("leads.csv", leads)]);
    let mut links = preview.ok().links().into_iter();
    let download = links.find(|link| link.contains("/rejected"));
    let rejected = world.as_("ada").get(&download.expect("a download"));
    for cell in [
        "\"'=HYPERLINK(1)\"",
        "\"'+49 30 99\"",
        "\"''=Quote\"",
        "\"'-1\"",
    ] {
        assert!(
            rejected.ok().body.contains(cell),
            "{cell}: {}",
            rejected.body
        );
    }
    let mended = rejected.body.replace("\"asleep\"", "\"nurture\"");
    let preview = upload(&world, &[("leads.csv", &mended)]);
    preview.ok().says("Every row can be imported");
    preview.submit(&action(&preview, "/confirm"), &[]).is(303);
    assert_eq!(lead(&world, "L1").name, "=HYPERLINK(1)");
    assert_eq!(lead(&world, "L1").phone, "+49 30 99");
    assert_eq!(lead(&world, "L2").name, "'=Quote");
}

#[rstest]
fn an_import_stands_in_the_record_with_what_became_of_each_file(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let calls = "external_id,person_email,kind,happened_at\n\
                 a1,ana@example.com,Call,2026-01-12T09:00:00Z\n\
                 a2,ana@example.com,Call,2026-03-04T08:00:00Z\n";
    let files = [("leads.csv", LEADS), ("activities.csv", calls)];
    let preview = upload(&world, &files);
    preview.submit(&action(&preview, "/confirm"), &[]).is(303);
    let ada = world.as_("ada");
    for page in [ada.get("/record?subject=files"), ada.get("/import")] {
        page.ok()
            .says("leads.csv (leads): 2 new, 0 changed, 0 unchanged, 0 left out")
            .says("activities.csv (activities): 2 new, 0 changed, 0 unchanged, 0 left out, 1 in weeks that were closed");
    }
    let record = ada.get("/record?subject=files");
    assert!(record.body.contains("href=\"/import#before\""));
    // The same again changes nothing: only that it was uploaded is written down.
    let written = || {
        let file = ada.get("/record?subject=files&format=csv").body;
        let lines = file.lines().filter(|line| !line.contains(",uploaded,"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let before = written();
    let preview = upload(&world, &files);
    preview.submit(&action(&preview, "/confirm"), &[]).is(303);
    assert_eq!(written(), before);
    world.as_("max").get("/import").is(403);
}

#[rstest]
fn a_file_with_other_names_is_mapped_by_hand(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let preview = upload(
        &world,
        &[("export.csv", "Adres,Naam\notto@example.com,Otto Ohm\n")],
    );
    preview.ok().says("A file cannot be read as it is");
    let columns = action(&preview, "/columns");
    let preview = preview.submit(&columns, &[("kind", "people")]).follow();
    preview.ok().says("the column email is missing");
    let changes = [("column.email", "Adres"), ("column.name", "Naam")];
    let preview = preview.submit(&columns, &changes).follow();
    preview.ok().says("Every row can be imported");
    preview
        .submit(&action(&preview, "/confirm"), &[])
        .follow()
        .says("Imported: 1 new rows");
    assert_eq!(world.person("otto").name, "Otto Ohm");
}

#[rstest]
fn an_upload_can_be_dropped_and_is_forgotten_after_a_day(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let world = World::new(database);
    let first = upload(&world, &[("people.csv", PEOPLE)]);
    first
        .submit(&action(&first, "/drop"), &[])
        .redirects_to("/import");
    world.as_("ada").get(&first.path).is(404);

    let second = upload(&world, &[("people.csv", PEOPLE)]);
    world.at("2026-03-05T10:00:00Z");
    let third = upload(&world, &[("people.csv", PEOPLE)]);
    touchline::jobs::run(world.app());
    world.as_("ada").get(&second.path).is(404);
    world.as_("ada").get(&third.path).ok();
}

#[rstest]
fn nobody_but_who_uploaded_a_file_sees_it(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    let preview = upload(&world, &[("people.csv", PEOPLE)]);
    let mia = world.person("mia");
    world.write(|tx| {
        people::change(
            tx,
            mia.id,
            (&mia.name, touchline::rules::access::Role::Admin, None),
            None,
        )
    });
    world.as_("mia").get(&preview.path).is(404);
    world
        .as_("mia")
        .post(&action(&preview, "/confirm"), &[])
        .is(404);
    world.as_("ana").get(&preview.path).is(403);
}

#[rstest]
fn an_upload_without_a_file_is_asked_for_again(#[values(Sqlite, Postgres)] database: Database) {
    let world = World::new(database);
    world
        .as_("ada")
        .upload("/import", &[])
        .is(422)
        .says("Choose one or more CSV files");
}
