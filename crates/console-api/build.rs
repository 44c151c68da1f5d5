//! The web console's files are embedded, so a new build of them is a reason to compile again.

fn main() {
    println!("cargo::rerun-if-changed=../../front_end/dist");
}
