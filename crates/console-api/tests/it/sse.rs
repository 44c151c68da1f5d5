//! Somebody who reads a stream of server-sent events.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use reqwest::RequestBuilder;
use serde_json::Value;

/// One frame.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Frame {
    pub(crate) event: String,
    pub(crate) data: Value,
}

/// An open stream.
pub(crate) struct Stream {
    bytes: BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    buffer: String,
    /// The place behind what was received.
    pub(crate) last_id: Option<String>,
    /// Signs of life so far.
    pub(crate) alive: usize,
}

impl Stream {
    /// Opens it, and waits for the first sign.
    pub(crate) async fn open(request: RequestBuilder, last_id: Option<&str>) -> Self {
        let request = match last_id {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self {
            bytes: answer.bytes_stream().boxed(),
            buffer: String::new(),
            last_id: last_id.map(str::to_owned),
            alive: 0,
        }
    }

    /// The next frame; `None` when the stream has closed.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        tokio::time::timeout(Duration::from_secs(20), self.read())
            .await
            .expect("nothing came")
    }

    /// The next frame, if one comes in time. Whether it comes late cannot be told: for what must not come.
    pub(crate) async fn soon(&mut self) -> Option<Frame> {
        tokio::time::timeout(Duration::from_millis(300), self.read())
            .await
            .ok()
            .flatten()
    }

    async fn read(&mut self) -> Option<Frame> {
        loop {
            while let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.buffer = rest;
                if let Some(frame) = self.block(&block) {
                    return Some(frame);
                }
            }
            // A stream that breaks off is over, too.
            let chunk = self.bytes.next().await?.ok()?;
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    fn block(&mut self, block: &str) -> Option<Frame> {
        let (mut frame, mut has_data) = (Frame::default(), false);
        for line in block.lines() {
            let (field, value) = line.split_once(':').unwrap();
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "" => self.alive += 1,
                "retry" => assert!(value.parse::<u32>().is_ok()),
                "id" => self.last_id = Some(value.to_owned()),
                "event" => value.clone_into(&mut frame.event),
                "data" => {
                    has_data = true;
                    frame.data = serde_json::from_str(value).unwrap();
                }
                other => panic!("{other} is no field"),
            }
        }
        has_data.then_some(frame)
    }
}
