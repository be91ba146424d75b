//! `encoding`: data in texts.

mod base64;
mod json;

use schema::Function;

/// The functions of the module.
pub(crate) static FUNCTIONS: &[&Function] =
    &[&base64::BASE64_DECODE, &base64::BASE64_ENCODE, &json::DECODE_JSON, &json::DECODE_JSON_FLEXIBLE];
