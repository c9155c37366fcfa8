//! What can be measured, each with its one unit.

/// Declares [`Quantity`] from two tables: numbers (variant, name, unit as UCUM
/// writes it, what it is) and flags (variant, name, what `true` means).
macro_rules! quantities {
    (
        numbers { $($number:ident $number_name:literal $unit:literal $what:literal;)* }
        flags { $($flag:ident $flag_name:literal $true:literal;)* }
    ) => {
        /// What is measured, with its unit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Quantity {
            $(#[doc = concat!($what, " (", $unit, ").")] $number,)*
            $(#[doc = concat!("`true`: ", $true, ".")] $flag,)*
        }

        impl Quantity {
            /// All there are, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$number,)* $(Self::$flag,)*];

            /// Name in JSON and in files: `temperature`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$number => $number_name,)*
                    $(Self::$flag => $flag_name,)*
                }
            }

            /// Its one unit, as UCUM writes it, or nothing for counts and flags.
            pub const fn unit(self) -> &'static str {
                match self {
                    $(Self::$number => $unit,)*
                    $(Self::$flag => "",)*
                }
            }

            /// Whether its value is a yes or no.
            pub const fn is_flag(self) -> bool {
                match self {
                    $(Self::$number => false,)*
                    $(Self::$flag => true,)*
                }
            }

            /// What it is or, of a flag, what `true` means.
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$number => $what,)*
                    $(Self::$flag => $true,)*
                }
            }
        }
    };
}

