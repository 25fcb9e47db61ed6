mod architecture;
mod rules_properties;
mod vectors;
