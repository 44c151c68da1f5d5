use crate::status::numbered_words;

numbered_words! {
    /// What a change that operators see is about (`change_entry.kind`).
    ChangeKind, "kind of change" {
        /// The other organisation's console.
        Partner = 0 "partner",
        /// An offer to pair.
        Invitation = 1 "invitation",
        /// A cooperation.
        Project = 2 "project",
        /// A task version.
        Task = 3 "task",
        /// The link between two task versions.
        Pairing = 4 "pairing",
        /// An object attached to a task version.
        Resource = 5 "resource",
        /// A run.
        Instance = 6 "instance",
        /// A file of the operators.
        Object = 7 "object",
        /// A person.
        User = 8 "user",
        /// A message to a partner.
        Outbox = 9 "outbox",
        /// A signed-in browser. Nobody is told but the process that serves it.
        Session = 10 "session",
    }
}

numbered_words! {
    /// What happened to it (`change_entry.what`).
    ChangeType, "type of change" {
        /// It is there now.
        Created = 0 "created",
        /// It is another one now.
        Updated = 1 "updated",
        /// It is gone.
        Deleted = 2 "deleted",
    }
}

numbered_words! {
    /// Of which half of a run its history tells (`instance_event.side`).
    HistorySide, "side" {
        /// Ours.
        Ours = 0 "ours",
        /// The partner's, as far as the partner told.
        Partner = 1 "partner",
    }
}
