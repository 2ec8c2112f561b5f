//! What was meant by a mistyped name.

/// How alike two words must be, from 0 to 1: what clap asks for when an option is mistyped.
const ALIKE: f64 = 0.7;

/// Up to three of `names`, nearest to `typed` first; empty when nothing is near.
pub fn nearest<'a>(
    typed: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Vec<String> {
    let mut near: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (strsim::jaro(typed, name), name))
        .filter(|(alike, _)| *alike > ALIKE)
        .collect();
    near.sort_by(|left, right| right.0.total_cmp(&left.0));
    near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}
