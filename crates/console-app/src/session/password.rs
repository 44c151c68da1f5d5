//! Passwords: hashed with Argon2id; hashes of an adopted database are verified and replaced at the next sign-in.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use console_model::{ErrorCode, ErrorKind};
use rand::RngExt;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::AppError;

/// Each Argon2id computation takes 19 MiB: more at a time would let sign-ins eat the machine's memory.
static AT_A_TIME: Semaphore = Semaphore::const_new(2);
/// So many of them are strangers' at most, so that nobody who is known waits behind them.
static STRANGERS: Semaphore = Semaphore::const_new(1);

/// So many more may wait for their turn. Each takes some tens of milliseconds, so nobody waits for long.
const MOST_WAITING: usize = 32;
/// Whoever is sent away may come back after this long.
const COME_BACK: Duration = Duration::from_secs(2);
static LINE: Line = Line(AtomicUsize::new(0));
static STRANGERS_LINE: Line = Line(AtomicUsize::new(0));

/// The least that one computation allocates, though it may need less. From 32 MiB on, glibc asks the system for the
/// memory and gives it back at once; less it keeps for each thread that ever computed a hash, which came to hundreds of
/// MiB. What is allocated and not used costs nothing.
const ALLOCATION: usize = (32 << 20) + 1;

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

/// Who wants something computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody who has signed in, or who works on the machine.
    Known,
    /// Anybody.
    Stranger,
}

/// Hashes a password, when it is its turn.
pub(crate) async fn hash(password: String, caller: Caller) -> Result<String, AppError> {
    let turn = match caller {
        Caller::Known => Turn::wait().await?,
        Caller::Stranger => Turn::wait_as_stranger().await?,
    };
    turn.hash(password).await
}

/// Compares a password with a stored hash, when it is its turn.
pub(crate) async fn verify(password: String, stored: Option<String>) -> Result<Verdict, AppError> {
    Turn::wait().await?.verify(password, stored).await
}

/// The permission to compute hashes, one at a time.
pub(crate) struct Turn {
    _permit: SemaphorePermit<'static>,
    _stranger: Option<SemaphorePermit<'static>>,
}

impl Turn {
    /// Waits for it.
    ///
    /// # Errors
    /// `too_busy` when too many wait already.
    pub(crate) async fn wait() -> Result<Self, AppError> {
        let _waiting = LINE.join()?;
        Self::take(None).await
    }

    /// Waits for it behind the other strangers.
    ///
    /// # Errors
    /// As [`Turn::wait`].
    pub(crate) async fn wait_as_stranger() -> Result<Self, AppError> {
        let _waiting = STRANGERS_LINE.join()?;
        let stranger = STRANGERS.acquire().await.map_err(AppError::internal)?;
        Self::take(Some(stranger)).await
    }

    async fn take(stranger: Option<SemaphorePermit<'static>>) -> Result<Self, AppError> {
        let permit = AT_A_TIME.acquire().await.map_err(AppError::internal)?;
        Ok(Self {
            _permit: permit,
            _stranger: stranger,
        })
    }

    /// Hashes a password with Argon2id (RFC 9106) and the crate's parameters, as a PHC string.
    pub(crate) async fn hash(&self, password: String) -> Result<String, AppError> {
        blocking(move || hashed(&password)).await?
    }

    /// Compares a password with a stored hash. Without a hash it takes as long and is wrong, so that nobody can tell
    /// by the time whether an account exists.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<Verdict, AppError> {
        blocking(move || compare(&password, stored.as_deref())).await
    }
}

/// Those who wait for their turn.
struct Line(AtomicUsize);

/// One of them, until dropped.
struct Waiting<'a>(&'a Line);

impl Line {
    fn join(&self) -> Result<Waiting<'_>, AppError> {
        let waiting = Waiting(self);
        if self.0.fetch_add(1, Ordering::Relaxed) < MOST_WAITING {
            return Ok(waiting);
        }
        let detail = "Too many are signing in at this moment. Try again in a few seconds.";
        Err(AppError::new(ErrorKind::TooMany, ErrorCode::TooBusy, detail).with_retry_after(COME_BACK))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hashed(password: &str) -> Result<String, AppError> {
    phc(password).map_err(AppError::internal)
}

fn phc(password: &str) -> Result<String, argon2::password_hash::Error> {
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let argon2 = Argon2::new(algorithm, version, Params::DEFAULT);
    let (salt, mut output) = (rand::rng().random::<[u8; 16]>(), [0; Params::DEFAULT_OUTPUT_LEN]);
    compute(&argon2, password, &salt, &mut output)?;
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(Salt::new(&salt)?),
        hash: Some(Output::new(&output)?),
    };
    Ok(hash.to_string())
}

