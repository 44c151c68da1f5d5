//! What the queries promise, on SQLite, MariaDB or MySQL, and PostgreSQL alike.
//!
//! SQLite is always tested. The servers are those of `EFLS_TEST_MYSQL_URL` and `EFLS_TEST_POSTGRES_URL`, by an account
//! that may create databases; `tools/with-databases.sh` starts throw-away ones. Without an address the suite of that
//! database is left out, or fails when `EFLS_TEST_REQUIRE_ALL=1`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[macro_use]
mod support;

mod accounts;
mod adoption;
mod changes;
mod concurrency;
mod connection;
mod cooperation;
mod costs;
mod federation;
mod instance_history;
mod instance_lists;
mod instances;
mod outbox;
mod plans;
mod rows;
mod runs;
mod standing;
mod table_profiles;
mod tasks;
mod too_long;
