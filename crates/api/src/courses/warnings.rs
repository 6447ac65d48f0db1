//! What clashes, as the caller may know it. Of what they do not see they are told only that its hours are
//! the same, and only where they see the plan: any other word would tell what it is, for the catalogue, which
//! says what excludes and presumes what, is read by all.

use crate::interventions::InterventionView;
use crate::language::Language;
use crate::problem::ApiError;
use crate::schema;
use domain::access::Case;
use domain::courses::{Clash, ClashKind, ClashesWith, Planned, Presumptions, clashes};
use domain::ids::InterventionId;
use persistence::Tx;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use utoipa::ToSchema;
use uuid::Uuid;

/// A warning. It refuses nothing. With something that the caller does not see its kind is always the same hours.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClashView {
    #[schema(schema_with = schema::code::<ClashKind>)]
    kind: ClashKind,
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
    case: &Case,
    id: InterventionId,
    language: Language,
) -> Result<WithClashes, ApiError> {
    let file = tx.intervention_file(id).await?.ok_or(ApiError::NotFound)?;
    let found = Found::of(tx, case, |planned| planned.id == id).await?;
    let told = Telling { case, language }.tell(tx, &found).await?;
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
        // Where the area is closed, that something is missing in it is not told.
        let open = tx.wide_areas(self.case.young_person).await?;
        let offers: HashMap<String, String> = tx
            .offers_and_areas(&missing)
            .await?
            .into_iter()
            .filter(|(_, _, area)| open.contains(*area))
            .map(|(code, title, _)| (code, title))
            .collect();
        let is_hidden = |clash: &Clash| match &clash.with {
            ClashesWith::Intervention(id) => {
                clash.kind == ClashKind::SameHours && !titles.contains_key(id)
            }
            ClashesWith::Missing(_) => false,
        };
        let ask = if all().any(is_hidden) {
            tx.coordinator_to_ask(self.case.young_person).await?.map(Into::into)
        } else {
            None
        };
        let view = |clash: &Clash| {
            let (id, title) = match &clash.with {
                ClashesWith::Intervention(id) => (Some(id.0), titles.get(id)?.clone()),
                ClashesWith::Missing(code) => (None, offers.get(code)?.clone()),
            };
            Some(ClashView {
                kind: clash.kind,
                intervention_id: id,
                title: Some(title),
                message: words(Some(clash.kind), self.language),
                coordinator_id: None,
            })
        };
        let told = found.0.iter().map(|(id, clashes)| {
            let mut told: Vec<ClashView> = clashes.iter().filter_map(view).collect();
            if clashes.iter().any(is_hidden) {
                // One for however many there are.
                told.push(ClashView {
                    kind: ClashKind::SameHours,
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
