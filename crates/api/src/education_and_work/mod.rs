//! School, education and work. One file per operation.

pub mod list;
pub mod record;
pub mod tell_days;

use crate::day::Day;
use crate::on_day::ensure_not_after;
use crate::problem::ApiError;
use crate::schema;
use chrono::NaiveDate;
use domain::access::Permit;
use domain::access::policy::RecordEducationAndWork;
use domain::courses::WeeklyHours;
use domain::education_and_work::{
    Episode, EpisodeDays, EpisodeEvent, EpisodeKind, EpisodeRefusal, EpisodeState, Pursuit, Source,
};
use domain::ids::YoungPersonId;
use persistence::{Change, Tx};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Something a young person applied for, or is or was in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EpisodeView {
    id: Uuid,
    #[schema(schema_with = schema::code::<EpisodeKind>)]
    kind: EpisodeKind,
    /// Of the education or the trade.
    name: Option<String>,
    /// The institution, the school or the employer.
    place: String,
    /// Of school: 7 to 10.
    grade: Option<i16>,
    /// Of work.
    hours_per_week: Option<f64>,
    #[schema(schema_with = schema::code::<EpisodeState>)]
    state: EpisodeState,
    applied_on: Option<NaiveDate>,
    enrolled_on: Option<NaiveDate>,
    started_on: Option<NaiveDate>,
    /// The first day outside it, carried through.
    completed_on: Option<NaiveDate>,
    /// The first day outside it, given up.
    dropped_out_on: Option<NaiveDate>,
    #[schema(schema_with = schema::code::<Source>)]
    source: Source,
    version: i64,
}

/// Days of an episode: those that are known. The state follows from them; none of them is ahead.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "a day each, as elsewhere")]
pub struct EpisodeDaysBody {
    #[serde(default)]
    applied_on: Option<Day>,
    /// Admitted, or hired.
    #[serde(default)]
    enrolled_on: Option<Day>,
    #[serde(default)]
    started_on: Option<Day>,
    /// The first day outside it, carried through; of work: ended as was meant.
    #[serde(default)]
    completed_on: Option<Day>,
    /// The first day outside it, given up or broken off, also before it began.
    #[serde(default)]
    dropped_out_on: Option<Day>,
}

impl EpisodeDaysBody {
    /// The days, none of them after today; `at` is where they stand in the body.
    fn until(&self, at: &str, today: NaiveDate) -> Result<EpisodeDays, ApiError> {
        let days = EpisodeDays {
            applied_on: self.applied_on.map(Day::date),
            enrolled_on: self.enrolled_on.map(Day::date),
            started_on: self.started_on.map(Day::date),
            completed_on: self.completed_on.map(Day::date),
            dropped_out_on: self.dropped_out_on.map(Day::date),
        };
        let each = [
            ("/appliedOn", days.applied_on),
            ("/enrolledOn", days.enrolled_on),
            ("/startedOn", days.started_on),
            ("/completedOn", days.completed_on),
            ("/droppedOutOn", days.dropped_out_on),
        ];
        for (pointer, day) in each {
            if let Some(day) = day {
                ensure_not_after(&format!("{at}{pointer}"), day, today)?;
            }
        }
        Ok(days)
    }
}

impl From<EpisodeRefusal> for ApiError {
    fn from(refusal: EpisodeRefusal) -> Self {
        Self::refused(&refusal)
    }
}

impl From<Episode> for EpisodeView {
    fn from(episode: Episode) -> Self {
        let days = episode.course.days();
        let (kind, state) = (episode.pursuit.kind(), episode.course.state());
        let (name, place, grade, hours) = match episode.pursuit {
            Pursuit::Education { name, place } => (Some(name), place, None, None),
            Pursuit::School { grade, place } => (None, place, Some(grade), None),
            Pursuit::Apprenticeship { name, place, hours_per_week } => {
                (Some(name), place, None, Some(hours_per_week))
            }
            Pursuit::Job { place, hours_per_week }
            | Pursuit::SpareTimeJob { place, hours_per_week } => {
                (None, place, None, Some(hours_per_week))
            }
        };
        Self {
            id: episode.id.0,
            kind,
            name,
            place,
            grade,
            hours_per_week: hours.map(WeeklyHours::hours),
            state,
            applied_on: days.applied_on,
            enrolled_on: days.enrolled_on,
            started_on: days.started_on,
            completed_on: days.completed_on,
            dropped_out_on: days.dropped_out_on,
            source: episode.source,
            version: episode.version,
        }
    }
}

/// Stores what was decided of an episode, and its event; answers it as it is now.
async fn store(
    tx: &mut Tx,
    permit: &Permit<RecordEducationAndWork>,
    young_person: YoungPersonId,
    event: &EpisodeEvent,
) -> Result<EpisodeView, ApiError> {
    tx.store_episode(permit, young_person, event).await?;
    let episode = event.episode();
    let change = Change { subject: &episode.id, kind: event.kind(), payload: event };
    tx.record(permit, change).await?;
    tx.reckon_deadlines(young_person).await?;
    Ok(episode.clone().into())
}
