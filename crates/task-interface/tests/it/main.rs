//! The conformance kit, the example and the guide.

mod conformance;
mod guide;
mod line_counter;
