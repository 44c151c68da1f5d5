//! Objects on an S3 server, through rust-s3.

mod answer;
mod failure;
mod upload;

use std::io;
use std::ops::Range;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::{Stream, StreamExt};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use s3::command::Command;
use s3::creds::Credentials;
use s3::error::S3Error;
use s3::request::Request as _;
use s3::request::tokio_backend::ReqwestRequest;
use s3::serde_types::ObjectIdentifier;
use s3::{Bucket, BucketConfiguration, Region};

use crate::config::S3Config;
use crate::error::StorageError;
use crate::intake::{Intake, Received};
use crate::key::{KeyPrefix, ObjectKey};
use crate::store::{ByteStream, ListPage, ObjectInfo, PutMode, PutOptions};
use answer::{info_of, patient, plain_etag, unclear_answer};
use failure::{code_of, explain, is_absent, is_no_bucket};
use upload::Upload;

/// Size of a part, in bytes; S3 asks for 5 MiB at least.
const PART: usize = 8 * 1024 * 1024;
/// S3 knows no more parts of one object.
const MAX_PARTS: u32 = 10_000;
/// The last byte that an S3 server can count to.
const MAX_POSITION: u64 = i64::MAX as u64;
const CONTENT_TYPE: &str = "application/octet-stream";

#[derive(Debug)]
pub(crate) struct RemoteBucket {
    /// For short calls.
    calls: Box<Bucket>,
    /// For content on its way up.
    uploads: Box<Bucket>,
    /// For content on its way down: no limit on the whole, only on each silence.
    downloads: Box<Bucket>,
    silence: Duration,
    create_bucket: bool,
    endpoint: String,
}

impl RemoteBucket {
    pub(crate) async fn open(config: &S3Config, bucket: &str) -> Result<Self, StorageError> {
        let silence = Duration::from_secs(config.timeout_seconds);
        let calls = client(config, bucket)
            .and_then(|client| client.with_request_timeout(silence))
            .map_err(|error| explain(format!("use the S3 server {}", config.endpoint), error))?;
        let (mut uploads, mut downloads) = (calls.clone(), calls.clone());
        uploads.set_request_timeout(Some(silence * 4));
        downloads.set_request_timeout(None);
        let (create_bucket, endpoint) = (config.create_bucket, config.endpoint.clone());
        let remote = Self {
            calls,
            uploads,
            downloads,
            silence,
            create_bucket,
            endpoint,
        };
        match remote.check().await {
            Err(error) if error.is_retryable() => {
                tracing::warn!(
                    storage.endpoint = remote.endpoint,
                    ?error,
                    "the object store does not answer yet"
                );
                Ok(remote)
            }
            Err(error) => Err(error),
            Ok(()) => Ok(remote),
        }
    }

    pub(crate) async fn check(&self) -> Result<(), StorageError> {
        match self
            .calls
            .list_page(String::new(), Some("/".to_owned()), None, None, Some(1))
            .await
        {
            Ok(_) => Ok(()),
            Err(error) if is_no_bucket(&error) && self.create_bucket => self.create().await,
            Err(error) if is_no_bucket(&error) => Err(StorageError::NoBucket {
                bucket: self.calls.name(),
            }),
            Err(error) => Err(explain(
                format!("list the bucket {} at {}", self.calls.name(), self.endpoint),
                error,
            )),
        }
    }

    async fn create(&self) -> Result<(), StorageError> {
        let mut config = BucketConfiguration::default();
        let region = self.calls.region();
        // Amazon refuses this one region in the body, because it is the default.
        if region.to_string() != "us-east-1" {
            config.set_region(region);
        }
        let made = match ReqwestRequest::new(&self.calls, "", Command::CreateBucket { config }).await {
            Ok(request) => request.response_data(false).await,
            Err(error) => Err(error),
        };
        match made {
            // Another console was quicker.
            Err(error) if code_of(&error) == Some("BucketAlreadyOwnedByYou") => Ok(()),
            Err(error) => Err(explain(format!("make the bucket {}", self.calls.name()), error)),
            Ok(_) => {
                tracing::info!(storage.bucket = self.calls.name(), "made the bucket");
                Ok(())
            }
        }
    }

