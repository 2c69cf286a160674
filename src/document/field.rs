//! The instructions of fields, as DOCX and RTF store them (ECMA-376 part 1, section 17.16).

/// The address in a HYPERLINK instruction; `None` for a place in the document itself (`\\l "bookmark"`).
pub(super) fn link_of(instruction: &str) -> Option<String> {
    let rest = instruction.trim_start().strip_prefix("HYPERLINK")?;
    let mut quoted = rest.split('"');
    let before = quoted.next()?;
    if before.contains("\\l") { None } else { quoted.next().map(str::to_owned) }
}
