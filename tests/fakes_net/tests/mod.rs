//! The fakes of the network, tested: what they promise, they keep under every seed.

mod small;
mod whole;
mod wrong;
