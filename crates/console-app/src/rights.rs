//! Who may do what, in one table.
//!
//! Everybody who is signed in with a known role reads everything. What changes something is listed in [`Action`];
//! [`require`] is the only place that decides.

use console_model::{ChangeKind, Role};

use crate::{AppError, Operator};

/// What changes something, and the row that it changes as far as that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action<'a> {
    /// Read anything.
    Read,
    /// Create, change or disable a user of a role, or give a role.
    ManageUser(Role),
    /// Invite, accept, add, suspend, un-pair or correct a partner.
    ManagePartners,
    /// Create, change, take or archive a project.
    ManageProject,
    /// Create a task in a project of an owner.
    CreateTask,
    /// Change a task or pair it; its owner and the owner of its project.
    ChangeTask {
        /// Owner of the task.
        owner: &'a str,
        /// Owner of the project.
        project_owner: &'a str,
    },
    /// Start, stop, comment or delete a run.
    Run,
    /// Upload an object.
    WriteObject,
    /// Delete or replace an object of an owner; none when its owner is not known.
    DeleteObject {
        /// Who uploaded it, or owns the task that wrote it.
        owner: Option<&'a str>,
    },
    /// Steer the outbox.
    System,
}

/// Decides.
///
/// | action | root | admin | default |
/// | --- | --- | --- | --- |
/// | read | yes | yes | yes |
/// | manage users | all | role default | no |
/// | manage partners, projects, system | yes | yes | no |
/// | create tasks, upload objects | yes | yes | with `add_task` |
/// | change and pair tasks | yes | yes | with `add_task`, own tasks or own project |
/// | delete or replace objects | yes | yes | with `add_task`, own objects |
/// | start, stop, comment, delete runs | yes | yes | with `run` |
///
/// # Errors
/// `forbidden`, with what is missing.
pub fn require(operator: &Operator, action: Action<'_>) -> Result<(), AppError> {
    let is = |id: &str| operator.id.as_str() == id;
    let (allowed, needed) = match (operator.role, action) {
        (Role::Unknown(_), _) => (false, "a known role; ask an administrator"),
        (Role::Root, _) | (_, Action::Read) => (true, ""),
        (Role::Admin, Action::ManageUser(Role::Default)) => (true, ""),
        (_, Action::ManageUser(Role::Root | Role::Admin | Role::Unknown(_))) => (false, "role root"),
        (Role::Default, Action::ManageUser(Role::Default)) => (false, "role admin"),
        (Role::Admin, _) => (true, ""),
        (Role::Default, Action::ManagePartners | Action::ManageProject | Action::System) => {
            (false, "role admin")
        }
        (Role::Default, Action::CreateTask | Action::WriteObject) => {
            (operator.permissions.add_task, "the permission to add tasks")
        }
        (Role::Default, Action::DeleteObject { owner }) => (
            operator.permissions.add_task && owner.is_some_and(is),
            "the permission to add tasks, and to own the file",
        ),
        (Role::Default, Action::ChangeTask { owner, project_owner }) => (
            operator.permissions.add_task && (is(owner) || is(project_owner)),
            "the permission to add tasks, and to own the task or its project",
        ),
        (Role::Default, Action::Run) => (operator.permissions.run, "the permission to run"),
    };
    if allowed {
        Ok(())
    } else {
        Err(AppError::forbidden(format!("This needs {needed}.")))
    }
}

