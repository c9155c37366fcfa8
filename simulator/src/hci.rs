//! A Bluetooth controller as a host sees it over a serial line: enough of one
//! for real firmware to scan with, so that it hears simulated shoppers.
//!
//! Bluetooth Core 5.4, Vol 4: Part A (UART transport, "H4") and Part E (host
//! controller interface). Pure: bytes in, bytes out.

use crate::dialect::scanner::Packet;

/// Packets of the transport (Part A, table 2.1).
const COMMAND: u8 = 0x01;
const EVENT: u8 = 0x04;
/// Events (Part E, 7.7).
const COMMAND_COMPLETE: u8 = 0x0E;
const LE_META: u8 = 0x3E;
const LE_ADVERTISING_REPORT: u8 = 0x02;
/// Codes of errors (Vol 1, Part F).
const SUCCESS: u8 = 0x00;
const UNKNOWN_COMMAND: u8 = 0x01;
/// Commands (Part E, 7.3 to 7.8): what a scanning host sends.
const RESET: u16 = 0x0C03;
const SET_EVENT_MASK: u16 = 0x0C01;
const SET_EVENT_MASK_2: u16 = 0x0C63;
const HOST_BUFFER_SIZE: u16 = 0x0C33;
const READ_ADDRESS: u16 = 0x1009;
const LE_SET_EVENT_MASK: u16 = 0x2001;
const LE_READ_BUFFER_SIZE: u16 = 0x2002;
const LE_SET_RANDOM_ADDRESS: u16 = 0x2005;
const LE_SET_SCAN_PARAMETERS: u16 = 0x200B;
const LE_SET_SCAN_ENABLE: u16 = 0x200C;
const LE_READ_FILTER_LIST_SIZE: u16 = 0x200F;
/// Longest advertising data of a legacy packet, bytes (Vol 6, Part B, 2.3.1).
const AD_MAX: usize = 31;
/// Head of a command: packet, opcode, length of its parameters.
const HEAD: usize = 4;

/// One controller.
#[derive(Debug, Clone, Default)]
pub struct Controller {
    is_scanning: bool,
    /// A command that has not come in whole yet: 258 bytes at most.
    pending: Vec<u8>,
    garbage: u64,
}

impl Controller {
    /// Whether the host has switched scanning on.
    pub const fn is_scanning(&self) -> bool {
        self.is_scanning
    }

    /// Bytes that were part of no command.
    pub const fn garbage(&self) -> u64 {
        self.garbage
    }

    /// Takes in what the host sent, in pieces of any size, and appends what the
    /// controller answers.
    pub fn receive(&mut self, bytes: &[u8], answers: &mut Vec<u8>) {
        for byte in bytes {
            if self.pending.is_empty() && *byte != COMMAND {
                self.garbage += 1;
                continue;
            }
            self.pending.push(*byte);
            let is_whole = |pending: &[u8]| {
                let length = pending.get(HEAD - 1).copied();
                length.is_some_and(|length| pending.len() == HEAD + usize::from(length))
            };
            if is_whole(&self.pending) {
                let command = std::mem::take(&mut self.pending);
                let opcode = u16::from_le_bytes([command[1], command[2]]);
                self.obey(opcode, &command[HEAD..], answers);
            }
        }
    }

    /// Appends the report of one packet that the radio heard, if the host scans.
    /// Returns whether it did.
    pub fn report(&self, packet: &Packet, rssi_dbm: i8, out: &mut Vec<u8>) -> bool {
        if !self.is_scanning || packet.ad.len() > AD_MAX {
            return false;
        }
        let mut address = packet.address.0;
        address.reverse();
        let length = 12 + packet.ad.len();
        out.extend_from_slice(&[EVENT, LE_META, length as u8, LE_ADVERTISING_REPORT, 1]);
        // Connectable and scannable undirected: what beacons and phones send.
        out.extend_from_slice(&[0x00, u8::from(packet.is_random)]);
        out.extend_from_slice(&address);
        out.push(packet.ad.len() as u8);
        out.extend_from_slice(&packet.ad);
        out.extend_from_slice(&rssi_dbm.to_le_bytes());
        true
    }

