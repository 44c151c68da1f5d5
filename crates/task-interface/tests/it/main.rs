//! The conformance kit passes a good engine, and fails each kind of bad one.

mod conformance;
