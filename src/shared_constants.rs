//! Numbers that Rust and TypeScript share. Each stands once, in Rust, within one of the macros below; the
//! test at the end writes them to `lib/engine/shared-constants.ts` and `lib/codec/shared-constants.ts`.

/// A constant for `lib/`: the lines of its comment, its name, and its number as it is written in Rust.
#[cfg(test)]
pub(crate) type Entry = (&'static [&'static str], &'static str, &'static str);

/// Constants which TypeScript has as well.
macro_rules! shared_constants {
    ($($(#[doc = $doc:literal])* $visibility:vis const $name:ident: $type:ty = $number:expr;)+) => {
        $($(#[doc = $doc])* $visibility const $name: $type = $number;)+

        /// All of them, for `lib/`.
        #[cfg(test)]
        pub(crate) const SHARED: &[crate::shared_constants::Entry] =
            &[$((&[$($doc),*], stringify!($name), stringify!($number)),)+];
    };
}

/// An enum whose numbers TypeScript has as well.
macro_rules! shared_enum {
    (
        $(#[doc = $about:literal])*
        $visibility:vis enum $enum:ident {
            $($(#[doc = $doc:literal])* $name:ident = $number:literal,)+
        }
    ) => {
        $(#[doc = $about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visibility enum $enum {
            $($(#[doc = $doc])* $name = $number,)+
        }

        #[cfg(test)]
        impl $enum {
            /// All of them, for `lib/`.
            pub(crate) const SHARED: &[crate::shared_constants::Entry] =
                &[$((&[$($doc),*], stringify!($name), stringify!($number)),)+];
        }
    };
}

pub(crate) use {shared_constants, shared_enum};

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use std::fmt::Write;
    use std::path::Path;
    use std::{env, fs};

    use super::Entry;
    use crate::bolt::packstream::marker;
    use crate::bolt::structure;
    use crate::driver::event::kind::{EventKind, flag};
    use crate::driver::event::{CallbackKind, LogKind};
    use crate::driver::query::request::{self, RequestOption};

    /// A constant of `lib/`, what its comment says, and its members.
    type Table = (&'static str, &'static str, &'static [Entry]);

    const ENGINE: &[Table] = &[
        ("EVENT_KINDS", "Kinds of events.", EventKind::SHARED),
        ("EVENT_FLAGS", "Flags of events: bits.", flag::SHARED),
        ("CALLBACK_KINDS", "What a callback is about.", CallbackKind::SHARED),
        ("LOG_KINDS", "What the record of a log event consists of.", LogKind::SHARED),
        (
            "OPTIONS",
            "The options at the front of a request, by their places in the list.",
            RequestOption::SHARED,
        ),
    ];

    const CODEC: &[Table] = &[
        ("PARAMETER_FLAGS", "What the engine has to know of the parameters: bits.", request::SHARED),
        ("MARKERS", "The marker bytes of PackStream, with the names of its specification.", marker::SHARED),
        ("SIGNATURES", "The signatures of structures: Bolt, \"Structure Semantics\".", structure::SHARED),
    ];

    #[test]
    fn lib_has_the_constants_of_the_engine() {
        compare("lib/engine/shared-constants.ts", ENGINE);
    }

    #[test]
    fn lib_has_the_constants_of_bolt() {
        compare("lib/codec/shared-constants.ts", CODEC);
    }

    /// Leaves the file as it should be, to be looked at and committed.
    fn compare(file: &str, tables: &[Table]) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let found = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        let expected = typescript(tables);
        if found != expected {
            fs::write(&path, expected).unwrap();
            panic!("{file} was not what the Rust sources say. It is now: look at it, and commit it.");
        }
    }

    fn typescript(tables: &[Table]) -> String {
        let mut text = String::from(
            "/**\n * Numbers that TypeScript shares with the engine, where they stand in Rust.\n *\n * Do not edit: `cargo test --no-default-features shared_constants` writes this file.\n */\n",
        );
        for (name, about, members) in tables {
            writeln!(text, "\n/** {about} */\nexport const {name} = {{").unwrap();
            for (comment, name, number) in *members {
                write_comment(&mut text, comment);
                writeln!(text, "  {}: {},", upper_snake(name), number.to_lowercase()).unwrap();
            }
            text.push_str("} as const\n");
        }
        text
    }

    fn write_comment(text: &mut String, lines: &[&str]) {
        // A link of rustdoc's means nothing to TypeScript.
        let lines: Vec<_> =
            lines.iter().map(|line| line.trim().replace("[`", "`").replace("`]", "`")).collect();
        match lines.as_slice() {
            [] => {}
            [line] => writeln!(text, "  /** {line} */").unwrap(),
            lines => writeln!(text, "  /**\n   * {}\n   */", lines.join("\n   * ")).unwrap(),
        }
    }

    /// `LikeThis` as `LIKE_THIS`; what has no lower case stays.
    fn upper_snake(name: &str) -> String {
        let mut text = String::new();
        let mut after_lower = false;
        for letter in name.chars() {
            if letter.is_uppercase() && after_lower {
                text.push('_');
            }
            after_lower = letter.is_lowercase();
            text.extend(letter.to_uppercase());
        }
        text
    }
}
