//! Project, language, reactive runtime and engine, together on tokio.
