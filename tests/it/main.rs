mod activities;
mod architecture;
mod calendar;
mod migrations;
mod people;
mod rules_properties;
mod signin;
mod today;
mod vectors;
mod working_time;
#[expect(dead_code, reason = "the stories that use the rest are being written")]
mod world;
