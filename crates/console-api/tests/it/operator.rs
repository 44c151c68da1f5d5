//! The operator API.

mod document;
mod input;
