//! The keys that customers show.

use super::role::{ADMIN, READER, Role, matches_in_constant_time};

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
        matches_in_constant_time(self.0, given)
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
