//! The keys that clients show.

use std::sync::Arc;

use kit::{Gauge, Live, World};

use crate::role::{ADMIN, READER, Role, matches_in_constant_time};

/// The keys that a service knows. Its clones are the same keys. Whether `bearer` in front of one is as good as `Bearer`
/// is open.
#[derive(Clone)]
pub struct Keys(Arc<Inner>);

struct Inner {
    all: [(Secret, Role); 2],
    hasty: Gauge,
}

impl Keys {
    /// [`READER`] and [`ADMIN`].
    pub fn new(world: &World) -> Self {
        let hasty = world.gauge();
        let secret =
            |text| Secret { text, world: world.clone(), hasty: hasty.clone() };
        let all = [(secret(READER), Role::Reader), (secret(ADMIN), Role::Admin)];
        Keys(Arc::new(Inner { all, hasty }))
    }

    /// Each key, and what its owner may do.
    pub fn iter(&self) -> impl Iterator<Item = (&Secret, Role)> {
        self.0.all.iter().map(|(secret, role)| (secret, *role))
    }

    /// Whether a key was ever compared by `==`, which is done the sooner the earlier the two differ.
    pub fn were_compared_hastily(&self) -> bool {
        self.0.hasty.peak() > 0
    }
}

/// A key that tells how it is compared, and prints nothing of itself.
pub struct Secret {
    text: &'static str,
    world: World,
    hasty: Gauge,
}

impl Secret {
    /// Whether `given` is this key. It looks at every byte of `given`, wherever the two differ, so the time it takes
    /// tells nothing about the key but its length.
    pub fn matches_in_constant_time(&self, given: &[u8]) -> bool {
        matches_in_constant_time(self.text, given)
    }
}

impl PartialEq<str> for Secret {
    fn eq(&self, given: &str) -> bool {
        let _counted: Live = self.hasty.enter();
        let pairs = self.text.bytes().zip(given.bytes());
        let same = pairs.take_while(|(own, given)| own == given).count();
        // Why made here: a lane on which nothing happens is only in the way.
        self.world.lane("keys").log(format!("`==` stops after {same} bytes"));
        self.text == given
    }
}

impl PartialEq<&str> for Secret {
    fn eq(&self, given: &&str) -> bool {
        *self == **given
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}
