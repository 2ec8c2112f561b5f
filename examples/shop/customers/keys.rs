//! The keys that customers show.

/// A key of a [`Role::Reader`].
pub const READER: &str = "reader-4f1c9a";

/// A key of a [`Role::Admin`].
pub const ADMIN: &str = "admin-77e0b2";

/// What the owner of a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Look.
    Reader,
    /// Look and change.
    Admin,
}

/// The keys that a service knows.
#[derive(Clone)]
pub struct Keys([(Secret, Role); 2]);

impl Keys {
    /// [`READER`] and [`ADMIN`].
    pub(crate) fn both() -> Self {
        Keys([(Secret(READER), Role::Reader), (Secret(ADMIN), Role::Admin)])
    }

    /// Each key, and what its owner may do.
    pub fn iter(&self) -> impl Iterator<Item = (&Secret, Role)> {
        self.0.iter().map(|(secret, role)| (secret, *role))
    }
}

/// A key that prints nothing of itself.
#[derive(Clone)]
pub struct Secret(&'static str);

impl Secret {
    /// Whether `given` is this key. It looks at every byte of `given`, wherever the two differ.
    pub fn matches_in_constant_time(&self, given: &[u8]) -> bool {
        let own = self.0.as_bytes();
        let mut difference = own.len() ^ given.len();
        for (n, byte) in given.iter().enumerate() {
            difference |= usize::from(byte ^ own[n % own.len()]);
        }
        difference == 0
    }
}

impl PartialEq<str> for Secret {
    fn eq(&self, given: &str) -> bool {
        self.0 == given
    }
}

impl PartialEq<&str> for Secret {
    fn eq(&self, given: &&str) -> bool {
        self.0 == *given
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}
