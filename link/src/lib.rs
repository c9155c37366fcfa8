//! One MQTT session over rumqttc that survives its broker.
