//! The fakes, tested: what they promise, they keep under every seed.

mod load;
mod requests;
mod small;
mod tower;