    pub(crate) async fn put<S>(
        &self,
        key: &ObjectKey,
        mut intake: Intake<'_, S>,
        options: &PutOptions,
    ) -> Result<ObjectInfo, StorageError>
    where
        S: Stream<Item = io::Result<Bytes>>,
    {
        let create = options.mode == PutMode::CreateNew;
        // Before the content is sent for nothing; what decides is the condition on the write itself.
        if create {
            self.refuse_existing(key).await?;
        }
        let first = intake.part(PART).await?;
        let (received, etag) = if first.len() < PART {
            let received = intake.finish()?;
            let etag = self.put_whole(key, &first, create).await?;
            (received, etag)
        } else {
            (self.put_parts(key, first, intake, create).await?, None)
        };
        Ok(ObjectInfo {
            key: key.clone(),
            size: received.size,
            etag,
            sha256: Some(received.sha256),
            modified: Some(Utc::now()),
        })
    }

    async fn refuse_existing(&self, key: &ObjectKey) -> Result<(), StorageError> {
        match self.head(key).await {
            Ok(_) => Err(StorageError::AlreadyExists { key: key.to_string() }),
            Err(StorageError::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn put_whole(
        &self,
        key: &ObjectKey,
        content: &[u8],
        create: bool,
    ) -> Result<Option<String>, StorageError> {
        let put = |headers| {
            self.uploads
                .put_object_with_headers(key.as_str(), content, headers)
        };
        let mut done = put(create.then(only_new)).await;
        if create && done.as_ref().is_err_and(knows_no_conditions) {
            self.refuse_existing(key).await?;
            done = put(None).await;
        }
        let answer = done.map_err(|error| write_error(key, error))?;
        Ok(answer
            .as_str()
            .ok()
            .map(plain_etag)
            .filter(|etag| !etag.is_empty()))
    }

    async fn put_parts<S>(
        &self,
        key: &ObjectKey,
        first: Vec<u8>,
        intake: Intake<'_, S>,
        create: bool,
    ) -> Result<Received, StorageError>
    where
        S: Stream<Item = io::Result<Bytes>>,
    {
        let mut upload = Upload::start(&self.uploads, key).await?;
        let sent = async {
            let received = upload.send_all(first, intake).await?;
            let mut done = upload.complete(create.then(only_new)).await;
            if create && done.as_ref().is_err_and(knows_no_conditions) {
                self.refuse_existing(key).await?;
                done = upload.complete(None).await;
            }
            done.map_err(|error| write_error(key, error))?;
            Ok(received)
        }
        .await;
        upload.end(&sent).await;
        sent
    }

    pub(crate) async fn get(
        &self,
        key: &ObjectKey,
        range: Option<Range<u64>>,
    ) -> Result<(ObjectInfo, ByteStream), StorageError> {
        let command = match &range {
            // What no request can say, because S3 counts bytes with a sign, and ranges to the last byte inclusive.
            Some(range) if range.is_empty() || range.start > MAX_POSITION => {
                return Err(StorageError::InvalidRange {
                    size: self.head(key).await?.size,
                });
            }
            Some(range) => Command::GetObjectRange {
                start: range.start,
                end: Some((range.end - 1).min(MAX_POSITION)),
            },
            None => Command::GetObject,
        };
        let answer = tokio::time::timeout(self.silence, async {
            ReqwestRequest::new(&self.downloads, key.as_str(), command)
                .await?
                .response()
                .await
        });
        let answer = match answer.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(S3Error::HttpFailWithBody(416, _))) => {
                return Err(StorageError::InvalidRange {
                    size: self.head(key).await?.size,
                });
            }
            Ok(Err(error)) => return Err(read_error(key, error)),
            Err(_) => return Err(read_error(key, S3Error::Io(io::ErrorKind::TimedOut.into()))),
        };
        let info = match info_of(key, answer.headers()) {
            Some(info) if range.is_none() || answer.status() == StatusCode::PARTIAL_CONTENT => info,
            _ => return Err(unclear_answer(key)),
        };
        let content = answer.bytes_stream().map(|chunk| chunk.map_err(io::Error::other));
        Ok((info, patient(content, self.silence)))
    }

    pub(crate) async fn head(&self, key: &ObjectKey) -> Result<ObjectInfo, StorageError> {
        let request = ReqwestRequest::new(&self.calls, key.as_str(), Command::HeadObject).await;
        let (headers, _) = match request {
            Ok(request) => request.response_header().await,
            Err(error) => Err(error),
        }
        .map_err(|error| read_error(key, error))?;
        info_of(key, &headers).ok_or_else(|| unclear_answer(key))
    }

    pub(crate) async fn delete(&self, key: &ObjectKey) -> Result<(), StorageError> {
        match self.calls.delete_object(key.as_str()).await {
            Err(error) if !is_absent(&error) => Err(explain(format!("delete {key}"), error)),
            _ => Ok(()),
        }
    }

    pub(crate) async fn list(
        &self,
        prefix: &str,
        start_after: Option<&ObjectKey>,
        limit: usize,
    ) -> Result<ListPage, StorageError> {
        let (own, users_only) = (KeyPrefix::own_area(), prefix.is_empty());
        let mut start_after = start_after.map(ToString::to_string);
        let mut token = None;
        let mut page = ListPage::default();
        // A server may answer with fewer than asked for, and not all that it lists are users' objects.
        loop {
            let wanted = limit - page.objects.len();
            let (answer, _) = self
                .calls
                .list_page(prefix.to_owned(), None, token, start_after.take(), Some(wanted))
                .await
                .map_err(|error| explain(format!("list the bucket {}", self.calls.name()), error))?;
            let ends_in_own = answer
                .contents
                .last()
                .is_some_and(|last| last.key.starts_with(own.as_str()));
            // Keys that we would not make, "folder objects" for example, are not objects of ours.
            page.objects
                .extend(answer.contents.into_iter().filter_map(|object| {
                    let key = ObjectKey::parse(&object.key).ok()?;
                    if users_only && key.is_reserved() {
                        return None;
                    }
                    Some(ObjectInfo {
                        key,
                        size: object.size,
                        etag: object.e_tag.as_deref().map(plain_etag),
                        sha256: None,
                        modified: DateTime::parse_from_rfc3339(&object.last_modified)
                            .ok()
                            .map(Into::into),
                    })
                }));
            token = answer.next_continuation_token.filter(|_| answer.is_truncated);
            page.more = token.is_some();
            if !page.more || page.objects.len() >= limit {
                return Ok(page);
            }
            // The console's own area may have very many objects: the list goes on behind it.
            if users_only && ends_in_own {
                (token, start_after) = (None, Some(own.behind().to_string()));
            }
        }
    }

    pub(crate) async fn delete_prefix(&self, prefix: &str) -> Result<(), StorageError> {
        loop {
            let page = self.list(prefix, None, 1000).await?;
            if page.objects.is_empty() {
                return Ok(());
            }
            let objects: Vec<_> = page
                .objects
                .iter()
                .map(|object| ObjectIdentifier::new(object.key.as_str()))
                .collect();
            let what = || format!("delete {prefix}");
            let answer = self
                .calls
                .delete_objects(objects)
                .await
                .map_err(|error| explain(what(), error))?;
            if let Some(refused) = answer.errors.first() {
                let reason = format!("{}: {}: {}", refused.key, refused.code, refused.message);
                return Err(StorageError::Failed {
                    what: what(),
                    source: reason.into(),
                });
            }
        }
    }
}

fn client(config: &S3Config, bucket: &str) -> Result<Box<Bucket>, S3Error> {
    let credentials = Credentials::new(
        Some(&config.access_key),
        Some(config.secret_key.expose()),
        None,
        None,
        None,
    )?;
    let endpoint = config.endpoint.trim_end_matches('/').to_owned();
    let region = Region::Custom {
        region: config.region.clone(),
        endpoint,
    };
    let mut client = Bucket::new(bucket, region, credentials)?;
    if config.path_style {
        client.set_path_style();
    }
    Ok(client)
}

fn only_new() -> HeaderMap {
    HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static("*"))])
}

fn knows_no_conditions(error: &S3Error) -> bool {
    matches!(error, S3Error::HttpFailWithBody(501, _))
}

fn read_error(key: &ObjectKey, error: S3Error) -> StorageError {
    if is_absent(&error) {
        StorageError::NotFound { key: key.to_string() }
    } else {
        explain(format!("read {key}"), error)
    }
}

fn write_error(key: &ObjectKey, error: S3Error) -> StorageError {
    match error {
        S3Error::HttpFailWithBody(412, _) => StorageError::AlreadyExists { key: key.to_string() },
        error => explain(format!("write {key}"), error),
    }
}
