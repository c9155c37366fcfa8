//! Where we say something else than a vector's source, and why.

/// Vector, its field, reason.
pub const DIFFERENCES: &[(&str, &str, &str)] = &[
    (
        "B0813",
        "seconds_since_boot",
        "beacontools takes tenths of a second for seconds; eddystone-tlm/tlm-plain.md: 0.1 s",
    ),
    (
        "B0814",
        "mic",
        "the structure ends before it, and beacontools reads on past its end",
    ),
    (
        "B0814",
        "salt",
        "the structure ends before it, and beacontools reads on past its end",
    ),
    (
        "B0598",
        "illuminance",
        "the frame holds two, of solar cell and sensor: we say both, the source keeps the last",
    ),
    (
        "B0746",
        "position[2]",
        "the source takes a number of storeys (kind 2 of RFC 6225) for metres",
    ),
    (
        "B0698",
        "acceleration",
        "the source forgets to turn m/s2 into g for object 0x63, as it does for 0x51",
    ),
    (
        "B0632",
        "volatileOrganicCompoundsConcentration",
        "an estimate made of the index by a formula; we say the index that was sent",
    ),
    (
        "B0983",
        "decoded.sound_avg_dba",
        "the byte is reserved by now and all ones: 120 dB would be shouting",
    ),
];
