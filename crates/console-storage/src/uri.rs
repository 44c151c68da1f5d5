use crate::error::StorageError;
use crate::key::{KeyError, ObjectKey};

/// Writes and reads URIs as the original console does: `http://<endpoint>/<bucket>/<key>`, the key as it is, without
/// percent-encoding.
#[derive(Debug)]
pub(crate) struct UriForm {
    /// Scheme, host and port.
    pub(crate) endpoint: String,
    pub(crate) bucket: String,
}

impl UriForm {
    pub(crate) fn write(&self, key: &ObjectKey) -> String {
        format!("{}/{}/{key}", self.endpoint, self.bucket)
    }

    /// Bucket and key decide; scheme and endpoint may be of another time or network and are not looked at.
    pub(crate) fn read(&self, uri: &str) -> Result<ObjectKey, StorageError> {
        let refuse = |problem: String| StorageError::InvalidUri {
            uri: uri.to_owned(),
            problem,
        };
        let (_, path) = uri
            .split_once("://")
            .and_then(|(_, rest)| rest.split_once('/'))
            .ok_or_else(|| refuse("it must read http://<endpoint>/<bucket>/<key>".to_owned()))?;
        let (bucket, key) = path
            .split_once('/')
            .ok_or_else(|| refuse("it names no object behind the bucket".to_owned()))?;
        if bucket != self.bucket {
            return Err(refuse(format!("its bucket is not {:?}", self.bucket)));
        }
        match ObjectKey::parse(key) {
            Ok(key) if key.is_reserved() => Err(refuse(KeyError::Reserved.to_string())),
            Ok(key) => Ok(key),
            Err(error) => Err(refuse(error.to_string())),
        }
    }
}
