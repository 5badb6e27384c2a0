//! The sentences about failures are in `lib/error`; the engine has kinds and
//! arguments. This reads the sources.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

use neobolt::driver::error::PhraseKind;

/// What no text of the engine may contain, and where it belongs.
const NAMES: [(&str, &str); 6] = [
    ("Neo4jError", "a class of lib/error"),
    ("ServiceUnavailable", "a code of lib/error"),
    ("SessionExpired", "a code of lib/error"),
    ("ProtocolError", "a code of lib/error"),
    ("[object ", "what JavaScript makes of a value"),
    ("undefined", "what JavaScript makes of a value"),
];

#[test]
fn javascript_has_the_kinds_of_phrases_by_the_same_names_and_numbers() {
    let module = read("lib/error/kinds.ts");
    let theirs: Vec<_> =
        module.lines().filter(|line| line.starts_with("  ") && line.ends_with(',')).map(str::trim).collect();
    let ours: Vec<_> = PhraseKind::ALL.iter().map(|&kind| entry(kind)).collect();
    assert_eq!(theirs, ours);
}

#[test]
fn every_kind_of_phrase_has_a_sentence() {
    let texts = read("lib/error/texts.ts");
    for &kind in PhraseKind::ALL {
        // What the server says has its own; a raw table is shown as JSON, behind a sentence.
        if matches!(kind, PhraseKind::Server | PhraseKind::RawResponse | PhraseKind::RawRecord) {
            continue;
        }
        let entry = entry(kind);
        let (name, _) = entry.split_once(':').unwrap();
        assert!(texts.contains(&format!("\n  [KINDS.{name}]: ")), "no sentence for {kind:?}");
    }
}

#[test]
fn the_engine_has_no_sentence_of_the_facade() {
    let texts = literals(&read("lib/error/texts.ts"), Language::TypeScript);
    let sentences: Vec<_> = texts.iter().flat_map(|text| fragments(text, "${")).collect();
    assert!(
        sentences.len() > 80 && sentences.iter().any(|text| text.contains("Failed to connect to server"))
    );
    for (place, text) in engine() {
        for fragment in fragments(&text, "{") {
            for sentence in &sentences {
                // Fewer words may be the name of a thing, "the auth token", or the end of a line of the log.
                let part = fragment.split(' ').count() > 4 && sentence.contains(&fragment);
                assert!(
                    !part && !fragment.contains(sentence.as_str()),
                    "{place}: {text:?} has words of lib/error/texts.ts: {sentence:?}"
                );
            }
        }
    }
}

#[test]
fn the_engine_has_no_name_of_nodes_nor_of_javascripts() {
    for (place, text) in engine() {
        for (name, whose) in NAMES {
            assert!(!text.contains(name), "{place}: {text:?} has {name:?}, {whose}");
        }
        for word in text.split(|char: char| !(char.is_ascii_uppercase() || char == '_')) {
            let errno = word.len() > 3 && word.starts_with('E');
            let certificate = ["CERT_", "UNABLE_TO_", "DEPTH_ZERO_", "SELF_SIGNED_"]
                .iter()
                .any(|start| word.starts_with(start));
            assert!(!errno && !certificate, "{place}: {text:?} has Node's name {word}");
        }
    }
}

/// `serverCode: 2,`
fn entry(kind: PhraseKind) -> String {
    let name = format!("{kind:?}");
    let (first, rest) = name.split_at(1);
    format!("{}{rest}: {},", first.to_lowercase(), kind as u8)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Rust,
    TypeScript,
}

/// All texts in the sources of the engine, tests aside, with where they are.
fn engine() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for folder in ["src/bolt", "src/batch", "src/driver", "src/addon"] {
        for file in rust_files(&root().join(folder)) {
            let source = fs::read_to_string(&file).unwrap();
            let code = source.split("\n#[cfg(test)]\n").next().unwrap();
            texts.extend(
                literals(code, Language::Rust).into_iter().map(|text| (file.display().to_string(), text)),
            );
        }
    }
    assert!(texts.len() > 300, "{} texts", texts.len());
    texts
}

/// The parts of a text between its placeholders, as far as they have three words.
fn fragments(text: &str, placeholder: &str) -> Vec<String> {
    let mut parts = text.split(placeholder);
    let first = parts.next().unwrap_or_default();
    let others = parts.map(|part| part.split_once('}').map_or("", |(_, rest)| rest));
    std::iter::once(first)
        .chain(others)
        .map(|part| part.trim_matches(|char: char| !char.is_alphanumeric()).to_owned())
        .filter(|part| part.split(' ').count() >= 3)
        .collect()
}

/// The literals of a source in Rust or TypeScript, comments aside. Those that are added up are one.
fn literals(source: &str, language: Language) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut chars = source.char_indices().peekable();
    let mut joined = false;
    while let Some((at, char)) = chars.next() {
        let rest = source.get(at..).unwrap_or_default();
        match char {
            '/' if rest.starts_with("//") => while chars.next_if(|&(_, char)| char != '\n').is_some() {},
            '/' if rest.starts_with("/*") => {
                let end = at + rest.find("*/").unwrap_or(rest.len());
                while chars.next_if(|&(at, _)| at <= end).is_some() {}
            }
            // A character, or a lifetime.
            '\'' if language == Language::Rust => {
                let length = match rest.get(1..).unwrap_or_default().split_inclusive('\'').next() {
                    // An escaped quotation mark has another one behind it.
                    Some("\\'") => 3,
                    Some(inner) if inner.starts_with('\\') || inner.chars().count() == 2 => inner.len(),
                    _ => 0,
                };
                while chars.next_if(|&(next, _)| next <= at + length).is_some() {}
            }
            '"' | '`' | '\'' => {
                let mut text = String::new();
                while let Some((_, next)) = chars.next() {
                    match next {
                        '\\' => match chars.next() {
                            Some((_, 'n')) => text.push('\n'),
                            // A line that goes on.
                            Some((_, '\n')) => while chars.next_if(|&(_, char)| char == ' ').is_some() {},
                            Some((_, escaped)) => text.push(escaped),
                            None => {}
                        },
                        _ if next == char => break,
                        _ => text.push(next),
                    }
                }
                match found.last_mut() {
                    Some(last) if joined => last.push_str(&text),
                    _ => found.push(text),
                }
                joined = false;
            }
            '+' => joined = true,
            _ if char.is_whitespace() => {}
            _ => joined = false,
        }
    }
    found
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_some_and(|name| name != "tests.rs")
        {
            files.push(path);
        }
    }
    assert!(!files.is_empty(), "{} has no Rust file", folder.display());
    files
}
