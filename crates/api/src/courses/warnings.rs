//! What clashes, as the caller may know it: what they do not see is told of without what it is.

use crate::interventions::InterventionView;
use crate::language::Language;
use crate::problem::ApiError;
use domain::access::{Actor, Areas, Case};
use domain::courses::{Clash, ClashKind, ClashesWith, Planned, Presumptions, clashes};
use domain::ids::InterventionId;
use persistence::Tx;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// A warning. It refuses nothing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClashView {
    /// In what way it clashes: `same-hours`, `two-mentors`, `presumes` or `excludes`; `other` with
    /// something that the caller does not see.
    #[schema(example = "same-hours")]
    kind: &'static str,
    /// With which intervention, where the caller sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    intervention_id: Option<Uuid>,
    /// What that, or the offer that is missing, is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// The same in words, Danish or English.
    message: &'static str,
    /// Whom to ask about what the caller does not see: the coordinating caseworker.
    #[serde(skip_serializing_if = "Option::is_none")]
    coordinator_id: Option<Uuid>,
}

/// An intervention, and what of it clashes with something else.
#[derive(Debug, Serialize, ToSchema)]
pub struct WithClashes {
    #[serde(flatten)]
    intervention: InterventionView,
    clashes: Vec<ClashView>,
}

/// The intervention as it is now, with what clashes.
pub async fn with_clashes(
    tx: &mut Tx,
    actor: &Actor,
    case: &Case,
    id: InterventionId,
    language: Language,
) -> Result<WithClashes, ApiError> {
    let file = tx.intervention_file(id).await?.ok_or(ApiError::NotFound)?;
    let found = Found::of(tx, case, |planned| planned.id == id).await?;
    let told = Telling { actor, case, language }.tell(tx, &found).await?;
    let clashes = told.into_iter().flat_map(|(_, clashes)| clashes).collect();
    Ok(WithClashes { intervention: file.into(), clashes })
}

/// What clashes with each of some interventions.
pub struct Found(Vec<(InterventionId, Vec<Clash>)>);

impl Found {
    /// That of those interventions of the young person that `asked` tells.
    pub async fn of(
        tx: &mut Tx,
        case: &Case,
        asked: impl Fn(&Planned) -> bool,
    ) -> Result<Self, ApiError> {
        let planned = tx.planned_for(case.young_person).await?;
        let rules = tx.all_presumptions().await?;
        let none = Presumptions::default();
        let found = planned
            .iter()
            .filter(|one| !one.over && asked(one))
            .map(|one| {
                let others: Vec<Planned> =
                    planned.iter().filter(|other| other.id != one.id).cloned().collect();
                let own = one.code.as_ref().and_then(|code| rules.get(code)).unwrap_or(&none);
                (one.id, clashes(one, own, &others))
            })
            .collect();
        Ok(Self(found))
    }
}

/// To whom it is told, and how.
pub struct Telling<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// The young person as they stand to the caller.
    pub case: &'a Case,
    /// In which language.
    pub language: Language,
}

impl Telling<'_> {
    /// What may be told of what was found.
    pub async fn tell(
        &self,
        tx: &mut Tx,
        found: &Found,
    ) -> Result<Vec<(InterventionId, Vec<ClashView>)>, ApiError> {
        let all = || found.0.iter().flat_map(|(_, clashes)| clashes);
        let ids: Vec<InterventionId> = all()
            .filter_map(|clash| match &clash.with {
                ClashesWith::Intervention(id) => Some(*id),
                ClashesWith::Missing(_) => None,
            })
            .collect();
        let titles = tx.titles_of(&ids).await?;
        let missing: BTreeSet<&String> = all()
            .filter_map(|clash| match &clash.with {
                ClashesWith::Missing(code) => Some(code),
                ClashesWith::Intervention(_) => None,
            })
            .collect();
        let opened = Areas(self.case.bases.iter().fold(0, |areas, basis| areas | basis.areas.0));
        let mut offers = HashMap::new();
        for code in missing {
            // Where the area is closed, that something is missing in it is not told either.
            let (title, area) = tx.offer_and_area(code).await?;
            if opened.contains(area) {
                offers.insert(code.clone(), title);
            }
        }
        // Across departments; not to an institution, which sees what it provides and nothing else (AC-9):
        // hours that are tried one after the other would tell it when something else is.
        let departmental = self.actor.roles.iter().any(|held| held.department.does_casework());
        let ask = tx.coordinator_to_ask(self.case.young_person).await?.map(Into::into);
        let view = |clash: &Clash| {
            let (id, title) = match &clash.with {
                ClashesWith::Intervention(id) => (Some(id.0), titles.get(id)?.clone()),
                ClashesWith::Missing(code) => (None, offers.get(code)?.clone()),
            };
            Some(ClashView {
                kind: clash.kind.into(),
                intervention_id: id,
                title: Some(title),
                message: words(Some(clash.kind), self.language),
                coordinator_id: None,
            })
        };
        let told = found.0.iter().map(|(id, clashes)| {
            let mut told: Vec<ClashView> = clashes.iter().filter_map(view).collect();
            if departmental && told.len() < clashes.len() {
                // One for however many there are.
                told.push(ClashView {
                    kind: "other",
                    intervention_id: None,
                    title: None,
                    message: words(None, self.language),
                    coordinator_id: ask,
                });
            }
            (*id, told)
        });
        Ok(told.collect())
    }
}

/// A clash in words; none: one with what the caller does not see.
const fn words(kind: Option<ClashKind>, language: Language) -> &'static str {
    match (kind, language) {
        (Some(ClashKind::SameHours), Language::Danish) => "Tiderne falder sammen.",
        (Some(ClashKind::SameHours), Language::English) => "The hours are the same.",
        (Some(ClashKind::TwoMentors), Language::Danish) => "Den unge får to mentorer på samme tid.",
        (Some(ClashKind::TwoMentors), Language::English) => {
            "The young person gets two mentors at the same time."
        }
        (Some(ClashKind::Presumes), Language::Danish) => {
            "Det skal være afsluttet først, og mangler eller er i gang."
        }
        (Some(ClashKind::Presumes), Language::English) => {
            "It is to have ended first, and is missing or still running."
        }
        (Some(ClashKind::Excludes), Language::Danish) => "De to kan ikke foregå på samme tid.",
        (Some(ClashKind::Excludes), Language::English) => "The two cannot run at the same time.",
        (None, Language::Danish) => {
            "Noget andet er planlagt da. Spørg den koordinerende sagsbehandler."
        }
        (None, Language::English) => {
            "Something else is planned then. Ask the coordinating caseworker."
        }
    }
}
