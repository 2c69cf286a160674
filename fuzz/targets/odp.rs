//! ODP: the parts are packed here, so that their XML is what changes.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::packed(data, acquis_fuzz::ODF, acquis::document::Format::Odp));
