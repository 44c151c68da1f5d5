use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;

use super::PeerError;

/// A call that was made.
#[derive(Debug)]
pub struct Observed<'a> {
    /// Method and template of the path: `PUT /task_instance/peer/{id}`. There are as many as the protocol has calls.
    pub call: &'a str,
    /// Why there is no good answer; none when there is one.
    pub error: Option<&'a PeerError>,
    /// How long it took.
    pub took: Duration,
}

/// Is told of each call that was made.
#[derive(Clone)]
pub struct CallObserver(Arc<dyn Fn(&Observed<'_>) + Send + Sync>);

impl CallObserver {
    /// Calls `told` for each call, on the task that made it.
    pub fn new(told: impl Fn(&Observed<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(told))
    }

    pub(super) fn tell(&self, observed: &Observed<'_>) {
        (self.0)(observed);
    }
}

impl fmt::Debug for CallObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallObserver").finish_non_exhaustive()
    }
}

/// What the protocol's paths are made of beside ids and numbers.
const WORDS: [&str; 10] = [
    "channel",
    "hello",
    "instances",
    "pairing",
    "peer",
    "project",
    "status",
    "task",
    "task_instance",
    "unpair",
];

/// The template of a call.
pub(super) fn template(method: &Method, segments: &[&str]) -> String {
    let mut template = format!("{method} ");
    for segment in segments {
        template.push('/');
        template.push_str(if WORDS.contains(segment) { segment } else { "{id}" });
    }
    template
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_no_part_of_a_template() {
        let put = template(&Method::PUT, &["task_instance", "peer", "abc"]);
        assert_eq!(put, "PUT /task_instance/peer/{id}");
        let post = template(&Method::POST, &["peer", "channel", "abc", "1", "77"]);
        assert_eq!(post, "POST /peer/channel/{id}/{id}/{id}");
    }
}
