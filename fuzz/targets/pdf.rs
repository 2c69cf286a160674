//! PDF.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::document(data, acquis::document::Format::Pdf));
