//! The structure that docs/architecture.md promises.

use std::fs;
use std::path::Path;

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).expect("text")));
        }
    }
}

/// Lines of code that import or name another room; comments may speak of it.
fn mentions(room: &str, other: &str) -> Vec<String> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut found);
    assert!(!found.is_empty());
    found
        .iter()
        .flat_map(|(path, text)| {
            text.lines()
                .filter(|line| !line.trim_start().starts_with("//") && line.contains(&format!("{other}::")))
                .map(move |line| format!("{path}: {line}"))
        })
        .collect()
}

#[test]
fn theory_and_simulation_share_nothing() {
    assert_eq!(mentions("theory", "simulate"), Vec::<String>::new());
    assert_eq!(mentions("simulate", "theory"), Vec::<String>::new());
}

#[test]
fn the_errata_stand_outside_what_they_check() {
    for room in ["loss", "noise", "optimizer", "scenario", "simulate", "theory"] {
        assert_eq!(mentions(room, "errata"), Vec::<String>::new());
    }
    assert_eq!(mentions("errata", "simulate"), Vec::<String>::new());
    // What is independent knows no formula: neither the theory, nor its printed forms, nor the optimizers' own matrices.
    for other in ["theory", "published", "simulate", "optimizer", "noise", "loss", "scenario"] {
        assert_eq!(mentions("errata/independent", other), Vec::<String>::new());
    }
}

/// What is printed wrongly is used to show the difference and for nothing else.
#[test]
fn printed_formulas_stay_in_their_place() {
    let mut users: Vec<String> =
        mentions("theory", "published").into_iter().filter(|line| !line.contains("/published/")).collect();
    // Both set the paper's own number beside the exact one, under its name.
    users.retain(|line| !line.contains("/table1.rs:") && !line.contains("/prediction/escape.rs:"));
    assert_eq!(users, Vec::<String>::new());
}

#[test]
fn the_core_has_no_clock_no_files_and_no_randomness_of_its_own() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    for (path, text) in found {
        for word in ["std::time", "std::fs", "std::env", "std::thread", "getrandom", "js_sys", "mul_add"] {
            assert!(!text.contains(word), "{path} has {word}");
        }
    }
}
