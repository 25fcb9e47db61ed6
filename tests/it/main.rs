mod activities;
mod architecture;
mod me;
mod migrations;
mod rules_properties;
mod signin;
mod targets;
mod team;
mod today;
mod vectors;
mod working_time;
#[expect(dead_code, reason = "the stories that use the rest are being written")]
mod world;
