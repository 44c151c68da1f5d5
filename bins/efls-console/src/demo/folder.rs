//! The folder that holds all that the two consoles store, and the passwords that were made for them.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rand::RngExt;
use rand::distr::Alphanumeric;
use serde::{Deserialize, Serialize};

use crate::out::private_folder;

/// The administrator on both consoles.
pub(super) const USER: &str = "admin";
const PASSWORD_LENGTH: usize = 16;

#[derive(Serialize, Deserialize)]
struct Passwords {
    host: String,
    peer: String,
}

/// The folder, locked for as long as this exists.
pub(super) struct Folder {
    path: PathBuf,
    passwords: Passwords,
    _lock: File,
}

impl Folder {
    /// Makes or opens the folder.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        private_folder(path).with_context(|| format!("the folder {} cannot be made", path.display()))?;
        // Both consoles get it by environment, and must find it wherever they start.
        let path = path
            .canonicalize()
            .with_context(|| format!("the folder {} cannot be used", path.display()))?;
        let lock = File::create(path.join("lock"))
            .with_context(|| format!("the folder {} cannot be written to", path.display()))?;
        if lock.try_lock().is_err() {
            bail!(
                "another demo is running on {}; stop it, or choose another folder with --dir",
                path.display()
            );
        }
        let passwords = passwords(&path.join("passwords.json"))?;
        Ok(Self {
            path,
            passwords,
            _lock: lock,
        })
    }

    /// What one console stores.
    pub(super) fn of(&self, side: &str) -> PathBuf {
        self.path.join(side)
    }

    /// The password of the administrator of one console.
    pub(super) fn password(&self, side: &str) -> &str {
        if side == "host" {
            &self.passwords.host
        } else {
            &self.passwords.peer
        }
    }

    /// Where to go on, for a person.
    pub(super) fn sign_ins(&self, host: &str, peer: &str) -> String {
        format!(
            "\nBoth consoles keep running; Ctrl-C ends them, and the next run goes on from {}.\n\n  \
             host  {host}  user {USER}  password {}\n  peer  {peer}  user {USER}  password {}\n\n\
             Every operation is described at {host}/api/docs",
            self.path.display(),
            self.passwords.host,
            self.passwords.peer
        )
    }
}

fn passwords(path: &Path) -> anyhow::Result<Passwords> {
    match fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .with_context(|| format!("{} is damaged; remove the folder to begin anew", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let passwords = Passwords {
                host: password(),
                peer: password(),
            };
            write_private(path, &serde_json::to_vec_pretty(&passwords)?)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            Ok(passwords)
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Whole or not at all, and for nobody else to read.
fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(new, path)
}

fn password() -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(PASSWORD_LENGTH)
        .map(char::from)
        .collect()
}
