mod architecture;
mod rules_properties;
mod vectors;
mod working_time;
