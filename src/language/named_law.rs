//! Laws on public procurement that a text names: whose law it is under.

use std::ops::Range;
use std::sync::OnceLock;

use super::fold::fold;
use super::phrase::Phrases;
use crate::document::Document;
use crate::knowledge::procurement_laws;

/// A law that a text names.
pub struct NamedLaw {
    /// Code of the jurisdiction: `nl`.
    pub jurisdiction: &'static str,
    /// Place of the block in the document.
    pub block: usize,
    /// Bytes of the block's text.
    pub range: Range<usize>,
}

/// The laws on public procurement that a document names, in the order of the text.
pub fn in_document(document: &Document) -> Vec<NamedLaw> {
    static NAMES: OnceLock<Phrases<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| Phrases::new(procurement_laws()));
    let mut laws = Vec::new();
    for (block, of_block) in document.blocks.iter().enumerate() {
        let folded = fold(&of_block.text);
        laws.extend(names.scan(&folded).map(|found| NamedLaw { jurisdiction: found.mark, block, range: found.range }));
    }
    laws
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{self, Format, Limits};

    #[test]
    fn laws_are_known_by_the_names_that_tenders_call_them() {
        for (text, want) in [
            ("Marché passé en application du Code de la commande publique (CCAG-TIC).", "fr fr"),
            ("Opdracht in de zin van de wet van 17 juni 2016 inzake overheidsopdrachten.", "be"),
            ("De Aanbestedingswet 2012 is van toepassing.", "nl"),
            ("Es gelten die VgV, das GWB und die VOL/B.", "de de de"),
            ("Udbuddet gennemføres efter udbudslovens § 6.", "dk"),
            ("Σύμφωνα με τον ν. 4412/2016 και μέσω του ΕΣΗΔΗΣ.", "gr gr"),
            ("Issued under the Procurement Act 2023.", "uk"),
            ("Ai sensi del d.lgs. 36/2023.", "it"),
            ("De conformidad con la Ley 9/2017.", "es"),
            ("Es gilt die IVöB.", "ch"),
            ("Es gilt das BVergG 2018.", ""),
        ] {
            let document = document::read(text.as_bytes(), "text.txt", None, Format::PlainText, &Limits::default());
            let named: Vec<&str> = in_document(&document.unwrap()).iter().map(|law| law.jurisdiction).collect();
            assert_eq!(named.join(" "), want, "{text}");
        }
    }
}
