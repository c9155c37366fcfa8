//! Access to device registers.

/// A 32-bit register of a device.
#[derive(Clone, Copy)]
pub struct Register(usize);

impl Register {
    /// # Safety
    /// A register of a device must be at this address, which nothing but this
    /// crate uses.
    pub const unsafe fn at(address: usize) -> Self {
        Self(address)
    }

    /// The register that lies `bytes` further.
    ///
    /// # Safety
    /// It must belong to the same device.
    #[must_use]
    pub const unsafe fn further(self, bytes: usize) -> Self {
        Self(self.0 + bytes)
    }

    /// What it holds.
    pub fn read(self) -> u32 {
        // SAFETY: whoever made it has seen to it that this is a register.
        unsafe { core::ptr::with_exposed_provenance::<u32>(self.0).read_volatile() }
    }

    /// Writes it.
    pub fn write(self, value: u32) {
        // SAFETY: as above.
        unsafe { core::ptr::with_exposed_provenance_mut::<u32>(self.0).write_volatile(value) }
    }

    /// Sets these bits and leaves the others.
    pub fn set(self, bits: u32) {
        self.write(self.read() | bits);
    }

    /// Clears these bits and leaves the others.
    pub fn clear(self, bits: u32) {
        self.write(self.read() & !bits);
    }
}
