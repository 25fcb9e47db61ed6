//! Touchline: a prospecting habit tracker with metrics. See ARCHITECTURE.md.

pub mod activities;
pub mod app;
pub mod assets;
pub mod audit;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod config;
pub mod csv_out;
pub mod db;
pub mod error;
pub mod form;
pub mod leads;
pub mod lists;
pub mod page;
pub mod people;
pub mod routes;
pub mod rules;
pub mod schema;
pub mod server;
pub mod setup;
pub mod signin;
pub mod urls;
pub mod value;