quantities! {
    numbers {
        // Air and climate
        Temperature "temperature" "Cel" "Temperature of the air, or of what a probe touches";
        DewPoint "dew_point" "Cel" "Dew point";
        DeviceTemperature "device_temperature" "Cel" "Temperature inside the device";
        ProbeTemperature "probe_temperature" "Cel" "Temperature of a probe beside the device's own";
        TargetTemperature "target_temperature" "Cel" "Temperature that a thermostat aims at";
        Humidity "humidity" "%" "Relative humidity";
        AbsoluteHumidity "absolute_humidity" "g/m3" "Water in the air";
        Moisture "moisture" "%" "Moisture of soil or material";
        Pressure "pressure" "Pa" "Air pressure";
        Illuminance "illuminance" "lx" "Light";
        LightLevel "light_level" "" "Light on the device's own scale";
        UvIndex "uv_index" "" "Ultraviolet index";
        Co2 "co2" "[ppm]" "Carbon dioxide";
        Co "co" "[ppm]" "Carbon monoxide";
        Voc "voc" "ug/m3" "Volatile organic compounds by mass";
        VocRatio "voc_ratio" "[ppm]" "Volatile organic compounds by share";
        VocIndex "voc_index" "" "Volatile organic compounds as an index, 100 being usual";
        NoxIndex "nox_index" "" "Nitrogen oxides as an index, 1 being usual";
        Pm1 "pm1" "ug/m3" "Particles up to 1 um";
        Pm25 "pm25" "ug/m3" "Particles up to 2.5 um";
        Pm4 "pm4" "ug/m3" "Particles up to 4 um";
        Pm10 "pm10" "ug/m3" "Particles up to 10 um";
        Formaldehyde "formaldehyde" "mg/m3" "Formaldehyde";
        Ammonia "ammonia" "g/m3" "Ammonia";
        CoMass "co_mass" "g/m3" "Carbon monoxide by mass";
        No2Mass "no2_mass" "g/m3" "Nitrogen dioxide by mass";
        No2 "no2" "[ppm]" "Nitrogen dioxide";
        Methane "methane" "[ppm]" "Methane";
        Ozone "ozone" "ug/m3" "Ozone";
        AirQuality "air_quality" "" "Air quality on the device's own scale";
        SoundLevel "sound_level" "dB(A)" "Loudness now";
        SoundAverage "sound_average" "dB(A)" "Loudness on average";
        SoundPeak "sound_peak" "dB(A)" "Greatest loudness";
        DifferentialPressure "differential_pressure" "Pa" "Difference of two pressures";
        Precipitation "precipitation" "mm" "Rain";
        Direction "direction" "deg" "Direction, clockwise from north";
        // People
        Occupants "occupants" "" "People who are there";
        OccupantsCycle "occupants_cycle" "" "Counts up each time the number of people is taken";
        Passages "passages" "" "People who crossed, since the device began to count";
        PassagesIn "passages_in" "" "People who came in, since the device began to count";
        PassagesOut "passages_out" "" "People who went out, since the device began to count";
        PassagesCycle "passages_cycle" "" "Counts up each time the passages change";
        Vehicles "vehicles" "" "Vehicles counted, since the device began to count";
        Objects "objects" "" "Objects of any kind counted, since the device began to count";
        Encounters "encounters" "" "Encounters of two wearers";
        HeartRate "heart_rate" "/min" "Heart beats";
        HeartInterval "heart_interval" "s" "Time between two heart beats";
        EnergyExpended "energy_expended" "J" "Energy that a body spent";
        TargetDistance "target_distance" "m" "Distance of somebody seen by radar";
        TargetEnergy "target_energy" "" "Strength of a radar echo on the device's own scale";
        // Weight, distance, movement
        Mass "mass" "kg" "Weight on a scale or shelf";
        RawMass "raw_mass" "" "Weight in the device's own counts, not calibrated";
        Distance "distance" "m" "Distance to what is before the device";
        DistanceCycle "distance_cycle" "" "Counts up each time the distance is taken";
        Elevation "elevation" "m" "Height above sea level";
        Longitude "longitude" "deg" "Longitude, east being positive";
        Latitude "latitude" "deg" "Latitude, north being positive";
        Speed "speed" "m/s" "Speed";
        Acceleration "acceleration" "m/s2" "Acceleration, axes counted by `nth` where there are several";
        AccelerationX "acceleration_x" "[g]" "Acceleration along x";
        AccelerationY "acceleration_y" "[g]" "Acceleration along y";
        AccelerationZ "acceleration_z" "[g]" "Acceleration along z";
        AccelerationTotal "acceleration_total" "[g]" "Length of the vector of acceleration";
        AngularVelocity "angular_velocity" "deg/s" "Speed of turning, axes counted by `nth` where there are several";
        RotationalSpeed "rotational_speed" "{rev}/min" "Revolutions";
        Rotation "rotation" "deg" "Angle turned";
        Angle "angle" "deg" "Inclination, axes counted by `nth` where there are several";
        MagneticFieldX "magnetic_field_x" "G" "Magnetic field along x";
        MagneticFieldY "magnetic_field_y" "G" "Magnetic field along y";
        MagneticFieldZ "magnetic_field_z" "G" "Magnetic field along z";
        MovementCount "movement_count" "" "Movements so far, on a small wheel";
        MotionState "motion_state" "s" "How long the present state of motion has lasted";
        PreviousMotionState "previous_motion_state" "s" "How long the state of motion before it lasted";
        Position "position" "%" "How far open a cover or valve is";
        Level "level" "%" "How far up something is";
        Count "count" "" "Times that something happened";
        TamperCycle "tamper_cycle" "" "Counts up each time the device is tampered with";
        OccupancyCycle "occupancy_cycle" "" "Counts up each time somebody comes or goes";
        Duration "duration" "s" "How long something took";
        SinceMovement "since_movement" "s" "Time since the last movement";
        SinceTap "since_tap" "s" "Time since the last tap";
        SincePress "since_press" "s" "Time since the last press of the button";
        Presses "presses" "" "Presses of the button so far, on a small wheel";
        // Electricity, water, gas
        Battery "battery" "%" "Charge of the battery";
        BatteryVoltage "battery_voltage" "V" "Voltage of the battery";
        Voltage "voltage" "V" "Voltage";
        Current "current" "A" "Current";
        Power "power" "W" "Power";
        ApparentPower "apparent_power" "V.A" "Apparent power";
        ReactivePower "reactive_power" "{var}" "Reactive power";
        PowerFactor "power_factor" "" "Power factor";
        Energy "energy" "kW.h" "Energy used so far";
        EnergyReturned "energy_returned" "kW.h" "Energy given back so far";
        Frequency "frequency" "Hz" "Frequency";
        Conductivity "conductivity" "uS/cm" "Electrical conductivity";
        Gas "gas" "m3" "Gas used so far";
        Water "water" "L" "Water used so far";
        Volume "volume" "L" "Volume";
        VolumeStored "volume_storage" "L" "Volume in store";
        VolumeFlow "volume_flow_rate" "m3/h" "Flow";
        Brightness "brightness" "" "Brightness of a lamp on the device's own scale";
        ColourTemperature "colour_temperature" "{mired}" "Colour of a lamp's white";
        // The device and its radio
        TxPower "tx_power" "dBm" "Power with which the device sends";
        LinkQuality "link_quality" "" "Quality of the radio link on the network's own scale";
        SignalStrength "signal_strength" "dBm" "How strongly the device hears its network";
        SignalVariance "signal_variance" "dB2" "Variance of the signal strength";
        Advertisements "advertisements" "" "Frames sent since power-on";
        Uptime "uptime" "s" "Time since power-on";
        Interval "interval" "s" "Time between two frames or measurements";
        Sequence "sequence" "" "Number of the measurement or frame, on a wheel";
        PacketId "packet_id" "" "Number of the packet, on a wheel of 256";
        Counter "counter" "" "Counter of encrypted frames, which must rise";
        Channel "channel" "" "Channel";
        Revision "settings_revision" "" "Revision of the device's settings";
        MemoryFree "memory_free" "By" "Memory left";
        DeviceClock "device_clock" "s" "The device's own clock, seconds since 1970 (UTC)";
        Flags "flags" "" "Flags of the device, as a number";
        // Everything that has no better name
        Number "number" "" "A number that its device does not explain";
        Raw "raw" "" "Bytes or text that the device does not explain";
        Text "text" "" "A text that the device shows or sends";
    }
    flags {
        Generic "generic" "on";
        PowerOn "power_on" "there is power, or the switch is on";
        Opening "opening" "open";
        Contact "contact" "the contacts touch: closed";
        Door "door" "open";
        GarageDoor "garage_door" "open";
        Window "window" "open";
        Lock "lock" "unlocked";
        BatteryLow "battery_low" "the battery is nearly empty";
        BatteryCharging "battery_charging" "the battery is being charged";
        CarbonMonoxide "carbon_monoxide" "there is carbon monoxide";
        Cold "cold" "it is cold";
        Connectivity "connectivity" "connected";
        GasDetected "gas_detected" "there is gas";
        Heat "heat" "it is hot";
        Light "light" "there is light";
        Wet "wet" "there is water or moisture";
        Motion "motion" "something moves before the device";
        Moving "moving" "the device itself moves";
        Occupancy "occupancy" "somebody is there";
        Presence "presence" "present";
        Plug "plug" "plugged in";
        Problem "problem" "something is wrong";
        Running "running" "it runs";
        Safety "safety" "safe";
        Smoke "smoke" "there is smoke";
        Sound "sound" "there is a sound";
        Tamper "tamper" "somebody tampered with the device";
        Vibration "vibration" "it shakes";
        Flipped "flipped" "the device lies on its other side";
        FreeFall "free_fall" "the device falls";
        Pressed "pressed" "the button is held down";
        Detected "detected" "something is before the device";
        Input "input" "the wired input is on";
        Output "output" "the wired output is on";
        Calibrating "calibrating" "the device is not yet sure of its values";
        ClockSet "clock_set" "the device's clock has been set";
        ClockError "clock_error" "the device's clock is wrong";
        FirmwareError "firmware_error" "the device's program had an error";
        Encrypted "encrypted" "the frame was encrypted, and a key opened it";
        TriggerBased "trigger_based" "the device speaks only when something happens";
        Stationary "stationary" "the device is fixed to its place";
    }
}

impl Quantity {
    /// The quantity of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|quantity| quantity.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_quantity() {
        for quantity in Quantity::ALL {
            assert_eq!(Quantity::named(quantity.name()), Some(*quantity));
        }
        assert_eq!(Quantity::named("nonsense"), None);
    }
}
