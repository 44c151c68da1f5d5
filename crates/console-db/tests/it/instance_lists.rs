//! Lists of runs: every filter, every page, cursors across equal times.

use console_db::instances::{self, InstanceFilter};
use console_db::{Cursor, Db, Page};
use console_model::InstanceStatus as Status;

use crate::rows::{cooperation, id, instance};
use crate::support::{Fixture, moment};

on_each!(pages filters names);

const STATES: [Status; 4] = [Status::Ready, Status::Running, Status::Failed, Status::Succeeded];

/// Thirty runs in four states, five in each second.
async fn thirty(db: &Db) {
    let tx = db.begin().await.unwrap();
    for n in 0..30_usize {
        let at = i64::try_from(n / 5).unwrap();
        let new = instance(&format!("i{n:02}"), STATES[n % 4], at);
        instances::insert(&tx, new).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// The numbers of the runs in the pages of a list, newest first.
async fn walk(db: &Db, filter: &InstanceFilter, limit: u64) -> Vec<usize> {
    let mut seen = Vec::new();
    let mut page = Page::first(limit);
    loop {
        let rows = instances::list(db.reader(), filter, &page).await.unwrap();
        assert!(rows.len() as u64 <= limit);
        seen.extend(
            rows.iter()
                .map(|one| one.row.id.as_str()[1..].parse::<usize>().unwrap()),
        );
        match rows.last() {
            Some(last) if rows.len() as u64 == limit => {
                let cursor = Cursor {
                    at: last.row.gmt_create,
                    id: last.row.id.to_string(),
                };
                page = Page::after(limit, cursor);
            }
            _ => return seen,
        }
    }
}

async fn pages(t: Fixture) {
    thirty(&t.db).await;
    let scopes = [
        InstanceFilter::default(),
        InstanceFilter {
            project: Some(id("p1")),
            ..InstanceFilter::default()
        },
        InstanceFilter {
            task: Some(id("t1")),
            ..InstanceFilter::default()
        },
        InstanceFilter {
            project: Some(id("p1")),
            task: Some(id("t1")),
            pairing: Some(id("r1")),
            ..InstanceFilter::default()
        },
    ];
    for scope in scopes {
        for chosen in [&[][..], &STATES[2..3], &STATES[1..3], &STATES[..]] {
            let filter = InstanceFilter {
                statuses: chosen.iter().chain(chosen).copied().collect(),
                ..scope.clone()
            };
            let fits = |n: &usize| chosen.is_empty() || chosen.contains(&STATES[n % 4]);
            let expected: Vec<usize> = (0..30).rev().filter(fits).collect();
            for limit in [1, 4, 7, 100] {
                assert_eq!(
                    walk(&t.db, &filter, limit).await,
                    expected,
                    "{filter:?} by {limit}"
                );
            }
        }
    }
}

async fn filters(t: Fixture) {
    thirty(&t.db).await;
    let mut other = instance("i90", Status::Failed, 50);
    other.project_id = id("p2");
    other.task_id = id("t2");
    other.task_root_id = Some(id("t9"));
    other.pairing_id = id("r2");
    instances::insert(&t.db, other).await.unwrap();
    let both = vec![Status::Failed, Status::Running];
    for filter in [
        InstanceFilter {
            project: Some(id("p2")),
            ..InstanceFilter::default()
        },
        InstanceFilter {
            task: Some(id("t2")),
            statuses: both.clone(),
            ..InstanceFilter::default()
        },
        InstanceFilter {
            task_root: Some(id("t9")),
            statuses: both.clone(),
            ..InstanceFilter::default()
        },
        InstanceFilter {
            created_from: Some(moment(50)),
            created_before: Some(moment(51)),
            ..InstanceFilter::default()
        },
        InstanceFilter {
            created_from: Some(moment(6)),
            statuses: both.clone(),
            ..InstanceFilter::default()
        },
        InstanceFilter {
            pairing: Some(id("r2")),
            statuses: vec![Status::Failed],
            ..InstanceFilter::default()
        },
    ] {
        assert_eq!(walk(&t.db, &filter, 10).await, [90], "{filter:?}");
    }
    let nothing = InstanceFilter {
        project: Some(id("p2")),
        task: Some(id("t1")),
        statuses: both,
        ..InstanceFilter::default()
    };
    assert!(walk(&t.db, &nothing, 10).await.is_empty());
}

async fn names(t: Fixture) {
    cooperation(&t.db).await;
    let db = t.db.writer();
    instances::insert(&t.db, instance("i1", Status::Failed, 0))
        .await
        .unwrap();
    let mut orphan = instance("i2", Status::Running, 1);
    orphan.task_id = id("gone");
    orphan.partner_id = None;
    instances::insert(&t.db, orphan).await.unwrap();
    for statuses in [vec![], vec![Status::Failed, Status::Running]] {
        let filter = InstanceFilter {
            statuses,
            ..InstanceFilter::default()
        };
        let list = instances::list(db, &filter, &Page::first(10)).await.unwrap();
        assert_eq!(list.len(), 2);
        assert_eq!(
            (list[0].task_name.as_ref(), list[0].partner_name.as_ref()),
            (None, None)
        );
        assert_eq!(list[1].task_name.as_deref(), Some("join"));
        assert_eq!(list[1].task_type, Some(1));
        assert_eq!(list[1].partner_name.as_deref(), Some("Partner a 😀"));
        assert_eq!(
            Some(&list[1].row),
            instances::find(db, &id("i1")).await.unwrap().as_ref()
        );
    }
}