/// What somebody may do whoever owns the row, for screens that offer nothing that would be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Manage users of the role default.
    ManageUsers,
    /// Manage users of every role.
    ManageAdmins,
    /// Manage partners and invitations.
    ManagePartners,
    /// Manage projects.
    ManageProjects,
    /// Create tasks.
    CreateTasks,
    /// Change every task, not only one's own.
    ChangeAllTasks,
    /// Upload files.
    WriteObjects,
    /// Delete every file, not only one's own.
    DeleteAllObjects,
    /// Run tasks, and decide about the partner's runs.
    Run,
    /// Steer the outbox and name the organisation.
    System,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 10] = [
        Self::ManageUsers,
        Self::ManageAdmins,
        Self::ManagePartners,
        Self::ManageProjects,
        Self::CreateTasks,
        Self::ChangeAllTasks,
        Self::WriteObjects,
        Self::DeleteAllObjects,
        Self::Run,
        Self::System,
    ];

    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ManageUsers => "manage_users",
            Self::ManageAdmins => "manage_admins",
            Self::ManagePartners => "manage_partners",
            Self::ManageProjects => "manage_projects",
            Self::CreateTasks => "create_tasks",
            Self::ChangeAllTasks => "change_all_tasks",
            Self::WriteObjects => "write_objects",
            Self::DeleteAllObjects => "delete_all_objects",
            Self::Run => "run",
            Self::System => "system",
        }
    }

    /// What it allows. A row of nobody stands for the row of anybody.
    const fn action(self) -> Action<'static> {
        match self {
            Self::ManageUsers => Action::ManageUser(Role::Default),
            Self::ManageAdmins => Action::ManageUser(Role::Admin),
            Self::ManagePartners => Action::ManagePartners,
            Self::ManageProjects => Action::ManageProject,
            Self::CreateTasks => Action::CreateTask,
            Self::ChangeAllTasks => Action::ChangeTask {
                owner: "",
                project_owner: "",
            },
            Self::WriteObjects => Action::WriteObject,
            Self::DeleteAllObjects => Action::DeleteObject { owner: None },
            Self::Run => Action::Run,
            Self::System => Action::System,
        }
    }
}

/// The rights of an operator.
#[must_use]
pub fn of(operator: &Operator) -> Vec<Right> {
    let granted = |right: &Right| require(operator, right.action()).is_ok();
    Right::ALL.into_iter().filter(granted).collect()
}

/// The roles that an operator may give.
#[must_use]
pub fn grantable(operator: &Operator) -> Vec<Role> {
    let may_give = |role: &Role| require(operator, Action::ManageUser(*role)).is_ok();
    [Role::Root, Role::Admin, Role::Default]
        .into_iter()
        .filter(may_give)
        .collect()
}

