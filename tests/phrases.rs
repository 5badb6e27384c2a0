//! The kinds of phrases are the same on both sides of the boundary.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;

use neobolt::driver::error::PhraseKind;

#[test]
fn javascript_has_the_kinds_of_phrases_by_the_same_names_and_numbers() {
    let module =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("lib/error/kinds.ts")).unwrap();
    let theirs: Vec<_> =
        module.lines().filter(|line| line.starts_with("  ") && line.ends_with(',')).map(str::trim).collect();
    let ours: Vec<_> = PhraseKind::ALL.iter().map(|&kind| entry(kind)).collect();
    assert_eq!(theirs, ours);
}

/// `serverCode: 2,`
fn entry(kind: PhraseKind) -> String {
    let name = format!("{kind:?}");
    let (first, rest) = name.split_at(1);
    format!("{}{rest}: {},", first.to_lowercase(), kind as u8)
}
