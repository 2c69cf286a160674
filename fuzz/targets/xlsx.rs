//! XLSX: the parts are packed here, so that their XML is what changes.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::packed(data, acquis_fuzz::XLSX, acquis::document::Format::Xlsx));
