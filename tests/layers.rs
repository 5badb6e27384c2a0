//! The layers name only those below them, and so do the rooms of the engine. This reads the sources and looks
//! for names of the others.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};

/// `(folder, what its files must not name, and why)`
const RULES: [(&str, &[&str], &str); 3] = [
    (
        "src/bolt",
        &["tokio", "crate::driver", "crate::addon", "napi", "std::net", "std::time", "std::thread"],
        "the protocol is bytes in, bytes out",
    ),
    (
        "src/batch",
        &["tokio", "crate::driver", "crate::addon", "napi", "std::net", "std::time", "std::thread"],
        "a batch is made of bytes, whatever brings them and takes it",
    ),
    ("src/driver", &["napi", "crate::addon"], "the engine does not know who its events go to"),
];

/// The rooms of `src/driver`, from the ground up: files, or folders with all that is in them. What a room may
/// name besides itself, `crate::bolt`, `crate::batch` and `crate::calendar`. `src/driver/mod.rs` may name all
/// of them.
const ROOMS: [(&str, &[&str]); 15] = [
    ("sync", &[]),
    ("config", &[]),
    ("frames", &[]),
    ("flow", &[]),
    ("event", &["flow"]),
    ("error", &["event"]),
    ("patience", &["error"]),
    ("log", &["config", "error", "event", "flow"]),
    ("app", &["config", "error", "event", "patience", "sync"]),
    ("net", &["app", "config", "error", "event", "sync"]),
    ("connection", &["app", "config", "error", "event", "flow", "log", "net", "patience", "sync"]),
    ("pool", &["app", "config", "connection", "error", "log", "net", "patience", "sync"]),
    ("routing", &["app", "config", "connection", "error", "log", "patience", "pool", "sync"]),
    ("query", &["app", "connection", "error", "event", "frames", "pool", "sync"]),
    ("provider", &["app", "error", "pool", "routing"]),
];

#[test]
fn each_layer_names_only_those_below_it() {
    for (folder, forbidden, reason) in RULES {
        for file in rust_files(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).as_path()) {
            let source = fs::read_to_string(&file).unwrap();
            for (number, line) in source.lines().enumerate() {
                let code = line.split("//").next().unwrap_or_default();
                for name in forbidden {
                    assert!(
                        !code.contains(name),
                        "{}:{}: names {name}, but {reason}",
                        file.display(),
                        number + 1
                    );
                }
            }
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    assert!(!files.is_empty(), "{} has no Rust file", folder.display());
    files
}

#[test]
fn each_room_names_only_those_below_it() {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/driver");
    let mut seen = vec!["mod".to_owned()];
    let mut wrong = Vec::new();
    for file in rust_files(&driver) {
        let path = file.strip_prefix(&driver).unwrap().with_extension("");
        let modules: Vec<_> = path.iter().map(|part| part.to_str().unwrap()).collect();
        if modules != ["mod"] {
            seen.push(modules[0].to_owned());
            wrong.extend(violations(&modules, &fs::read_to_string(&file).unwrap()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    for (room, _) in ROOMS {
        assert!(seen.iter().any(|seen| seen == room), "there is no room {room}");
    }
}

#[test]
fn what_leaves_a_room_is_found() {
    for (source, violation) in [
        ("use crate::driver::query::cursor::Cursor;", "pool/lease:1: pool names query"),
        ("\n    let provider = crate::driver::provider::provider();", "pool/lease:2: pool names provider"),
        (
            "use crate::driver::{error::Error, provider::ConnectionProvider};",
            "pool/lease:1: pool names provider",
        ),
        (
            "use crate::driver::{\n    error::Error,\n    provider::ConnectionProvider,\n};",
            "pool/lease:1: pool names provider",
        ),
        ("use crate::driver::Event;", "pool/lease:1: pool names Event"),
        ("use super::super::query::cursor::Cursor;", "pool/lease:1: super leaves the room"),
        (
            "#[cfg(test)]\nmod tests {\n    use super::super::super::Event;",
            "pool/lease:3: super leaves the room",
        ),
    ] {
        assert_eq!(violations(&["pool", "lease"], source), [violation]);
    }
    for source in [
        "use crate::driver::error::{Error, Kind};",
        "use crate::driver::{error::Error, config};",
        "use super::Pool; // as crate::driver::query does",
        "#[cfg(test)]\nmod tests {\n    use super::super::Pool;\n    use super::*;",
    ] {
        assert_eq!(violations(&["pool", "lease"], source), [""; 0]);
    }
    assert_eq!(violations(&["pool", "mod"], "use super::Event;"), ["pool/mod:1: super leaves the room"]);
    assert_eq!(violations(&["flow"], "use super::Event;"), ["flow:1: super leaves the room"]);
    assert_eq!(violations(&["cellar"], ""), ["cellar: is no room"]);
}

/// What a module of the engine names that it must not. Across rooms, names are written from the root of the
/// crate.
fn violations(modules: &[&str], source: &str) -> Vec<String> {
    let (name, room) = (modules.join("/"), modules[0]);
    let Some((_, below)) = ROOMS.into_iter().find(|(known, _)| *known == room) else {
        return vec![format!("{name}: is no room")];
    };
    let mut wrong = Vec::new();
    let lines: Vec<_> = source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    // How many modules up the room is, from here.
    let mut depth = modules.iter().filter(|module| **module != "mod").count() - 1;
    for (index, code) in lines.iter().enumerate() {
        if code.trim() == "mod tests {" {
            depth += 1;
        }
        for (at, _) in code.match_indices("crate::driver::") {
            let rest = lines[index..].join("\n");
            for other in first_names(&rest[at + "crate::driver::".len()..]) {
                if other != room && !below.contains(&other.as_str()) {
                    wrong.push(format!("{name}:{}: {room} names {other}", index + 1));
                }
            }
        }
        if code.contains(&"super::".repeat(depth + 1)) {
            wrong.push(format!("{name}:{}: super leaves the room", index + 1));
        }
    }
    wrong
}

/// The first part of a path, or those of all paths in braces.
fn first_names(path: &str) -> Vec<String> {
    let name = |path: &str| path.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let Some(paths) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut names, mut open, mut start) = (Vec::new(), 0, 0);
    for (at, character) in paths.char_indices() {
        match character {
            '{' => open += 1,
            ',' | '}' if open == 0 => {
                names.push(name(&paths[start..at]));
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            '}' => open -= 1,
            _ => {}
        }
    }
    names.retain(|name: &String| !name.is_empty());
    names
}
