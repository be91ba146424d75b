//! Any text is compiled: without a panic, the same way each time, and the formatted program is the same program.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use span::FileId;
use stead_fuzz::compile::{Compiled, compile};

/// Longer texts find nothing that shorter ones do not.
const LONGEST: usize = 16 << 10;

fuzz_target!(|text: &str| -> Corpus {
    if text.len() > LONGEST {
        return Corpus::Reject;
    }
    let first = compile(text);
    check(&first);
    let second = compile(text);
    assert_eq!(first.rendered(), second.rendered(), "the diagnostics differ the second time");
    assert_eq!(dump(&first), dump(&second), "the graph differs the second time");
    if !text.contains("-- ")
        && let Ok(formatted) = fmt::format(FileId(0), text)
    {
        let formatted = compile(&formatted.text);
        assert_eq!(first.codes(), formatted.codes(), "the formatted program has other mistakes");
        assert_eq!(dump(&first), dump(&formatted), "the formatted program is another one");
    }
    Corpus::Keep
});

fn dump(compiled: &Compiled) -> Option<String> {
    compiled.graph.as_ref().map(flow::dump)
}

fn check(compiled: &Compiled) {
    for diagnostic in &compiled.diagnostics {
        for span in diagnostic.span.iter().chain(diagnostic.labels.iter().map(|it| &it.span)) {
            let text = compiled.sources.get(span.file).text();
            assert!(text.get(span.range()).is_some(), "{span:?} lies outside of the text");
        }
        diag::json(diagnostic, &compiled.sources);
    }
    if compiled.graph.is_none() {
        assert!(compiled.diagnostics.iter().any(diag::Diagnostic::is_error), "refused without a reason");
        return;
    }
    for (id, _) in compiled.program.binds.iter() {
        for (_, ty) in compiled.typed.binds(id) {
            assert!(ty.is_concrete(), "`{ty}` in a program without a mistake");
        }
    }
}
