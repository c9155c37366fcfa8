//! Who gives way where something bounded is full, so that whoever comes with many
//! connections or codes cannot keep out somebody who comes with one.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
};

/// Where somebody asks from: of IPv6 a whole network, or each of its 2^64
/// addresses could begin anew.
pub fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Which of what networks hold gives way: of those who hold most, whatever comes first.
/// So as long as there are fewer networks than places, somebody holds two, and whoever
/// holds one keeps it.
pub fn gives_way<O: Ord + Copy>(held: impl Iterator<Item = (IpAddr, O)> + Clone) -> Option<O> {
    let mut counts: HashMap<IpAddr, usize> = HashMap::new();
    for (whose, _) in held.clone() {
        *counts.entry(whose).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    let of_most = held.filter(|(whose, _)| counts[whose] == most);
    of_most.map(|(_, order)| order).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_whoever_holds_most_gives_way() {
        let [a, b, c] = [1, 2, 3].map(|last| IpAddr::from([10, 0, 0, last]));
        for (held, expected) in [
            (vec![], None),
            (vec![(a, 1)], Some(1)),
            (vec![(a, 2), (b, 1)], Some(1)),
            (vec![(a, 1), (b, 3), (b, 2)], Some(2)),
            (vec![(a, 1), (a, 6), (b, 3), (b, 2), (c, 0)], Some(1)),
        ] {
            assert_eq!(gives_way(held.iter().copied()), expected, "{held:?}");
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_and_ipv4_within_ipv6_is_ipv4() {
        for (address, of) in [
            ("10.0.0.7", "10.0.0.7"),
            ("::ffff:10.0.0.7", "10.0.0.7"),
            ("2001:db8:0:1:2::3", "2001:db8:0:1::"),
        ] {
            let [address, of] = [address, of].map(|text| text.parse().unwrap());
            assert_eq!(network(address), of);
        }
    }
}
