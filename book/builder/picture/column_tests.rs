use record::Record;

use super::{Columns, columns, tests::told};

fn columned(
    solution: &Record,
    mistake: Option<(&str, &Record)>,
    series: &[&str],
) -> Result<String, String> {
    let series: Vec<String> = series.iter().map(|name| (*name).into()).collect();
    let (id, test, series) = ("tl-x", "step_1_a::b", series.as_slice());
    columns(&Columns { id, test, series, solution, mistake })
}

#[test]
fn columns_are_a_histogram_of_what_a_lane_tells() {
    let right = told(&[(10, "## 20"), (20, "# 8")], 40);
    let wrong = told(&[(30, "### 28")], 40);

    let html = columned(&right, Some(("all_at_once", &wrong)), &["calls"]).unwrap();

    assert_eq!(html.matches("<rect class=\"tl-column\"").count(), 3);
    assert!(
        html.contains(
            "how many calls: at most 20 in the upper chart, at most 28 in the lower."
        ),
        "{html}"
    );
    assert!(html.contains("calls of a right answer and all_at_once in step_1_a::b"));
    assert!(html.contains("a right answer: crowd: up to 10 ms, 20 calls;"));
    assert!(html.contains("<td>a right answer: crowd</td><td>20 ms</td><td>8</td>"));
    assert!(!html.contains("##"), "numbers are enough: {html}");
}

#[test]
fn two_names_are_columns_beside_each_other_and_none_has_no_column() {
    let run =
        told(&[(2000, "9, and 11 late"), (2100, "in all 9, and 0 late")], 2100);

    let html = columned(&run, None, &["in time", "late"]).unwrap();

    assert_eq!(html.matches("tl-second").count(), 2, "one, and the legend");
    assert!(html.contains("fill:url(#tl-x-hatch)"), "hatched beside its colour");
    assert!(html.contains("id=\"tl-x-hatch\""));
    let counted = "The columns show how many in time and how many late.";
    assert!(html.contains(counted), "{html}");
}

#[test]
fn columns_without_their_numbers_are_refused() {
    let run = told(&[(10, "nine")], 20);
    assert!(
        columned(&run, None, &["calls"]).unwrap_err().contains("tells 0 numbers")
    );

    let run = told(&[(500, "1000"), (501, "1001"), (502, "1002")], 1000);
    assert!(
        columned(&run, None, &["calls"]).unwrap_err().contains("no room for 1001")
    );
}
