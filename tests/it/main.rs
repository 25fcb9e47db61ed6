mod activities;
mod architecture;
mod handover;
mod leads;
mod migrations;
mod rules_properties;
mod signin;
mod today;
mod vectors;
mod working_time;
#[expect(dead_code, reason = "the stories that use the rest are being written")]
mod world;
