//! Which rows of a long timeline are shown.

/// One line of the picture.
#[derive(Default)]
pub(crate) struct Row {
    /// `None` in a line that stands for rows left out.
    pub(crate) at_ms: Option<u64>,
    pub(crate) cells: Vec<String>,
    /// It is one of the events that were asked for.
    pub(crate) counts: bool,
    /// Here expectation and run part.
    pub(crate) parts: bool,
    /// It is the first that parts.
    pub(crate) differs: bool,
    /// What begins or ends here.
    pub(crate) span: Option<u32>,
    /// It tells of whatever the difference is about.
    pub(crate) is_of_it: bool,
}

/// Of how many rows at most a difference may be about something: of more than these, none says more than the others.
const FEW: usize = 6;

/// Marks the rows that tell of what `difference` is about, the first thing in it that has a number: `request 2`.
pub(crate) fn mark_what_it_is_about(rows: &mut [Row], difference: &str) {
    let words: Vec<_> = difference.split(' ').collect();
    let is_it = |pair: &&[&str]| {
        pair[0].chars().all(char::is_alphabetic) && pair[1].parse::<u64>().is_ok()
    };
    let Some(it) = words.windows(2).find(is_it) else { return };
    let is_of_it = |row: &Row| {
        row.cells.iter().any(|cell| {
            cell.split(' ').collect::<Vec<_>>().windows(2).any(|pair| pair == it)
        })
    };
    let of_it: Vec<_> = (0..rows.len()).filter(|i| is_of_it(&rows[*i])).collect();
    if of_it.len() <= FEW {
        of_it.into_iter().for_each(|i| rows[i].is_of_it = true);
    }
}

/// Keeps the rows that say most, in at most `lines` lines: the differences, and what they are about, what happens on
/// lanes where little happens, the beginning, the end, and what is near the first difference or ends near it.
pub(crate) fn shorten(rows: Vec<Row>, lines: usize) -> Vec<Row> {
    if rows.len() <= lines {
        return rows;
    }
    let mut order: Vec<usize> = (0..rows.len()).collect();
    // Where there is little room, what is near the difference says more.
    let ends = if lines < 12 { 1 } else { 3 };
    let weights = weights(&rows, ends);
    order.sort_by_key(|&i| std::cmp::Reverse(weights[i]));
    let mut kept = lines;
    loop {
        let mut chosen = order[..kept].to_vec();
        chosen.sort_unstable();
        fill_single_gaps(&mut chosen, rows.len());
        let gaps = chosen.windows(2).filter(|pair| pair[1] > pair[0] + 1).count()
            + usize::from(chosen[0] > 0)
            + usize::from(chosen[chosen.len() - 1] + 1 < rows.len());
        if chosen.len() + gaps <= lines || kept == 1 {
            return with_gaps(rows, &chosen);
        }
        kept -= 1;
    }
}

/// One row that is left out takes the line that says so.
fn fill_single_gaps(chosen: &mut Vec<usize>, rows: usize) {
    let is_kept = |i: usize| chosen.binary_search(&i).is_ok();
    let alone = |i: &usize| {
        !is_kept(*i)
            && (*i == 0 || is_kept(i - 1))
            && (i + 1 == rows || is_kept(i + 1))
    };
    let single: Vec<_> = (0..rows).filter(alone).collect();
    chosen.extend(single);
    chosen.sort_unstable();
}

/// `ends` is how many rows at the beginning count as such; at the end there are two at most.
fn weights(rows: &[Row], ends: usize) -> Vec<usize> {
    let last = rows.len() - 1;
    let focus = rows.iter().position(|row| row.differs).unwrap_or(last);
    let columns = rows[0].cells.len();
    let busy =
        |column: usize| rows.iter().filter(|r| !r.cells[column].is_empty()).count();
    let quiet: Vec<bool> = (0..columns).map(|column| busy(column) <= 3).collect();
    // What begins and ends in one instant has no beginning worth a line of its own.
    let last_of = |row: &Row| {
        let it = rows.iter().rposition(|it| it.span == row.span);
        it.filter(|it| row.span.is_some() && rows[*it].at_ms != row.at_ms)
    };
    let weight = |(i, row): (usize, &Row)| {
        let rare = (0..columns).any(|c| quiet[c] && !row.cells[c].is_empty());
        // What parts is as good as what is near to where it begins.
        let parts = if row.parts { 48 } else { 0 };
        let far = i.abs_diff(focus);
        let far = last_of(row).map_or(far, |end| far.min(end.abs_diff(focus)));
        let near = 50_usize.saturating_sub(far).max(parts);
        let ends = usize::from(i < ends || i + ends.min(2) > last);
        usize::from(row.differs) * 1_000
            + usize::from(rare || row.is_of_it) * 200
            + ends * 100
            + near
    };
    rows.iter().enumerate().map(weight).collect()
}

fn with_gaps(rows: Vec<Row>, chosen: &[usize]) -> Vec<Row> {
    let gap = |n: usize| Row {
        at_ms: None,
        cells: vec![format!("({n} more rows)")],
        ..Row::default()
    };
    let (mut kept, mut left_out) = (vec![], 0);
    for (i, row) in rows.into_iter().enumerate() {
        if chosen.binary_search(&i).is_err() {
            left_out += 1;
            continue;
        }
        if left_out > 0 {
            kept.push(gap(std::mem::take(&mut left_out)));
        }
        kept.push(row);
    }
    if left_out > 0 {
        kept.push(gap(left_out));
    }
    kept
}
