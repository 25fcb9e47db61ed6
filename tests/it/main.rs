mod rules_properties;
mod vectors;
