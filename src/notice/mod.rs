//! Notices: eForms, TED_EXPORT, OCDS and DECP as one model of business terms.
