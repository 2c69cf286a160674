//! The built-in files of `rules/`, packed into the binary at build time.

include!(concat!(env!("OUT_DIR"), "/rules_index.rs"));

/// The text of a built-in file by its path below `rules/` (`knowledge/products.tsv`). YAML files stand here as
/// JSON. `None` where there is no such file.
pub fn file(path: &str) -> Option<&'static str> {
    FILES.binary_search_by(|(name, _)| (*name).cmp(path)).ok().map(|at| FILES[at].1)
}

/// The built-in files below a folder of `rules/` (`tender/`), by path, in order.
pub fn files(folder: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let start = FILES.partition_point(|(name, _)| *name < folder);
    FILES[start..].iter().copied().take_while(move |(name, _)| name.starts_with(folder))
}

/// The rows of a tab-separated table: lines with `#` are remarks, the first other line names the columns.
/// Each row is given as its fields; a missing last field is empty.
pub fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    let mut lines = table.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let header: Vec<&'static str> = lines.next().unwrap_or_default().split('\t').collect();
    let header: std::sync::Arc<[&'static str]> = header.into();
    lines.map(move |line| Row { header: header.clone(), line })
}

/// One row of a built-in table.
pub struct Row {
    header: std::sync::Arc<[&'static str]>,
    line: &'static str,
}

impl Row {
    /// The field of a column; empty where the row or the table has none.
    pub fn get(&self, column: &str) -> &'static str {
        let at = self.header.iter().position(|name| *name == column);
        at.and_then(|at| self.line.split('\t').nth(at)).unwrap_or_default().trim()
    }

    /// The items of a field that holds a list, `;` between them.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &'static str> {
        self.get(column).split(';').map(str::trim).filter(|item| !item.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_file_is_found() {
        for (name, text) in FILES {
            assert_eq!(file(name), Some(*text));
        }
        assert!(files("lexicon/").count() > 10);
        assert!(file("lexicon/none.yaml").is_none());
    }

    #[test]
    fn every_table_row_has_the_columns_of_its_head() {
        for (name, text) in FILES.iter().filter(|(name, _)| name.ends_with(".tsv")) {
            for row in rows(text) {
                assert!(row.line.split('\t').count() <= row.header.len(), "{name}: too many fields: {}", row.line);
            }
        }
    }
}
