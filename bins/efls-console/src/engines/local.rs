//! The engine that is built in. Its settings and their defaults stand in `config/default.toml`.

use std::path::PathBuf;

use engine_local::{LocalEngine, LocalEngineConfig, LocalEngineError};
use serde::Deserialize;

use super::{Found, Plug};

/// `[engines.local]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    data_folders: Vec<PathBuf>,
    work_dir: PathBuf,
    threads: usize,
    spill_mib: usize,
    max_join_ids: u64,
    train_memory_mib: usize,
    max_field_kib: u64,
    max_row_kib: u64,
}

pub(super) fn plug() -> Plug {
    Plug::documented(LocalEngine::NAME, problems, engine)
}

fn problems(settings: &Settings) -> Found {
    let mut found = Found::new();
    for (setting, number, least, most) in [
        ("threads", settings.threads as u64, 0, 1024),
        ("spill_mib", settings.spill_mib as u64, 1, 1 << 20),
        ("max_join_ids", settings.max_join_ids, 1, 1 << 40),
        ("train_memory_mib", settings.train_memory_mib as u64, 1, 1 << 24),
        ("max_field_kib", settings.max_field_kib, 1, 1 << 18),
        ("max_row_kib", settings.max_row_kib, 1, 1 << 18),
    ] {
        if !(least..=most).contains(&number) {
            let text = format!("must be a whole number from {least} to {most}");
            found.push((setting.to_owned(), text));
        }
    }
    for folder in settings.data_folders.iter().filter(|folder| !folder.is_dir()) {
        let text = format!("{} is not there, or cannot be read", folder.display());
        found.push(("data_folders".to_owned(), text));
    }
    found
}

fn engine(settings: Settings) -> Result<LocalEngine, LocalEngineError> {
    LocalEngine::new(LocalEngineConfig {
        data_dirs: settings.data_folders,
        work_dir: settings.work_dir,
        threads: settings.threads,
        spill_bytes: settings.spill_mib << 20,
        max_join_ids: settings.max_join_ids,
        train_memory_bytes: settings.train_memory_mib << 20,
        max_field_bytes: settings.max_field_kib << 10,
        max_row_bytes: settings.max_row_kib << 10,
        ..LocalEngineConfig::default()
    })
}
