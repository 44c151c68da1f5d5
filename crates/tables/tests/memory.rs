//! Alone in its process, because memory is measured for all of one.

#![cfg(target_os = "linux")]

use std::io::{self, Read};
use std::ops::ControlFlow;

use tables::{Dialect, Limit, Markers, Table, profile};

const COLUMNS: usize = 50;
const MIB: u64 = 1 << 20;

/// Rows whose values all differ, made while they are read.
struct Rows {
    left: u64,
    row: Vec<u8>,
    given: usize,
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.row.len() && self.left > 0 {
            self.left -= 1;
            let fields: Vec<_> = (0..COLUMNS as u64)
                .map(|column| (self.left * COLUMNS as u64 + column).to_string())
                .collect();
            self.row = (fields.join(",") + "\n").into_bytes();
            self.given = 0;
        }
        let count = buffer.len().min(self.row.len() - self.given);
        buffer[..count].copy_from_slice(&self.row[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// The most that this process has had in memory, in bytes.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib << 10)
}

#[test]
fn memory_does_not_grow_with_the_table() {
    // Beyond what is counted exactly in each column.
    let rows = 60_000;
    let input = Rows {
        left: rows,
        row: Vec::new(),
        given: 0,
    };
    let dialect = Dialect {
        has_header: false,
        ..Dialect::default()
    };
    let mut table = Table::new(Box::new(input), &dialect, Limit::default()).unwrap();
    let before = most_memory().unwrap();
    let found = profile::of(&mut table, &Markers::usual(), |_| ControlFlow::Continue(())).unwrap();
    let grown = most_memory().unwrap() - before;
    assert_eq!((found.rows, found.columns.len()), (rows, COLUMNS));
    assert!(found.columns.iter().all(|column| column.distinct.is_estimate));
    assert!(grown < 100 * MIB, "{} MiB", grown / MIB);
}
