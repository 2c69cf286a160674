//! Generated files that are committed, so that editors and people find them: a test holds each to its source.

use std::path::Path;

use serde_json::Value;

/// Holds a committed JSON file to `value`. With `ACQUIS_UPDATE` set in the environment it is written instead.
#[track_caller]
pub fn check(path: &str, value: &Value) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = format!("{value:#}\n");
    if std::env::var_os("ACQUIS_UPDATE").is_some() {
        std::fs::write(&file, text).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(committed == text, "{path} is not what the types say: run ACQUIS_UPDATE=1 cargo test");
}
