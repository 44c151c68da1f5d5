//! The logs of pods: followed while they are written, without what is secret in them.

use std::time::Duration;

use futures_util::io::{AsyncBufRead, AsyncBufReadExt as _};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::jiff::{Span, Timestamp};
use kube::Api;
use kube::api::LogParams;
use tokio::sync::mpsc;

/// The longest line; the rest of a longer one is left out.
const MAX_LINE_BYTES: usize = 8 << 10;
/// How long to wait before a log that broke off is opened again.
const PAUSE: Duration = Duration::from_millis(500);

/// A line of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) source: Source,
    /// When it was written, as the node says it.
    pub(crate) at: String,
    pub(crate) text: String,
}

/// A container of a pod.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Source {
    pub(crate) pod: String,
    pub(crate) container: String,
}

impl Source {
    /// As a key.
    pub(crate) fn key(&self) -> String {
        format!("{}/{}", self.pod, self.container)
    }
}

/// Follows the log of a container to its end, and gives each line. Ends when nobody listens, the pod is gone, or there are more
/// than `max_lines`: one line more is given then, so that this is known.
pub(crate) async fn follow(
    pods: Api<Pod>,
    source: Source,
    since: Option<String>,
    max_lines: u64,
    lines: mpsc::Sender<Line>,
) {
    let mut last = since.unwrap_or_default();
    let mut given = 0;
    loop {
        let params = LogParams {
            container: Some(source.container.clone()),
            follow: true,
            timestamps: true,
            since_time: second_before(&last),
            ..LogParams::default()
        };
        match pods.log_stream(&source.pod, &params).await {
            Ok(stream) => {
                let mut stream = std::pin::pin!(stream);
                while let Ok(Some(line)) = next_line(&mut stream).await {
                    let Some((at, text)) = line.split_once(' ') else {
                        continue;
                    };
                    if at <= last.as_str() {
                        continue;
                    }
                    at.clone_into(&mut last);
                    let line = Line {
                        source: source.clone(),
                        at: at.to_owned(),
                        text: text.to_owned(),
                    };
                    if lines.send(line).await.is_err() || given == max_lines {
                        return;
                    }
                    given += 1;
                }
            }
            Err(kube::Error::Api(status)) if status.code == 404 => return,
            // Not started, or not reachable for now.
            Err(_) => {}
        }
        match pods.get_opt(&source.pod).await {
            Ok(Some(pod)) if !has_ended(&pod, &source.container) => {}
            Ok(_) => return,
            Err(_) => {}
        }
        if lines.is_closed() {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// A moment in whole seconds that is not behind another one: the client rounds to the nearest second, the server leaves out what
/// is older, and lines that come twice are known by their time.
fn second_before(at: &str) -> Option<Timestamp> {
    at.parse::<Timestamp>()
        .ok()?
        .checked_sub(Span::new().seconds(1))
        .ok()
}

/// Whether a container will write no more.
fn has_ended(pod: &Pod, container: &str) -> bool {
    let Some(status) = &pod.status else { return false };
    let main = status.container_statuses.iter().flatten();
    let mut all = main.chain(status.init_container_statuses.iter().flatten());
    let of_container = all.find(|status| status.name == container);
    let phase = status.phase.as_deref();
    matches!(phase, Some("Succeeded" | "Failed"))
        || of_container
            .and_then(|status| status.state.as_ref())
            .is_some_and(|state| state.terminated.is_some())
}

/// The next line without its break, cut where it is too long.
async fn next_line(stream: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let mut begun = false;
    loop {
        let buffer = stream.fill_buf().await?;
        if buffer.is_empty() {
            return Ok(begun.then(|| String::from_utf8_lossy(&line).into_owned()));
        }
        begun = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = &buffer[..end.unwrap_or(buffer.len())];
        let room = MAX_LINE_BYTES.saturating_sub(line.len());
        line.extend_from_slice(&taken[..taken.len().min(room)]);
        let used = end.map_or(buffer.len(), |end| end + 1);
        stream.consume_unpin(used);
        if end.is_some() {
            while line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
        }
    }
}

/// Takes out of lines what must not be stored: private keys, and what stands for a password in an address.
#[derive(Debug, Default)]
pub(crate) struct Redactor {
    in_key: bool,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const HIDDEN: &str = "[hidden]";

impl Redactor {
    /// The line as it may be stored; nothing for one that is all secret.
    pub(crate) fn line(&mut self, line: &str) -> Option<String> {
        if self.in_key {
            self.in_key = !line.contains(END);
            return None;
        }
        if let Some(begin) = line.find(BEGIN) {
            let rest = &line[begin..];
            let end = rest.find(END);
            self.in_key = end.is_none();
            return Some(format!("{}{HIDDEN}", without_credentials(&line[..begin])));
        }
        Some(without_credentials(line))
    }
}

/// Addresses without the user, the password and, for `oss://`, the access key that they hold.
fn without_credentials(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let is_oss = before.to_ascii_lowercase().ends_with("oss://");
        let is_end = |char: char| char.is_whitespace() || matches!(char, '"' | '\'' | ',' | '>' | ')');
        let address = &after[..after.find(is_end).unwrap_or(after.len())];
        out.push_str(&hidden(address, is_oss));
        rest = &after[address.len()..];
    }
    out.push_str(rest);
    out
}

fn hidden(address: &str, is_oss: bool) -> String {
    if is_oss {
        // The bucket and the path; what follows are keys, behind control characters or their escapes.
        let is_path = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.' | '/');
        let path = address.find(|char| !is_path(char));
        return match path {
            Some(end) => format!("{}{HIDDEN}", &address[..end]),
            None => address.to_owned(),
        };
    }
    let authority = &address[..address.find('/').unwrap_or(address.len())];
    match authority.rfind('@') {
        Some(at) => format!("{HIDDEN}{}", &address[at..]),
        None => address.to_owned(),
    }
}

/// Finds the page of a Flink job in the log of the pod that submits it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct FlinkLog {
    address: Option<String>,
    pub(crate) job: Option<String>,
}

impl FlinkLog {
    /// Looks at a line. The link, when this line completes it.
    pub(crate) fn line(&mut self, line: &str) -> Option<String> {
        let known = self.link().is_some();
        if self.address.is_none() {
            self.address = address(line);
        }
        if self.job.is_none() {
            self.job = job_id(line);
        }
        self.link().filter(|_| !known)
    }

    fn link(&self) -> Option<String> {
        let (address, job) = (self.address.as_ref()?, self.job.as_ref()?);
        Some(format!("{address}/#/job/{job}/overview"))
    }
}

/// `http://host:port` or `https://host:port`.
fn address(line: &str) -> Option<String> {
    let begin = line.find("http://").or_else(|| line.find("https://"))?;
    let (scheme, rest) = line[begin..].split_once("://")?;
    let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | ':');
    let authority = &rest[..rest.find(|char| !is_part(char)).unwrap_or(rest.len())];
    let authority = authority.trim_end_matches(['.', ':']);
    let (host, port) = authority.rsplit_once(':')?;
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (!host.is_empty() && is_port).then(|| format!("{scheme}://{authority}"))
}

/// What stands behind `JobID`.
fn job_id(line: &str) -> Option<String> {
    let rest = line.split_once("JobID")?.1.trim_start_matches([' ', ':', '=']);
    let end = rest
        .find(|char: char| !char.is_ascii_hexdigit())
        .unwrap_or(rest.len());
    (end > 0).then(|| rest[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_cut_and_none_is_lost() {
        let long = "x".repeat(MAX_LINE_BYTES + 10);
        let text = format!("a\r\n{long}\n\nlast");
        let mut stream = futures_util::io::Cursor::new(text.into_bytes());
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut stream).await.unwrap() {
            lines.push(line);
        }
        assert_eq!(lines, ["a", &"x".repeat(MAX_LINE_BYTES), "", "last"]);
    }

    #[test]
    fn keys_and_passwords_are_not_stored() {
        let mut redactor = Redactor::default();
        let lines = [
            "reads oss://bucket/a/b\\x01id=AKID\\x02key=SECRET and goes on",
            "from https://user:SECRET@host/path",
            "-----BEGIN RSA PRIVATE KEY-----",
            "SECRET",
            "-----END RSA PRIVATE KEY-----",
            "key: -----BEGIN PRIVATE KEY----- SECRET -----END PRIVATE KEY-----",
            "http://flink:8081 oss://bucket/plain",
        ];
        let kept: Vec<_> = lines.iter().filter_map(|line| redactor.line(line)).collect();
        let expected = [
            "reads oss://bucket/a/b[hidden] and goes on",
            "from https://[hidden]@host/path",
            "[hidden]",
            "key: [hidden]",
            "http://flink:8081 oss://bucket/plain",
        ];
        assert_eq!(kept, expected);
    }

    #[test]
    fn the_page_of_a_flink_job_is_found() {
        let mut log = FlinkLog::default();
        assert_eq!(log.line("starts"), None);
        assert_eq!(log.line("Flink cluster at http://10.0.0.7:8081."), None);
        let link = "http://10.0.0.7:8081/#/job/0af3c2/overview";
        assert_eq!(
            log.line("Job has been submitted with JobID 0af3c2"),
            Some(link.to_owned())
        );
        assert_eq!(log.line("JobID 77"), None);
        assert_eq!(log.job.as_deref(), Some("0af3c2"));
    }
}