/// Whether somebody is told that something of a kind has changed. Accounts, invitations and the outbox are the
/// administrators' concern; everybody who reads is told of the rest.
#[must_use]
pub fn sees(operator: &Operator, kind: ChangeKind) -> bool {
    let needed = match kind {
        ChangeKind::Partner
        | ChangeKind::Project
        | ChangeKind::Task
        | ChangeKind::Pairing
        | ChangeKind::Resource
        | ChangeKind::Instance
        | ChangeKind::Object => Action::Read,
        ChangeKind::Invitation => Action::ManagePartners,
        ChangeKind::User => Action::ManageUser(Role::Default),
        ChangeKind::Outbox => Action::System,
        // Its own end reaches a listener in another way.
        ChangeKind::Session => return false,
    };
    require(operator, needed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operator::Permissions;
    use console_model::UserId;

    #[test]
    fn rights_follow_the_table() {
        let words = |operator| of(&operator).into_iter().map(Right::word).collect::<Vec<_>>();
        let all = Right::ALL.map(Right::word);
        assert_eq!(words(operator(Role::Root, false, false)), all);
        let admin = words(operator(Role::Admin, false, false));
        assert_eq!(
            all.iter()
                .filter(|word| !admin.contains(word))
                .collect::<Vec<_>>(),
            [&"manage_admins"]
        );
        assert_eq!(
            words(operator(Role::Default, true, true)),
            ["create_tasks", "write_objects", "run"]
        );
        assert!(words(operator(Role::Default, false, false)).is_empty());
        assert!(words(operator(Role::Unknown(9), true, true)).is_empty());
    }

    fn operator(role: Role, add_task: bool, run: bool) -> Operator {
        Operator {
            id: UserId::parse("me").unwrap(),
            name: "me".to_owned(),
            role,
            permissions: Permissions { add_task, run },
            request_id: "r".to_owned(),
        }
    }

    #[test]
    fn nobody_gives_a_role_above_their_own() {
        let of = |role| grantable(&operator(role, true, true));
        assert_eq!(of(Role::Root), [Role::Root, Role::Admin, Role::Default]);
        assert_eq!(of(Role::Admin), [Role::Default]);
        assert_eq!(of(Role::Default), []);
        assert_eq!(of(Role::Unknown(9)), []);
    }

    #[test]
    fn changes_of_administration_are_told_to_administrators() {
        let of_administration = [ChangeKind::Invitation, ChangeKind::User, ChangeKind::Outbox];
        for kind in ChangeKind::ALL {
            let open = !of_administration.contains(kind) && *kind != ChangeKind::Session;
            let admins = *kind != ChangeKind::Session;
            for (role, sees_it) in [
                (Role::Root, admins),
                (Role::Admin, admins),
                (Role::Default, open),
                (Role::Unknown(9), false),
            ] {
                assert_eq!(sees(&operator(role, true, true), *kind), sees_it, "{role} {kind}");
            }
        }
    }

    #[test]
    fn the_table_for_people_says_what_is_decided() {
        let task = |owner, project_owner| Action::ChangeTask { owner, project_owner };
        let rows = [
            (
                "read, files and the state of the console included; check connections",
                Action::Read,
            ),
            (
                "make, change and disable root and admin users",
                Action::ManageUser(Role::Admin),
            ),
            (
                "make, change and disable default users",
                Action::ManageUser(Role::Default),
            ),
            (
                "see and make invitations; accept, suspend, resume, change and un-pair partners",
                Action::ManagePartners,
            ),
            ("begin, take, change and close projects", Action::ManageProject),
            (
                "send or give up messages that wait; name the organisation",
                Action::System,
            ),
            ("make tasks", Action::CreateTask),
            (
                "change and pair own tasks, and tasks of own projects",
                task("me", "x"),
            ),
            ("change and pair tasks of others", task("x", "x")),
            ("upload files", Action::WriteObject),
            (
                "delete and replace own files",
                Action::DeleteObject { owner: Some("me") },
            ),
            (
                "delete and replace files of others",
                Action::DeleteObject { owner: Some("x") },
            ),
            (
                "run, stop, start again, comment and delete runs; accept and refuse a partner's runs",
                Action::Run,
            ),
        ];
        let table = include_str!("../../../docs/RIGHTS.md");
        // The head and the line below it are no rows.
        let written = table.lines().filter(|line| line.starts_with('|')).count() - 2;
        assert_eq!(written, rows.len());
        for (what, action) in rows {
            let may = |role, add_task, run| require(&operator(role, add_task, run), action).is_ok();
            let word = |yes| if yes { "yes" } else { "no" };
            let default = match (
                may(Role::Default, false, false),
                may(Role::Default, true, false),
                may(Role::Default, false, true),
            ) {
                (true, true, true) => "yes",
                (false, true, false) => "with `add_task`",
                (false, false, true) => "with `run`",
                (false, false, false) => word(may(Role::Default, true, true)),
                other => panic!("{what}: {other:?} has no word"),
            };
            let [root, admin] = [Role::Root, Role::Admin].map(|role| word(may(role, false, false)));
            let row = format!("| {what} | {root} | {admin} | {default} |");
            assert!(
                table.lines().any(|line| line == row),
                "docs/RIGHTS.md lacks: {row}"
            );
        }
    }

    #[test]
    fn the_table_holds() {
        let mine = Action::ChangeTask {
            owner: "me",
            project_owner: "x",
        };
        let of_my_project = Action::ChangeTask {
            owner: "x",
            project_owner: "me",
        };
        let foreign = Action::ChangeTask {
            owner: "x",
            project_owner: "x",
        };
        // action, admin, default with both permissions, default without
        let table = [
            (Action::Read, true, true, true),
            (Action::ManageUser(Role::Root), false, false, false),
            (Action::ManageUser(Role::Admin), false, false, false),
            (Action::ManageUser(Role::Default), true, false, false),
            (Action::ManagePartners, true, false, false),
            (Action::ManageProject, true, false, false),
            (Action::System, true, false, false),
            (Action::CreateTask, true, true, false),
            (Action::WriteObject, true, true, false),
            (Action::DeleteObject { owner: Some("me") }, true, true, false),
            (Action::DeleteObject { owner: Some("x") }, true, false, false),
            (Action::DeleteObject { owner: None }, true, false, false),
            (mine, true, true, false),
            (of_my_project, true, true, false),
            (foreign, true, false, false),
            (Action::Run, true, true, false),
        ];
        for (action, admin, with, without) in table {
            assert!(
                require(&operator(Role::Root, false, false), action).is_ok(),
                "root {action:?}"
            );
            assert_eq!(
                require(&operator(Role::Admin, false, false), action).is_ok(),
                admin,
                "admin {action:?}"
            );
            assert_eq!(
                require(&operator(Role::Default, true, true), action).is_ok(),
                with,
                "with {action:?}"
            );
            assert_eq!(
                require(&operator(Role::Default, false, false), action).is_ok(),
                without,
                "without {action:?}"
            );
            assert!(
                require(&operator(Role::Unknown(9), true, true), action).is_err(),
                "unknown {action:?}"
            );
        }
    }
}
