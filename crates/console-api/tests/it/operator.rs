//! The operator API.

mod codes;
mod document;
mod input;