fn compute(argon2: &Argon2<'_>, password: &str, salt: &[u8], output: &mut [u8]) -> Result<(), argon2::Error> {
    let blocks = argon2.params().block_count();
    let mut memory = Vec::with_capacity(blocks.max(ALLOCATION.div_ceil(Block::SIZE)));
    memory.resize(blocks, Block::new());
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut memory)
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
        Some(stored) => match is_phc(password, stored) {
            Ok(true) => Verdict::Right,
            Ok(false) | Err(_) => Verdict::Wrong,
        },
        None => {
            let _ = phc(password);
            Verdict::Wrong
        }
    }
}

/// An Argon2 hash as a PHC string, with the parameters that it names.
fn is_phc(password: &str, stored: &str) -> Result<bool, argon2::password_hash::Error> {
    let stored = PasswordHash::new(stored)?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
        return Ok(false);
    };
    let algorithm = Algorithm::try_from(stored.algorithm.as_str())?;
    let version = stored.version.map_or(Ok(Version::V0x13), Version::try_from)?;
    let params = Params::try_from(&stored)?;
    let mut found = vec![0; expected.len()];
    compute(
        &Argon2::new(algorithm, version, params),
        password,
        salt,
        &mut found,
    )?;
    Ok(found.ct_eq(expected.as_bytes()).into())
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

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(AppError::internal)
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
    async fn a_stranger_waits_behind_strangers_alone() {
        let stranger = Turn::wait_as_stranger().await.unwrap();
        let mut second = Box::pin(hash("a second stranger".to_owned(), Caller::Stranger));
        assert!(futures_util::poll!(&mut second).is_pending());
        // Whoever is known does not wait for either.
        hash("somebody known".to_owned(), Caller::Known).await.unwrap();
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(stranger);
        second.await.unwrap();
    }

    #[tokio::test]
    async fn a_password_is_verified_by_its_hash_alone() {
        let stored = hash("correct horse".to_owned(), Caller::Known).await.unwrap();
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
    async fn a_hash_is_one_that_others_can_verify() {
        use argon2::password_hash::{PasswordHasher, PasswordVerifier};
        let ours = hashed("correct horse").unwrap();
        let theirs: PasswordHash = Argon2::default().hash_password(b"correct horse").unwrap();
        for stored in [&ours, &theirs.to_string()] {
            assert!(
                Argon2::default()
                    .verify_password(b"correct horse", stored.as_str())
                    .is_ok()
            );
            assert_eq!(compare("correct horse", Some(stored)), Verdict::Right, "{stored}");
            assert_eq!(compare("wrong horse", Some(stored)), Verdict::Wrong, "{stored}");
        }
    }

    /// On threads that live on, for which an allocator may keep what was freed.
    #[cfg(target_os = "linux")]
    #[test]
    fn no_memory_is_kept_for_hashes() {
        const THREADS: usize = 16;
        let resident_mib = || {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("VmRSS:"))
                .unwrap();
            line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1024
        };
        let before = resident_mib();
        let done = std::sync::Barrier::new(THREADS);
        std::thread::scope(|scope| {
            let compute = || {
                hashed("correct horse").unwrap();
                hashed("correct horse").unwrap();
                done.wait();
                resident_mib()
            };
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(compute)).collect();
            for thread in threads {
                let kept = thread.join().unwrap().saturating_sub(before);
                assert!(kept < 5 * 19, "{kept} MiB were kept");
            }
        });
    }

    #[test]
    fn the_line_has_an_end_and_moves_on() {
        let line = Line(AtomicUsize::new(0));
        let mut waiting: Vec<_> = (0..MOST_WAITING).map(|_| line.join().unwrap()).collect();
        let refused = line.join().err().unwrap();
        assert_eq!(
            (refused.code(), refused.retry_after()),
            (ErrorCode::TooBusy, Some(COME_BACK))
        );
        waiting.pop();
        assert!(line.join().is_ok());
    }
}
