//! An engine that runs both task types on one machine, inside the console's process, over the consoles' peer channel:
//! private set intersection ([`SampleConfig`]) and vertical logistic regression ([`TrainConfig`]).
//!
//! It lets a newcomer see a real join and a real training within minutes, and a small organisation work without a
//! cluster. It uses `task-interface` and nothing else of the console, so it is also the worked example for people who
//! write engines. The cryptography comes from maintained crates (the Ristretto group of `curve25519-dalek`, `sha2`, the
//! ChaCha generator of `rand_chacha`); only the protocol around it is written here.
//!
//! # What the other side learns
//!
//! Both task types are safe against a *semi-honest* partner: one that follows the protocol but looks at everything it
//! gets. Neither is safe against a partner that lies.
//!
//! **The join.** Both sides learn how many different ids the other side has. The side or sides that learn the result
//! know which of their own ids the other side has too. About ids that are not common they learn nothing. Ids can be
//! guessed by whoever puts guessed ids into his own table: such a partner is told which of them the other side has.
//! Nothing in the protocol prevents that; agree on tables, and compare the sizes.
//!
//! **The training.** The side without the label sends, for each row of each step, the sum of its weights times its
//! features (the partial logit). The label's side sends back, for each row, the difference between prediction and label
//! (the residual). So the side without the label sees from the residuals' signs **which rows have which label**, for
//! every row that was trained on. The label's side sees one number per row and epoch about the other side's features;
//! with as many epochs as the other side has features, and with knowledge of some rows, it can work out more about
//! them. Both learn the number of rows and the metrics of every epoch.
//! `noise_sigma` adds Gaussian noise to every number that is sent. It blurs single numbers; a number sent in each of
//! many epochs can be averaged out again, the noise is not calibrated to any guarantee of differential privacy, and the
//! model gets worse with it. If labels must stay secret from the partner, do not train with this engine.
//!
//! Messages to the operator that the partner also sees (why a run failed) never hold values or names of columns.
//!
//! # How training is defined
//!
//! So that a result can be checked by training the same model in one place:
//!
//! - `random(s)` is the ChaCha20 generator of `rand_chacha`, seeded with `seed_from_u64(seed)`, on stream `s`.
//!   `shuffle(s)` are the rows `0..n` after the Fisher-Yates exchange that, for `i` from `n - 1` down to 1, swaps place
//!   `i` with place `⌊u · (i + 1) / 2⁶⁴⌋`, where `u` is the next 64-bit number of `random(s)`.
//! - The first `⌊n · validation_fraction⌋` rows of `shuffle(0)` validate; the others, in ascending order, train.
//! - A feature is standardised with mean and standard deviation (divided by `n`) of its present values in the training
//!   rows; a missing value becomes the mean. A feature that is constant there is 0 everywhere, and its weight stays 0.
//! - Weights and bias begin at 0. Epoch `e`, from 1, takes the training rows in the order of a shuffle of them with
//!   `random(e)`, in steps of `batch_size` rows (the last one may be shorter). A step with rows `B` and residuals
//!   `r = σ(z) − y` does `w ← w − learning_rate · (Σ r·x / |B| + l2 · w)` and `b ← b − learning_rate · Σ r / |B|`.
//! - After each epoch both parts are evaluated with the weights at its end.

mod config;
mod engine;
pub mod group;
mod handshake;
mod input;
mod join;
mod progress;
mod records;
mod seed;
mod train;
mod work;

pub use config::{ResultMode, SampleConfig, TrainConfig};
pub use engine::{LocalEngine, LocalEngineConfig, LocalEngineError};