    fn obey(&mut self, opcode: u16, parameters: &[u8], answers: &mut Vec<u8>) {
        match opcode {
            RESET => self.is_scanning = false,
            LE_SET_SCAN_ENABLE => self.is_scanning = parameters.first() == Some(&1),
            _ => {}
        }
        let results: &[u8] = match opcode {
            RESET
            | SET_EVENT_MASK
            | SET_EVENT_MASK_2
            | HOST_BUFFER_SIZE
            | LE_SET_EVENT_MASK
            | LE_SET_RANDOM_ADDRESS
            | LE_SET_SCAN_PARAMETERS
            | LE_SET_SCAN_ENABLE => &[SUCCESS],
            // 251 bytes each, eight of them.
            LE_READ_BUFFER_SIZE => &[SUCCESS, 251, 0, 8],
            LE_READ_FILTER_LIST_SIZE => &[SUCCESS, 8],
            READ_ADDRESS => &[SUCCESS, 0x01, 0x00, 0x00, 0x00, 0x00, 0xC0],
            _ => &[UNKNOWN_COMMAND],
        };
        let length = 3 + results.len();
        // One more command may be sent at once.
        answers.extend_from_slice(&[EVENT, COMMAND_COMPLETE, length as u8, 1]);
        answers.extend_from_slice(&opcode.to_le_bytes());
        answers.extend_from_slice(results);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::beacon::Address;

    const SCAN: [u8; 6] = [0x01, 0x0C, 0x20, 0x02, 0x01, 0x00];

    fn answers(controller: &mut Controller, bytes: &[u8]) -> Vec<u8> {
        let mut answers = Vec::new();
        controller.receive(bytes, &mut answers);
        answers
    }

    #[test]
    fn what_a_scanning_host_asks_is_answered() {
        for (command, expected) in [
            (
                &[0x01, 0x03, 0x0C, 0x00][..],
                &[0x04, 0x0E, 0x04, 1, 0x03, 0x0C, 0][..],
            ),
            (
                &[0x01, 0x02, 0x20, 0x00],
                &[0x04, 0x0E, 0x07, 1, 0x02, 0x20, 0, 251, 0, 8],
            ),
            (
                &[0x01, 0x0F, 0x20, 0x00],
                &[0x04, 0x0E, 0x05, 1, 0x0F, 0x20, 0, 8],
            ),
            (&SCAN, &[0x04, 0x0E, 0x04, 1, 0x0C, 0x20, 0]),
            // LE Rand is none of a scanner's.
            (
                &[0x01, 0x18, 0x20, 0x00],
                &[0x04, 0x0E, 0x04, 1, 0x18, 0x20, 1],
            ),
        ] {
            assert_eq!(answers(&mut Controller::default(), command), expected);
        }
    }

    #[test]
    fn commands_come_in_pieces_and_behind_garbage() {
        let mut controller = Controller::default();
        assert!(answers(&mut controller, &[0xFF, 0x00, 0x55]).is_empty());
        for byte in &SCAN[..5] {
            assert!(answers(&mut controller, &[*byte]).is_empty());
        }
        assert!(!controller.is_scanning());
        assert_eq!(answers(&mut controller, &SCAN[5..]).len(), 7);
        assert!(controller.is_scanning());
        assert_eq!(controller.garbage(), 3);
    }

    #[test]
    fn packets_are_reported_only_while_the_host_scans() {
        let packet = Packet {
            address: Address([0xC0, 1, 2, 3, 4, 5]),
            is_random: true,
            rssi_dbm: -70.0,
            ad: vec![0x02, 0x01, 0x06],
        };
        let mut controller = Controller::default();
        let mut out = Vec::new();
        assert!(!controller.report(&packet, -70, &mut out));
        answers(&mut controller, &SCAN);
        assert!(controller.report(&packet, -70, &mut out));
        let expected = [
            0x04, 0x3E, 15, 0x02, 1, 0x00, 0x01, 5, 4, 3, 2, 1, 0xC0, 3, 0x02, 0x01, 0x06, 0xBA,
        ];
        assert_eq!(out, expected);
        answers(&mut controller, &[0x01, 0x03, 0x0C, 0x00]);
        assert!(
            !controller.report(&packet, -70, &mut out),
            "a reset ends the scan"
        );
    }
}
