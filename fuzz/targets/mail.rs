//! Mails with their attachments, as a user opens them.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| acquis_fuzz::bundle(data, "a.eml"));
