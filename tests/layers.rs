//! The layers know only those below them. This reads the sources and looks for names of the others.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

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
