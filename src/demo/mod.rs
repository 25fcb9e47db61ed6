//! `serve --demo`: a made-up team with half a year of work behind it, on a database that is thrown away.

mod cast;
mod dice;
mod files;
mod life;
mod market;
mod plot;
mod routine;
mod setting;
mod story;
mod targets;
