//! Files of any kind and archives, as a user opens them: classified by their content.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::bundle(data, "a"));
