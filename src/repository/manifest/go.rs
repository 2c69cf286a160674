//! Go: go.mod (<https://go.dev/ref/mod#go-mod-file>).
//!
//! go.sum is not read: it holds the checksums of every module that was looked at while versions were chosen, of
//! versions that lost and of modules that nothing imports too, and no licence. What is built stands in go.mod, since
//! Go 1.17 with what other modules need.

use super::super::model::{Ecosystem, NamedIn, Scope};
use super::{Fault, Found, Named, Source, lines, offset};

/// Modules marked `// indirect` are needed only by other modules and count as resolved, not as asked for.
pub fn manifest(source: &Source, found: &mut Found) -> Result<(), Fault> {
    let mut block = "";
    for (at, line) in lines(source.text) {
        let trimmed = line.trim();
        // What stands in the place of another module is what is built; a folder is the project's own.
        if (block == "replace" || trimmed.starts_with("replace "))
            && let Some((_, target)) = trimmed.split_once("=>")
        {
            let mut words = target.split_whitespace();
            if let (Some(module), Some(version)) = (words.next(), words.next().filter(|word| *word != "//")) {
                let package = Named::new(Ecosystem::Golang, module, Some(version), Scope::Runtime);
                found.package(source, NamedIn::Manifest, at + offset(line, module), package);
            }
            continue;
        }
        if trimmed.starts_with("replace (") {
            block = "replace";
            continue;
        }
        let entry = match trimmed.strip_prefix("require ") {
            Some(rest) if rest.trim().starts_with('(') => {
                block = "require";
                continue;
            }
            Some(rest) => rest,
            None if trimmed.starts_with(')') => {
                block = "";
                continue;
            }
            None if block == "require" => trimmed,
            None => continue,
        };
        let mut words = entry.split_whitespace();
        if let (Some(module), Some(version)) = (words.next().filter(|word| !word.starts_with("//")), words.next()) {
            let named_in = if is_indirect(entry) { NamedIn::Lockfile } else { NamedIn::Manifest };
            let package = Named::new(Ecosystem::Golang, module.trim_matches('"'), Some(version), Scope::Runtime);
            found.package(source, named_in, at + offset(line, module), package);
        }
    }
    Ok(())
}

fn is_indirect(entry: &str) -> bool {
    entry.split_once("//").is_some_and(|(_, remark)| remark.trim_start().starts_with("indirect"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;

    #[test]
    fn go_mod() {
        let text = "module x\n\nrequire a.org/b v1.0.0\nrequire (\n\tc.org/d/v2 v2.1.0\n\t// e\n\tf.org/g v0 //indirect; for x\n)\nreplace x => ../y\nreplace (\n\th.org/i => j.org/k v3.0.0\n)\n";
        assert_eq!(
            found("go.mod", text),
            [
                "3:9 golang/a.org/b@v1.0.0 Runtime",
                "5:2 golang/c.org/d/v2@v2.1.0 Runtime",
                "7:2 golang/f.org/g@v0 Runtime",
                "11:13 golang/j.org/k@v3.0.0 Runtime",
            ]
        );
    }
}
