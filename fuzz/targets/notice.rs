//! Notices: eForms, TED_EXPORT, OCDS, DECP.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::notice(data));
