//! Episodes of school, education and work (YP-10). Whoever writes one locks the young person first.

use crate::error::StoreError;
use crate::schema::education_and_work;
use crate::store::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::access::Permit;
use domain::access::policy::RecordEducationAndWork;
use domain::courses::WeeklyHours;
use domain::education_and_work::{
    Episode, EpisodeDays, EpisodeEvent, EpisodeKind, EpisodeState, Pursuit,
};
use domain::ids::YoungPersonId;
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = education_and_work)]
struct EpisodeRow {
    id: Uuid,
    kind: String,
    name: Option<String>,
    place: String,
    grade: Option<i16>,
    weekly_minutes: Option<i16>,
    state: String,
    applied_on: Option<NaiveDate>,
    enrolled_on: Option<NaiveDate>,
    started_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    source: String,
    version: i64,
}

impl Tx {
    /// The episodes that the caller sees, the latest first.
    pub async fn episodes(
        &mut self,
        young_person: YoungPersonId,
    ) -> Result<Vec<Episode>, StoreError> {
        let rows: Vec<EpisodeRow> = education_and_work::table
            .filter(education_and_work::young_person_id.eq(young_person.0))
            .order((education_and_work::first_day.desc(), education_and_work::id.desc()))
            .select(EpisodeRow::as_select())
            .load(self.conn())
            .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Stores what was decided of an episode.
    pub async fn store_episode(
        &mut self,
        permit: &Permit<RecordEducationAndWork>,
        young_person: YoungPersonId,
        event: &EpisodeEvent,
    ) -> Result<(), StoreError> {
        permit.for_person(young_person)?;
        let (now, episode) = (self.now(), event.episode());
        let [applied_on, enrolled_on, started_on, ended_on] = episode.course.days().in_order();
        let columns = (
            education_and_work::state.eq(<&str>::from(episode.course.state())),
            education_and_work::applied_on.eq(applied_on),
            education_and_work::enrolled_on.eq(enrolled_on),
            education_and_work::started_on.eq(started_on),
            education_and_work::ended_on.eq(ended_on),
            education_and_work::version.eq(episode.version),
        );
        let changed = match event {
            EpisodeEvent::Recorded(_) => {
                let Written { name, place, grade, hours } = (&episode.pursuit).into();
                diesel::insert_into(education_and_work::table)
                    .values((
                        education_and_work::id.eq(episode.id.0),
                        education_and_work::young_person_id.eq(young_person.0),
                        education_and_work::writing_unit_id.eq(permit.unit().0),
                        education_and_work::kind.eq(<&str>::from(episode.pursuit.kind())),
                        education_and_work::name.eq(name),
                        education_and_work::place.eq(place),
                        education_and_work::grade.eq(grade),
                        education_and_work::weekly_minutes.eq(hours.map(WeeklyHours::minutes)),
                        education_and_work::source.eq(<&str>::from(episode.source)),
                        education_and_work::recorded_at.eq(now),
                        columns,
                    ))
                    .execute(self.conn())
                    .await?
            }
            EpisodeEvent::DaysTold(_) => {
                diesel::update(education_and_work::table.find(episode.id.0))
                    .filter(education_and_work::version.eq(episode.version - 1))
                    .set(columns)
                    .execute(self.conn())
                    .await?
            }
        };
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}

/// What an episode is of, in columns.
struct Written<'a> {
    name: Option<&'a str>,
    place: &'a str,
    grade: Option<i16>,
    hours: Option<WeeklyHours>,
}

impl<'a> From<&'a Pursuit> for Written<'a> {
    fn from(pursuit: &'a Pursuit) -> Self {
        let (name, place, grade, hours) = match pursuit {
            Pursuit::Education { name, place } => (Some(name), place, None, None),
            Pursuit::School { grade, place } => (None, place, Some(*grade), None),
            Pursuit::Apprenticeship { name, place, hours_per_week } => {
                (Some(name), place, None, Some(*hours_per_week))
            }
            Pursuit::Job { place, hours_per_week }
            | Pursuit::SpareTimeJob { place, hours_per_week } => {
                (None, place, None, Some(*hours_per_week))
            }
        };
        Self { name: name.map(String::as_str), place, grade, hours }
    }
}

impl TryFrom<EpisodeRow> for Episode {
    type Error = StoreError;

    fn try_from(row: EpisodeRow) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::Corrupt { table: "education_and_work", column };
        let state: EpisodeState = row.state.parse().map_err(|_| corrupt("state"))?;
        let ended_as = |wanted| row.ended_on.filter(|_| state == wanted);
        let days = EpisodeDays {
            applied_on: row.applied_on,
            enrolled_on: row.enrolled_on,
            started_on: row.started_on,
            completed_on: ended_as(EpisodeState::Completed),
            dropped_out_on: ended_as(EpisodeState::DroppedOut),
        };
        let course = days.course().map_err(|_| corrupt("state"))?;
        let kind: EpisodeKind = row.kind.parse().map_err(|_| corrupt("kind"))?;
        let name = row.name.ok_or_else(|| corrupt("name"));
        let grade = row.grade.ok_or_else(|| corrupt("grade"));
        let hours = row.weekly_minutes.and_then(WeeklyHours::of_minutes);
        let hours = hours.ok_or_else(|| corrupt("weekly_minutes"));
        let place = row.place;
        let pursuit = match kind {
            EpisodeKind::Education => Pursuit::Education { name: name?, place },
            EpisodeKind::School => Pursuit::School { grade: grade?, place },
            EpisodeKind::Apprenticeship => {
                Pursuit::Apprenticeship { name: name?, place, hours_per_week: hours? }
            }
            EpisodeKind::Job => Pursuit::Job { place, hours_per_week: hours? },
            EpisodeKind::SpareTimeJob => Pursuit::SpareTimeJob { place, hours_per_week: hours? },
        };
        if course.state() != state {
            return Err(corrupt("state"));
        }
        Ok(Self {
            id: row.id.into(),
            pursuit,
            course,
            source: row.source.parse().map_err(|_| corrupt("source"))?,
            version: row.version,
        })
    }
}
