//! Licence texts, tags and expressions.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::licence(data));
