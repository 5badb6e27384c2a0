//! How many cases a property is tried on, and the count of those that were. For tests only.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;

use proptest::test_runner::{Config, ResultCache, ResultCacheKey, TestCaseResult};

/// So many cases, times the environment's `NEOBOLT_TEST_CASES` (1 by default; it may be a fraction).
///
/// The number of cases that passed is added as a line to the file `NEOBOLT_TEST_CASES_FILE`, if there is that
/// variable: `npm test` adds them up.
pub(crate) fn cases(count: u32) -> Config {
    let times = env::var(TIMES).ok().and_then(|times| times.parse::<f64>().ok()).unwrap_or(1.0);
    let count = (f64::from(count) * times).ceil().max(1.0) as u32;
    Config { cases: count, result_cache: || Box::<Counter>::default(), ..Config::default() }
}

/// Sees each case that was tried.
#[derive(Default)]
struct Counter(u64);

impl ResultCache for Counter {
    fn key(&self, _: &ResultCacheKey) -> u64 {
        0
    }

    fn put(&mut self, _: u64, result: &TestCaseResult) {
        self.0 += u64::from(result.is_ok());
    }

    fn get(&self, _: u64) -> Option<&TestCaseResult> {
        None
    }
}

impl Drop for Counter {
    /// The property has been tried.
    #[expect(clippy::expect_used, reason = "a count that is lost would be an error of the tests")]
    fn drop(&mut self) {
        let Some(path) = env::var_os(FILE) else { return };
        let mut file = OpenOptions::new().create(true).append(true).open(path).expect("a file of counts");
        // In one piece: other properties add their lines at the same time.
        file.write_all(format!("{}\n", self.0).as_bytes()).expect("a line of it");
    }
}

const TIMES: &str = "NEOBOLT_TEST_CASES";
const FILE: &str = "NEOBOLT_TEST_CASES_FILE";
