//! The operator API: who may call it, what it says to bad input, accounts, files, and the console itself.

mod bad_input;
mod client;
mod deletion;
mod fixture;
mod objects;
mod operations;
mod refused;
mod service;
mod session;
mod setup;
mod strict;
mod users;
