//! Hashes that mean the same tomorrow, with another compiler: of files, and of what an answer did.

use std::{fs, io, path::Path};

const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x100_0000_01b3;

/// FNV-1a of some bytes.
pub fn fnv(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let eat = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
    bytes.into_iter().fold(FNV_BASIS, eat)
}

/// The hash of what comes `first` and of these files, from the root. Line endings do not matter.
///
/// # Errors
///
/// One of the files cannot be read.
// Why not FNV-1a: a save waits for it, this package is compiled without care, and a byte a turn takes three times
// as long.
pub fn files(
    root: &Path,
    first: &str,
    files: impl IntoIterator<Item = String>,
) -> io::Result<u64> {
    let mut hash = mixed(FNV_BASIS, first.as_bytes());
    for file in files {
        let mut text = fs::read(root.join(&file))?;
        if text.contains(&b'\r') {
            text.retain(|byte| *byte != b'\r');
        }
        hash = mixed(mixed(hash, file.as_bytes()), &text);
    }
    Ok(hash)
}

/// As FNV-1a, eight bytes a turn. The turn of the bits takes a difference in a high byte to the low ones; the length
/// keeps two lists of texts apart that are one when written in a row.
fn mixed(hash: u64, bytes: &[u8]) -> u64 {
    let mut hash = hash ^ bytes.len() as u64;
    for word in bytes.chunks(8) {
        let mut padded = [0; 8];
        padded[..word.len()].copy_from_slice(word);
        hash = (hash ^ u64::from_le_bytes(padded)).wrapping_mul(FNV_PRIME);
        hash = hash.rotate_left(32);
    }
    hash
}
