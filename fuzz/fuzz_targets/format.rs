//! What is formatted stays the same program.
#![no_main]

use fmt::Error;
use libfuzzer_sys::fuzz_target;
use span::FileId;

fuzz_target!(|text: &str| {
    match fmt::format(FileId(0), text) {
        Ok(formatted) => {
            let again = fmt::format(FileId(0), &formatted.text).expect("the result is a program");
            assert!(!again.changed, "the result changes again");
        }
        Err(Error::Syntax(diagnostics)) => assert!(!diagnostics.is_empty(), "refused without a reason"),
        Err(error) => panic!("{error}"),
    }
});
