//! A record is written, found again by the name of its test, and left out when it was cut short.

use std::{fs, path::Path};

use record::{Key, Outcome, Record, Weather, file_name, read_sealed};

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
    let key = Key::fresh();
    passed(whole).write_sealed(&folder, &key).unwrap();
    passed(cut).write_sealed(&folder, &key).unwrap();
    let file = folder.join("step_2_b.is_killed.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();

    let all = read_sealed(&folder, &key);

    assert_eq!(file_name(whole), "step_1_a.ends.json");
    assert_eq!(all.records.keys().collect::<Vec<_>>(), [whole]);
    assert!(all.foreign.is_empty(), "what was cut short is nobody's");
    assert_eq!(Record::read(&folder, whole).unwrap().ended_ms, 7);
    assert!(Record::read(&folder, cut).is_err(), "half a record is none");
    assert!(Record::read(&folder, "step_3_c::never_ran").is_err(), "no file");
}

#[test]
fn a_record_counts_when_it_has_the_seal_of_this_run() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("seals");
    _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let key = Key::fresh();
    key.lay(&folder).unwrap();
    let taken = Key::take(&folder).unwrap();
    assert!(Key::take(&folder).is_none(), "there is one key, and it is taken once");
    let [kept, bare, changed, copied, old] =
        ["step_1_a::x", "step_1_b::x", "step_1_c::x", "step_1_d::x", "step_1_e::x"];
    passed(kept).write_sealed(&folder, &taken).unwrap();
    passed(bare).write(&folder).unwrap();
    passed(changed).write_sealed(&folder, &taken).unwrap();
    Record { ended_ms: 8, ..passed(changed) }.write(&folder).unwrap();
    passed(copied).write(&folder).unwrap();
    let seal = |test| folder.join(file_name(test)).with_extension("seal");
    fs::copy(seal(kept), seal(copied)).unwrap();
    passed(old).write_sealed(&folder, &Key::fresh()).unwrap();

    let all = read_sealed(&folder, &key);

    assert_eq!(all.records.keys().collect::<Vec<_>>(), [kept]);
    assert_eq!(all.foreign, [bare, changed, copied, old], "somebody else's");
}
