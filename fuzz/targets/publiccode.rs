//! publiccode.yml, and the YAML tree below it.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::publiccode(data));
