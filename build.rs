//! Packs `rules/` into the binary: YAML as JSON text (read about a hundred times faster at start-up than
//! YAML), everything else as it is. The strict reading with places is done on the YAML itself by the tests
//! and by `acquis rules test`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/licences.rs"]
mod licences;

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/licence/words.rs");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join("rules");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut index = String::from("pub(super) static FILES: &[(&str, &str)] = &[\n");
    for file in &files {
        let name = file.strip_prefix(&root).expect("found below the root").display().to_string().replace('\\', "/");
        let target = if name.ends_with(".yaml") { packed(file, &out, &name) } else { file.clone() };
        writeln!(index, "    ({name:?}, include_str!({:?})),", target.display().to_string())
            .expect("writing to a string");
    }
    index.push_str("];\n");
    licences::pack(&root, &out);
    fs::write(out.join("rules_index.rs"), index).expect("OUT_DIR is writable");
}

/// Every rule, lexicon and knowledge file below `folder`; licence texts have a build step of their own.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("rules/ is readable") {
        let path = entry.expect("rules/ is readable").path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "texts") {
                collect(&path, files);
            }
        } else if path.extension().is_some_and(|kind| kind == "yaml" || kind == "tsv" || kind == "json") {
            files.push(path);
        }
    }
}

/// The YAML file as JSON in `out`; a file that is no YAML stops the build with its place.
fn packed(file: &Path, out: &Path, name: &str) -> PathBuf {
    let text = fs::read_to_string(file).expect("rules/ is readable");
    let value: serde_json::Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("rules/{name}: {error}"));
    let target = out.join(format!("{}.json", name.replace('/', "-")));
    fs::write(&target, value.to_string()).expect("OUT_DIR is writable");
    target
}
