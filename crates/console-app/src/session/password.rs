//! Passwords: hashed with Argon2id; hashes of an adopted database are verified and replaced at the next sign-in.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use crate::AppError;

/// Each Argon2id computation takes 19 MiB: more at a time would let sign-ins eat the machine's memory.
const THREADS: usize = 2;
static AT_A_TIME: Semaphore = Semaphore::const_new(THREADS);

/// Threads that do nothing else. An allocator keeps what a thread has freed for that thread: on any thread that happens
/// to be free, as blocking work usually is done, the 19 MiB would be kept many times.
static POOL: LazyLock<Result<ThreadPool, ThreadPoolBuildError>> = LazyLock::new(|| {
    ThreadPoolBuilder::new()
        .num_threads(THREADS)
        .thread_name(|number| format!("password-{number}"))
        // Whoever waits for the work sees that it did not end.
        .panic_handler(|_| {})
        .build()
});

/// The most rounds of an adopted hash that are computed; the original wrote 260,000.
const MOST_ROUNDS: u32 = 10_000_000;

/// What a comparison found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is the password.
    Right,
    /// It is the password, and its hash is of an older kind that should be replaced.
    RightButOld,
    /// It is not the password.
    Wrong,
}

/// Hashes a password, when it is its turn.
pub(crate) async fn hash(password: String) -> Result<String, AppError> {
    Turn::wait().await?.hash(password).await
}

/// Compares a password with a stored hash, when it is its turn.
pub(crate) async fn verify(password: String, stored: Option<String>) -> Result<Verdict, AppError> {
    Turn::wait().await?.verify(password, stored).await
}

/// The permission to compute hashes, one at a time.
pub(crate) struct Turn {
    _permit: SemaphorePermit<'static>,
}

impl Turn {
    /// Waits for it.
    pub(crate) async fn wait() -> Result<Self, AppError> {
        let permit = AT_A_TIME.acquire().await.map_err(AppError::internal)?;
        Ok(Self { _permit: permit })
    }

    /// Hashes a password with Argon2id (RFC 9106) and the crate's parameters, as a PHC string.
    pub(crate) async fn hash(&self, password: String) -> Result<String, AppError> {
        computed(move || hashed(&password)).await?
    }

    /// Compares a password with a stored hash. Without a hash it takes as long and is wrong, so that nobody can tell
    /// by the time whether an account exists.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, AppError> {
        computed(move || compare(&password, stored.as_deref())).await
    }
}

fn hashed(password: &str) -> Result<String, AppError> {
    let hash: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| AppError::internal(error.to_string()))
}

fn compare(password: &str, stored: Option<&str>) -> Verdict {
    match stored {
        Some(stored) if stored.starts_with("pbkdf2:") => {
            if is_werkzeug(password, stored) {
                Verdict::RightButOld
            } else {
                Verdict::Wrong
            }
        }
        Some(stored) => match PasswordHash::new(stored) {
            Ok(hash)
                if Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok() =>
            {
                Verdict::Right
            }
            Ok(_) | Err(_) => Verdict::Wrong,
        },
        None => {
            let _: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
            Verdict::Wrong
        }
    }
}

/// `pbkdf2:sha256:<rounds>$<salt>$<hex>`, as the original's library (werkzeug) writes it; the salt is used as text.
fn is_werkzeug(password: &str, stored: &str) -> bool {
    let mut parts = stored.splitn(3, '$');
    let (Some(method), Some(salt), Some(expected)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let rounds = method
        .strip_prefix("pbkdf2:sha256:")
        .and_then(|rounds| rounds.parse().ok());
    let (Some(rounds), Ok(expected)) = (rounds, hex::decode(expected)) else {
        return false;
    };
    if !(1..=MOST_ROUNDS).contains(&rounds) || expected.len() != 32 {
        return false;
    }
    let mut found = [0_u8; 32];
    pbkdf2::pbkdf2_hmac::<Sha256>(password.as_bytes(), salt.as_bytes(), rounds, &mut found);
    found.ct_eq(expected.as_slice()).into()
}

async fn computed<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let pool = POOL
        .as_ref()
        .map_err(|error| AppError::internal(error.to_string()))?;
    let (send, done) = oneshot::channel();
    pool.spawn(move || {
        // Nobody waits any more for a request that was given up.
        let _ = send.send(work());
    });
    done.await.map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_of_the_original_is_verified() {
        // hashlib.pbkdf2_hmac("sha256", b"correct horse", b"SaltSalt", 1000).hex()
        let hex = "d1c3abaabab9367f425a05860c59631f264bb38fcba769e229dff8684f62bc3f";
        let stored = format!("pbkdf2:sha256:1000$SaltSalt${hex}");
        assert!(is_werkzeug("correct horse", &stored));
        assert!(!is_werkzeug("wrong horse", &stored));
        for broken in [
            "pbkdf2:sha256:1000$x",
            "pbkdf2:md5:1$a$b",
            "pbkdf2:sha256:0$a$b",
            "pbkdf2:sha256:x$a$b",
        ] {
            assert!(!is_werkzeug("correct horse", broken), "{broken}");
        }
    }

    #[tokio::test]
    async fn a_password_is_verified_by_its_hash_alone() {
        let stored = hash("correct horse".to_owned()).await.unwrap();
        assert!(
            stored.starts_with("$argon2id$") && stored.len() <= 128,
            "{stored}"
        );
        assert_eq!(
            verify("correct horse".to_owned(), Some(stored.clone()))
                .await
                .unwrap(),
            Verdict::Right
        );
        assert_eq!(
            verify("wrong horse".to_owned(), Some(stored)).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(
            verify("correct horse".to_owned(), None).await.unwrap(),
            Verdict::Wrong
        );
        assert_eq!(
            verify("x".to_owned(), Some("no hash".to_owned())).await.unwrap(),
            Verdict::Wrong
        );
    }

    #[tokio::test]
    async fn the_same_few_threads_compute_every_hash() {
        let mut threads = std::collections::HashSet::new();
        for _ in 0..20 {
            let at_once = (0..2 * THREADS).map(|_| computed(|| std::thread::current().id()));
            threads.extend(futures_util::future::try_join_all(at_once).await.unwrap());
        }
        assert!(threads.len() <= THREADS, "{threads:?}");
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_next_one_computes() {
        assert!(computed(|| panic!("on purpose")).await.is_err());
        assert_eq!(computed(|| 5).await.unwrap(), 5);
    }
}
