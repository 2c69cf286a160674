//! Prints what is read from the files whose paths come in on standard input, one a line: a line of JSON each,
//! with the blocks and the time that the reading took. `fidelity.py` compares it with other programs.

use std::io::BufRead;
use std::path::Path;
use std::time::Instant;

use acquis::document::Limits;
use acquis::input::{Options, Unit, collect};

fn main() {
    for path in std::io::stdin().lock().lines().map_while(Result::ok) {
        println!("{}", read(Path::new(&path)));
    }
}

fn read(path: &Path) -> serde_json::Value {
    let started = Instant::now();
    let units = collect(&[path.to_owned()], &Options::default()).unwrap_or_default();
    let opened: Vec<_> = units
        .iter()
        .filter_map(|unit| match unit {
            Unit::Bundle(bundle) => Some(bundle.open(&Limits::default())),
            Unit::Repository(_) | Unit::Publiccode(_) => None,
        })
        .collect();
    let seconds = started.elapsed().as_secs_f64();
    let documents = opened.iter().flat_map(|bundle| &bundle.documents);
    let blocks: Vec<_> = documents
        .flat_map(|document| {
            document.blocks.iter().enumerate().map(|(index, block)| {
                serde_json::json!({
                    "kind": block.kind,
                    "number": block.anchor.number,
                    "text": block.text,
                    "place": document.place(index, acquis::lang::Lang::EN),
                    "under": block.parent,
                    "lead_in": block.lead_in,
                    "row_head": block.row_head,
                    "column_head": block.column_head,
                })
            })
        })
        .collect();
    let not_read: Vec<String> = opened.iter().flat_map(|bundle| &bundle.not_read).map(ToString::to_string).collect();
    serde_json::json!({ "path": path, "seconds": seconds, "blocks": blocks, "not_read": not_read })
}
