//! Files of a repository: manifests, lockfiles, signals, licence texts.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::repository(data));
