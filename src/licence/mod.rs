//! Licences: what a text is, and what was changed in it.
