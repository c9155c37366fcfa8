//! MQTT messages of sensors.
