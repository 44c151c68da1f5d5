//! The settings of each kind of config, in the order of the form.

mod generic;
mod increment;
mod join;
mod train;

use super::Form;
pub(super) use generic::{GENERIC, ROLE};
pub(super) use increment::INCREMENT;
pub(super) use join::JOIN;
pub(super) use train::{TRAIN, TRAIN_ROLE};

/// A setting.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) key: &'static str,
    pub(super) form: Form,
    /// In English and in Chinese.
    pub(super) title: (&'static str, &'static str),
    pub(super) help: (&'static str, &'static str),
    pub(super) needed: bool,
    /// Empty for none.
    pub(super) default: &'static str,
    pub(super) shared: Shared,
    pub(super) advanced: bool,
}

/// Whether both sides must agree on a setting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    No,
    Equal,
    /// Each side says one of the two words.
    Mirrored(&'static str, &'static str),
}

impl Setting {
    const fn new(
        key: &'static str,
        form: Form,
        title: (&'static str, &'static str),
        help: (&'static str, &'static str),
    ) -> Self {
        Self {
            key,
            form,
            title,
            help,
            needed: false,
            default: "",
            shared: Shared::No,
            advanced: false,
        }
    }

    const fn needed(mut self) -> Self {
        self.needed = true;
        self
    }

    const fn or(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    const fn shared(mut self) -> Self {
        self.shared = Shared::Equal;
        self
    }

    const fn mirrored(mut self, one: &'static str, other: &'static str) -> Self {
        self.shared = Shared::Mirrored(one, other);
        self
    }

    const fn advanced(mut self) -> Self {
        self.advanced = true;
        self
    }
}
