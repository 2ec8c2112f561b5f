//! A record is written, found again by the name of its test, and left out when it was cut short.

use std::{fs, path::Path};

use record::{Outcome, Record, Weather, file_name, read_all};

fn passed(test: &str) -> Record {
    Record {
        test: test.to_owned(),
        rule: "c.1".to_owned(),
        outcome: Outcome::Passed,
        kind: None,
        message: String::new(),
        difference: None,
        seed: 0,
        weather: Weather::Calm,
        ended_ms: 7,
        lanes: vec![],
        events: vec![],
        expected: None,
        scene: None,
        report: None,
    }
}

#[test]
fn what_was_written_is_read_and_what_was_cut_short_is_left_out() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("records");
    fs::create_dir_all(&folder).unwrap();
    let (whole, cut) = ("step_1_a::ends", "step_2_b::is_killed");
    passed(whole).write(&folder).unwrap();
    passed(cut).write(&folder).unwrap();
    let file = folder.join("step_2_b.is_killed.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();

    let all = read_all(&folder);

    assert_eq!(file_name(whole), "step_1_a.ends.json");
    assert_eq!(all.keys().collect::<Vec<_>>(), [whole]);
    assert_eq!(Record::read(&folder, whole).unwrap().ended_ms, 7);
    assert!(Record::read(&folder, cut).is_err(), "half a record is none");
    assert!(Record::read(&folder, "step_3_c::never_ran").is_err(), "no file");
}
