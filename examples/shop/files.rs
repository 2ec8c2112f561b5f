//! How many files this process may have open. A connection is one.

/// Lowers the limit of this process.
///
/// # Errors
///
/// A sentence that says why not.
#[cfg(all(unix, feature = "port"))]
pub fn limit(files: u64) -> Result<(), String> {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    if limit.maximum.is_some_and(|most| files > most) {
        return Err(format!("the system allows no {files} open files"));
    }
    limit.current = Some(files);
    let set = setrlimit(Resource::Nofile, limit);
    set.map_err(|error| format!("the limit of open files stays: {error}"))
}

/// There is no such limit here.
///
/// # Errors
///
/// Always.
#[cfg(not(all(unix, feature = "port")))]
pub fn limit(files: u64) -> Result<(), String> {
    Err(format!("this system cannot limit a process to {files} open files"))
}
