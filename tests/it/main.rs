mod activities;
mod architecture;
mod database;
mod imports;
mod me;
mod migrations;
mod permissions;
mod rules_properties;
mod setup;
mod signin;
mod strangers;
mod targets;
mod team;
mod today;
mod vectors;
mod working_time;
#[expect(dead_code, reason = "the stories that use the rest are being written")]
mod world;
