//! Repeatable chance (splitmix64): the same seed asks for the same things in the same order.

pub struct Chance(u64);

impl Chance {
    /// A stream of its own for each `purpose`.
    pub const fn new(seed: u64, purpose: u64) -> Self {
        Self(seed ^ purpose.wrapping_mul(0xa076_1d64_78bd_642f))
    }

    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` up to, but not including, `high`.
    pub const fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low)
    }

    /// A UUIDv7 of this moment.
    pub fn id(&mut self, unix_ms: u64) -> String {
        let (high, low) = (self.next(), self.next());
        let (variant, tail) = (0x8000 | (high >> 16) & 0x3fff, low & 0xffff_ffff_ffff);
        format!("{:08x}-{:04x}-7{:03x}-{variant:04x}-{tail:012x}", unix_ms >> 16, unix_ms & 0xffff, high & 0xfff)
    }
}
