//! Reading a row of bytes from its front, never past its end.

/// What is left of a row of bytes.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    /// How many bytes are left.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is left.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next `N` bytes, as an array.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    /// Everything that is left.
    pub const fn rest(&mut self) -> &'a [u8] {
        let rest = self.0;
        self.0 = &[];
        rest
    }

    /// One byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]: [u8; 1]| byte)
    }

    /// One byte with a sign.
    pub fn i8(&mut self) -> Option<i8> {
        self.array().map(i8::from_be_bytes)
    }

    /// Two bytes, most significant first.
    pub fn be16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// Two bytes with a sign, most significant first.
    pub fn be16_signed(&mut self) -> Option<i16> {
        self.array().map(i16::from_be_bytes)
    }

    /// Four bytes, most significant first.
    pub fn be32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// Two bytes, least significant first.
    pub fn le16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// Two bytes with a sign, least significant first.
    pub fn le16_signed(&mut self) -> Option<i16> {
        self.array().map(i16::from_le_bytes)
    }

    /// Four bytes, least significant first.
    pub fn le32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// Up to eight bytes, least significant first.
    pub fn le(&mut self, count: usize) -> Option<u64> {
        let bytes = self.take(count.min(8))?;
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |whole, byte| whole << 8 | u64::from(*byte)),
        )
    }

    /// Up to eight bytes with a sign, least significant first.
    pub fn le_signed(&mut self, count: usize) -> Option<i64> {
        let count = count.min(8);
        let unused = 64 - 8 * u32::try_from(count.max(1)).unwrap_or(8);
        Some(self.le(count)?.cast_signed() << unused >> unused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_either_order_and_never_past_the_end() {
        let mut bytes = Cursor(&[0xFE, 0xFF, 0x01, 0x02, 0xFF, 0xFF, 0xFE]);
        assert_eq!(bytes.le16_signed(), Some(-2));
        assert_eq!(bytes.be16(), Some(0x0102));
        assert_eq!(bytes.clone().le(3), Some(0xFE_FFFF));
        assert_eq!(bytes.clone().le_signed(3), Some(-65_537));
        assert_eq!(bytes.le(4), None);
        assert_eq!(bytes.len(), 3);
        assert_eq!(bytes.le_signed(0), Some(0));
    }
}
