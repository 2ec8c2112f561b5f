//! The two keys there are, what they open, and how one is compared.

/// A key of a [`Role::Reader`].
pub const READER: &str = "reader-4f1c9a";

/// A key of a [`Role::Admin`]. It begins like no other.
pub const ADMIN: &str = "admin-77e0b2";

/// What the owner of a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Look.
    Reader,
    /// Look and change.
    Admin,
}

/// Whether `given` is this key. It looks at every byte of `given`, wherever the two differ, so the time it takes tells
/// nothing about the key but its length.
pub(crate) fn matches_in_constant_time(own: &str, given: &[u8]) -> bool {
    let own = own.as_bytes();
    let mut difference = own.len() ^ given.len();
    for (n, byte) in given.iter().enumerate() {
        difference |= usize::from(byte ^ own[n % own.len()]);
    }
    difference == 0
}
