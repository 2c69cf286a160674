//! Knowledge: products, standards, formats, licences and law from `rules/knowledge` and `rules/jurisdictions`.
