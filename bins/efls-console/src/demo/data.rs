//! The two tables.

use std::path::Path;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::cli::Demo;

const SAMPLE_HOST: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../examples/data/host.csv"
));
const SAMPLE_PEER: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../examples/data/peer.csv"
));
const SAMPLE_ID: &str = "id";
const SAMPLE_LABEL: &str = "malignant";

/// Which console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The one that asks.
    Host,
    /// The other one.
    Peer,
}

/// One side's table.
pub(super) struct Table {
    /// The object's name.
    pub(super) name: String,
    /// What the person calls it.
    called: String,
    /// The file's content.
    pub(super) content: Vec<u8>,
    /// Its hexadecimal digest.
    pub(super) sha256: String,
    columns: Vec<String>,
}

/// Both tables and what they are for.
pub(super) struct Tables {
    pub(super) host: Table,
    pub(super) peer: Table,
    /// The column of the id.
    pub(super) id: String,
    /// The column to be predicted.
    pub(super) label: String,
    /// Who has it.
    pub(super) label_side: Side,
    /// Short text that tells these tables and columns from others.
    pub(super) key: String,
}

impl Tables {
    /// Reads the tables and looks at their headers.
    pub(super) fn read(args: &Demo) -> anyhow::Result<Self> {
        let (host, peer) = match (&args.host_data, &args.peer_data) {
            (Some(host), Some(peer)) => (Table::file(host, "host")?, Table::file(peer, "peer")?),
            _ => (
                Table::new(
                    "breast-cancer-host.csv".to_owned(),
                    SAMPLE_HOST.into(),
                    "the host's sample",
                )?,
                Table::new(
                    "breast-cancer-peer.csv".to_owned(),
                    SAMPLE_PEER.into(),
                    "the peer's sample",
                )?,
            ),
        };
        let id = args.id.clone().unwrap_or_else(|| SAMPLE_ID.to_owned());
        let label = args.label.clone().unwrap_or_else(|| SAMPLE_LABEL.to_owned());
        for table in [&host, &peer] {
            if !table.has(&id) {
                bail!(
                    "{} has no column {id:?} for the id; it has: {}",
                    table.called,
                    table.columns.join(", ")
                );
            }
        }
        if id == label {
            bail!("{label:?} cannot be both the id and the label");
        }
        let label_side = match (host.has(&label), peer.has(&label)) {
            (true, false) => Side::Host,
            (false, true) => Side::Peer,
            (true, true) => {
                bail!("both tables have the column {label:?}; the label belongs to one side alone")
            }
            (false, false) => bail!(
                "no table has a column {label:?} for the label; {} has: {}; {} has: {}",
                host.called,
                host.columns.join(", "),
                peer.called,
                peer.columns.join(", ")
            ),
        };
        let all = [&host.sha256, &peer.sha256, &id, &label]
            .map(String::as_str)
            .join("\n");
        let key = hex::encode(&Sha256::digest(all)[..3]);
        Ok(Self {
            host,
            peer,
            id,
            label,
            label_side,
            key,
        })
    }
}

impl Table {
    fn file(path: &Path, side: &str) -> anyhow::Result<Self> {
        let content = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let mut table = Self::new(path.display().to_string(), content, &path.display().to_string())?;
        // Two files of one name are two objects; one file is one object, whatever its path.
        table.name = format!("{side}-{}.csv", &table.sha256[..12]);
        Ok(table)
    }

    fn new(name: String, content: Vec<u8>, called: &str) -> anyhow::Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(content.as_slice());
        let header = reader
            .headers()
            .with_context(|| format!("{called} is no CSV file in UTF-8"))?;
        let columns: Vec<String> = header.iter().map(ToOwned::to_owned).collect();
        if columns.iter().all(String::is_empty) {
            bail!("{called} is empty; it needs a header line with the names of its columns");
        }
        let mut row = csv::ByteRecord::new();
        if !reader
            .read_byte_record(&mut row)
            .with_context(|| format!("{called} is no CSV file"))?
        {
            bail!("{called} has a header line, but no row");
        }
        let sha256 = hex::encode(Sha256::digest(&content));
        Ok(Self {
            name,
            called: called.to_owned(),
            content,
            sha256,
            columns,
        })
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|name| name == column)
    }
}
