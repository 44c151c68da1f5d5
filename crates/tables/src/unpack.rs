//! Compressed inputs, unpacked while they are read. Nothing is held but what the format itself looks back at.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::read::MultiGzDecoder;

use task_interface::Text;

use super::table::Input;
use crate::words::both;

/// The most that a zstd frame may look back, as a power of two: 8 MiB, which every decoder is to support by RFC 8878. A frame
/// says itself how much it takes, up to gigabytes.
const WINDOW_LOG: u32 = 23;

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// What is wrong with a compressed input.
#[derive(Debug, thiserror::Error)]
pub(super) enum Damage {
    #[error("the {0} input ends in the middle; upload it again, or compress it anew")]
    CutOff(&'static str),
    #[error("the {packing} input cannot be unpacked: {reason}; {way_out}, or attach the plain CSV file")]
    Broken {
        packing: &'static str,
        reason: String,
        way_out: &'static str,
    },
}

impl Damage {
    pub(super) fn in_words(&self) -> Text {
        let zh = match self {
            Self::CutOff(packing) => format!("{packing} 输入文件不完整；请重新上传，或重新压缩"),
            Self::Broken { packing, reason, .. } => {
                let options = if *packing == Packing::Zstd.name() {
                    "（不使用 `--long` 和 `--ultra`）"
                } else {
                    ""
                };
                format!("{packing} 输入文件无法解压：{reason}；请重新压缩{options}，或附加未压缩的 CSV 文件")
            }
        };
        both(self.to_string(), zh)
    }
}

impl Packing {
    /// By the first bytes of a file.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            // The second is a frame that is to be skipped, which some tools write in front.
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    const fn way_out(self) -> &'static str {
        match self {
            Self::Gzip => "compress it anew",
            Self::Zstd => "compress it anew, without `--long` and `--ultra`",
        }
    }

    /// The plain bytes.
    pub(super) fn unpack(self, input: Input) -> io::Result<Input> {
        let failed = Arc::new(AtomicBool::new(false));
        let source = Source {
            input,
            failed: Arc::clone(&failed),
        };
        let plain: Input = match self {
            Self::Gzip => Box::new(MultiGzDecoder::new(source)),
            Self::Zstd => {
                let mut decoder = zstd::Decoder::new(source)?;
                decoder.window_log_max(WINDOW_LOG)?;
                Box::new(decoder)
            }
        };
        Ok(Box::new(Unpacked {
            packing: self,
            plain,
            failed,
        }))
    }
}

/// The packed bytes; remembers whether an error came from here.
struct Source {
    input: Input,
    failed: Arc<AtomicBool>,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer);
        if read.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        read
    }
}

struct Unpacked {
    packing: Packing,
    plain: Input,
    failed: Arc<AtomicBool>,
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.plain.read(buffer).map_err(|error| {
            let packing = self.packing.name();
            if self.failed.load(Ordering::Relaxed) {
                return error;
            }
            io::Error::other(match error.kind() {
                io::ErrorKind::UnexpectedEof => Damage::CutOff(packing),
                _ => Damage::Broken {
                    packing,
                    reason: error.to_string(),
                    way_out: self.packing.way_out(),
                },
            })
        })
    }
}
