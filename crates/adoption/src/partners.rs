//! Which partner each project gets.

use std::collections::BTreeMap;

use console_db::{ConnectionTrait, DbErr};
use console_peer::address::PartnerAddress;

use crate::report::{PartnerPlan, ProjectPlan};
use crate::sql::{self, Tables};
use crate::{AdoptError, Choices};

/// The projects that are taken, each with the address of its partner: the operator's choice, or the one that it has.
pub(crate) async fn projects(
    db: &impl ConnectionTrait,
    tables: Tables,
    choices: &Choices,
) -> Result<Vec<ProjectPlan>, DbErr> {
    let query = format!(
        "SELECT p.id, p.name, p.peer_url FROM {} p WHERE {} ORDER BY p.id",
        tables.name("project"),
        sql::is_usable("project", "p")
    );
    let found = sql::rows(db, &query, Vec::new()).await?;
    found
        .iter()
        .map(|row| {
            let id: String = row.try_get_by_index(0)?;
            let peer_url: String = row.try_get_by_index(2)?;
            let wanted = choices.assigned.get(&id).unwrap_or(&peer_url);
            let partner = PartnerAddress::parse(wanted).ok();
            Ok(ProjectPlan {
                name: row.try_get_by_index(1)?,
                partner: partner.map(|address| address.as_str().to_owned()),
                id,
                peer_url,
            })
        })
        .collect()
}

/// The partners of some projects, one for each address.
pub(crate) fn partners(projects: &[ProjectPlan], choices: &Choices) -> Vec<PartnerPlan> {
    let names: BTreeMap<String, &String> = choices
        .partner_names
        .iter()
        .filter_map(|(address, name)| Some((PartnerAddress::parse(address).ok()?.as_str().to_owned(), name)))
        .collect();
    let mut partners: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for project in projects {
        if let Some(address) = &project.partner {
            partners.entry(address).or_default().push(project.id.clone());
        }
    }
    partners
        .into_iter()
        .map(|(address, projects)| PartnerPlan {
            name: names
                .get(address)
                .map_or_else(|| console_model::plain(address, 248), |name| (*name).clone()),
            address: address.to_owned(),
            projects,
        })
        .collect()
}

/// Refuses choices that name nothing, before anything is written.
pub(crate) fn refuse_wrong(projects: &[ProjectPlan], choices: &Choices) -> Result<(), AdoptError> {
    let refuse = |text: String| Err(AdoptError::WrongChoice(text));
    for (project, address) in &choices.assigned {
        if let Err(error) = PartnerAddress::parse(address) {
            return refuse(format!("{address:?}, given to the project {project}: {error}"));
        }
        if !projects.iter().any(|known| known.id == *project) {
            return refuse(format!("there is no project {project:?} to give a partner to"));
        }
    }
    let planned = partners(projects, choices);
    for (address, name) in &choices.partner_names {
        let parsed = match PartnerAddress::parse(address) {
            Ok(parsed) => parsed,
            Err(error) => return refuse(format!("{address:?}: {error}")),
        };
        if !planned.iter().any(|partner| partner.address == parsed.as_str()) {
            return refuse(format!("no project has a partner at {address:?}"));
        }
        if let Err(error) = console_model::PlainName::<256>::parse(name) {
            return refuse(format!("{name:?} is no name of a partner: {error}"));
        }
    }
    let mut names: Vec<String> = planned
        .iter()
        .map(|partner| console_model::look_alike(&partner.name))
        .collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return refuse("two partners would have the same name, or names that look alike".to_owned());
    }
    Ok(())
}
