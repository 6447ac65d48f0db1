//! Target groups (TG-1 to TG-5): which group somebody is in follows from age, benefit and readiness, on
//! any day, and is never stored. Benefits and assessments are what is written; whatever is written has to
//! leave a group that is defined on every day.

pub mod follow_ups;
pub mod sanctions;

use crate::Refusal;
use crate::education_and_work::{Episode, Standing, standing_on};
use crate::ids::BenefitId;
use crate::timeline::EventKind;
use crate::young_people::{age_on, birthday};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What somebody lives on.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum BenefitKind {
    /// Unemployment benefit of the insured.
    ADagpenge,
    /// Sickness benefit.
    Sygedagpenge,
    /// Social assistance of those who have an education, or are 30.
    Kontanthjaelp,
    /// Social assistance of those under 30 without an education.
    Uddannelseshjaelp,
    /// Of those who have come to the country lately.
    Integrationsydelse,
    /// Of those in a resource course.
    Ressourceforloeb,
    /// Of those who are ill and whose capacity for work is clarified.
    Jobafklaringsforloeb,
    /// Of those in rehabilitation.
    Rehabilitent,
    /// A job with wage subsidy for good.
    Fleksjob,
    /// Of those who wait for such a job.
    Ledighedsydelse,
    /// Early retirement pension.
    Foertidspension,
}

impl BenefitKind {
    /// May it be had in the integration programme?
    #[must_use]
    pub const fn knows_integration_programme(self) -> bool {
        matches!(self, Self::Kontanthjaelp | Self::Integrationsydelse)
    }
}

/// How ready somebody is for education or work, as the category for a benefit.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Category {
    /// Obviously ready for education.
    AabenlystUddannelsesparat,
    /// Ready for education with help: the others ("øvrige").
    Uddannelsesparat,
    /// Ready for activity.
    Aktivitetsparat,
    /// Ready for work.
    Jobparat,
}

/// A kind of youth education that a pupil is assessed for.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum YouthEducation {
    /// Vocational.
    Eud,
    /// Two years of general upper secondary.
    Hf,
    /// Three years of general upper secondary.
    Gymnasium,
}

/// A benefit that is had from one day to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Benefit {
    /// Ours.
    pub id: BenefitId,
    /// Which.
    pub kind: BenefitKind,
    /// Does it decide the group while it is had (TG-2)?
    pub leading: bool,
    /// Is it had in the integration programme?
    pub in_integration_programme: bool,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none: it goes on.
    pub to: Option<NaiveDate>,
    /// Raised by each change.
    #[serde(skip)]
    pub version: i64,
}

impl Benefit {
    fn is_had_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// What an assessment found (TG-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Verdict {
    /// For a benefit.
    Category {
        /// Which.
        category: Category,
    },
    /// For a kind of youth education.
    Education {
        /// Which kind.
        education: YouthEducation,
        /// Ready for it?
        ready: bool,
    },
}

/// An assessment of readiness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// From which day it holds, until the next one of its kind.
    pub on: NaiveDate,
    /// What it found.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// How far ahead a category may be told (*chosen*, TG-4): a benefit that is to come asks for one on its first day.
pub const CATEGORY_TOLD_AHEAD_DAYS: u64 = 56;

impl Assessment {
    /// The last day from which it may be told to hold.
    #[must_use]
    pub fn last_day(&self, today: NaiveDate) -> NaiveDate {
        match self.verdict {
            Verdict::Category { .. } => today + Days::new(CATEGORY_TOLD_AHEAD_DAYS),
            Verdict::Education { .. } => today,
        }
    }
}

/// From a day on somebody is in a group, or in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The first day.
    pub from: NaiveDate,
    /// Which group.
    pub group: Option<i32>,
}

/// What happened to benefits, each as it is from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum BenefitEvent {
    /// One was recorded.
    Recorded(Benefit),
    /// One got a last day.
    Ended(Benefit),
    /// Another one leads; those that led go on beside it.
    LeadPassed {
        /// Those that are changed or new, in the order in which they can be stored.
        benefits: Vec<Benefit>,
    },
}

impl BenefitEvent {
    /// Its kind in the log.
    #[must_use]
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::Recorded(_) => EventKind::BenefitRecorded,
            Self::Ended(_) => EventKind::BenefitEnded,
            Self::LeadPassed { .. } => EventKind::BenefitLeadPassed,
        }
    }

    /// What is to be stored; of version 1: what is new.
    #[must_use]
    pub fn benefits(&self) -> &[Benefit] {
        match self {
            Self::Recorded(benefit) | Self::Ended(benefit) => std::slice::from_ref(benefit),
            Self::LeadPassed { benefits } => benefits,
        }
    }
}

/// Why a benefit or an assessment is not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum TargetGroupRefusal {
    /// TG-1.
    #[error("the law does not know {benefit:?} with {category:?}")]
    NotDefined {
        /// The first day on which they would meet.
        on: NaiveDate,
        /// The leading benefit.
        benefit: BenefitKind,
        /// In the integration programme?
        in_integration_programme: bool,
        /// The category.
        category: Category,
    },
    /// TG-2.
    #[error("two benefits would lead on {on}")]
    Overlap {
        /// The first such day.
        on: NaiveDate,
    },
    /// TG-2.
    #[error("no benefit would lead on {on}")]
    LeadingMissing {
        /// The first such day.
        on: NaiveDate,
    },
    /// A benefit does not begin to lead while it leads.
    #[error("the benefit leads already")]
    LeadsAlready {},
    /// A day outside the benefit.
    #[error("the day lies outside the benefit")]
    DayOutOfRange {
        /// The first possible day.
        from: NaiveDate,
        /// The last one; none: any later day.
        to: Option<NaiveDate>,
    },
}

impl Refusal for TargetGroupRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotDefined { .. } => "target-group.not-defined",
            Self::Overlap { .. } => "benefit.overlap",
            Self::LeadingMissing { .. } => "benefit.leading-missing",
            Self::LeadsAlready {} => "benefit.leads-already",
            Self::DayOutOfRange { .. } => "benefit.day-out-of-range",
        }
    }
}

/// The law does not know the combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotDefined;

/// The group of an 18-29-year-old with this leading benefit (TG-1); none where the benefit asks for a
/// category and there is none yet.
#[expect(clippy::match_same_arms, reason = "in the order of the dossier's table")]
pub const fn benefit_group(
    kind: BenefitKind,
    in_integration_programme: bool,
    category: Option<Category>,
) -> Result<Option<i32>, NotDefined> {
    use BenefitKind as B;
    use Category as C;
    Ok(Some(match (kind, in_integration_programme, category) {
        (B::ADagpenge | B::Sygedagpenge, ..) => 1,
        (B::Ressourceforloeb | B::Jobafklaringsforloeb | B::Rehabilitent, ..) => 3,
        (B::Fleksjob | B::Ledighedsydelse | B::Foertidspension, ..) => 4,
        (.., None) => return Ok(None),
        (.., Some(C::Aktivitetsparat)) => 3,
        (B::Kontanthjaelp | B::Integrationsydelse, _, Some(C::Jobparat)) => 1,
        (
            B::Uddannelseshjaelp | B::Integrationsydelse,
            false,
            Some(C::AabenlystUddannelsesparat),
        ) => 1,
        (B::Uddannelseshjaelp | B::Integrationsydelse, false, Some(C::Uddannelsesparat)) => 2,
        _ => return Err(NotDefined),
    }))
}

/// What a young person's target group follows from.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// When they were born.
    pub birth_date: NaiveDate,
    /// All benefits.
    pub benefits: Vec<Benefit>,
    /// All assessments, in the order in which they were recorded.
    pub assessments: Vec<Assessment>,
    /// All episodes of education and work.
    pub episodes: Vec<Episode>,
}

impl Circumstances {
    /// The group on a day (TG-1, TG-3).
    #[must_use]
    pub fn group_on(&self, day: NaiveDate) -> Option<i32> {
        match age_on(self.birth_date, day) {
            15..=17 => self.is_at_risk_on(day).then_some(0),
            18..=29 => {
                let benefit = self.leading_on(day)?;
                let (kind, programme) = (benefit.kind, benefit.in_integration_programme);
                benefit_group(kind, programme, self.category_on(day)).ok().flatten()
            }
            _ => None,
        }
    }

    /// Is a 15-17-year-old at risk of public support: ready for none of the educations they were assessed
    /// for, or neither in education nor in work, where that is known?
    fn is_at_risk_on(&self, day: NaiveDate) -> bool {
        let known = self.educations_on(day);
        let ready_for_none = !known.is_empty() && known.iter().all(|(_, ready)| !ready);
        let standing = standing_on(&self.episodes, day);
        ready_for_none || standing.is_some_and(|Standing { has_place, .. }| !has_place)
    }

    /// The benefit that leads on a day.
    #[must_use]
    pub fn leading_on(&self, day: NaiveDate) -> Option<&Benefit> {
        self.benefits.iter().find(|benefit| benefit.leading && benefit.is_had_on(day))
    }

    /// The category that holds on a day.
    #[must_use]
    pub fn category_on(&self, day: NaiveDate) -> Option<Category> {
        self.latest(day, |verdict| match verdict {
            Verdict::Category { category } => Some(category),
            Verdict::Education { .. } => None,
        })
    }

    /// For which kinds of youth education they were found ready, and for which not, as it holds on a day.
    #[must_use]
    pub fn educations_on(&self, day: NaiveDate) -> Vec<(YouthEducation, bool)> {
        let ready_for = |wanted: YouthEducation| {
            self.latest(day, |verdict| match verdict {
                Verdict::Education { education, ready } if education == wanted => Some(ready),
                _ => None,
            })
        };
        let each = YouthEducation::VARIANTS.iter();
        each.filter_map(|kind| Some((*kind, ready_for(*kind)?))).collect()
    }

    /// Of one kind of verdict the latest before or on the day; of one day the last recorded.
    fn latest<T>(&self, day: NaiveDate, of: impl Fn(Verdict) -> Option<T>) -> Option<T> {
        self.assessments
            .iter()
            .filter(|assessment| assessment.on <= day)
            .filter_map(|assessment| Some((assessment.on, of(assessment.verdict)?)))
            .max_by_key(|(on, _)| *on)
            .map(|(_, found)| found)
    }

    /// The days on which the group may change.
    fn turning_points(&self) -> BTreeSet<NaiveDate> {
        let birthdays = [15, 18, 30].map(|years| birthday(self.birth_date, years));
        let benefits = self.benefits.iter();
        let begins = benefits.clone().map(|benefit| benefit.from);
        let is_over = benefits.filter_map(|benefit| benefit.to?.succ_opt());
        let assessed = self.assessments.iter().map(|assessment| assessment.on);
        let days = self.episodes.iter().map(|episode| episode.course.days().in_order());
        let heard = days.flat_map(|days| days.into_iter().flatten());
        birthdays.into_iter().chain(begins).chain(is_over).chain(assessed).chain(heard).collect()
    }

    /// The groups up to a day, from the first one on (TG-3).
    #[must_use]
    pub fn history(&self, until: NaiveDate) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for from in self.turning_points().range(..=until) {
            let group = self.group_on(*from);
            if group != steps.last().and_then(|step| step.group) {
                steps.push(Step { from: *from, group });
            }
        }
        steps
    }

    /// Refuses circumstances in which on some day not exactly one of the benefits leads, or one with a
    /// category that the law does not know it with.
    fn ensure_defined(&self) -> Result<(), TargetGroupRefusal> {
        for on in self.turning_points() {
            let mut had = self.benefits.iter().filter(|benefit| benefit.is_had_on(on)).peekable();
            let is_had = had.peek().is_some();
            let mut leading = had.filter(|benefit| benefit.leading);
            match (leading.next(), leading.next()) {
                (Some(_), Some(_)) => return Err(TargetGroupRefusal::Overlap { on }),
                (None, _) if is_had => return Err(TargetGroupRefusal::LeadingMissing { on }),
                (None, _) => {}
                (Some(leading), None) => {
                    let (benefit, programme) = (leading.kind, leading.in_integration_programme);
                    let category = self.category_on(on);
                    if let (Err(NotDefined), Some(category)) =
                        (benefit_group(benefit, programme, category), category)
                    {
                        return Err(TargetGroupRefusal::NotDefined {
                            on,
                            benefit,
                            in_integration_programme: programme,
                            category,
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// The same with some benefits as they would be.
    fn ensure_defined_with(&self, benefits: &[Benefit]) -> Result<(), TargetGroupRefusal> {
        let mut changed = self.clone();
        changed.benefits.retain(|old| benefits.iter().all(|new| new.id != old.id));
        changed.benefits.extend_from_slice(benefits);
        changed.ensure_defined()
    }

    /// Decides whether a benefit is recorded.
    pub fn record(&self, new: Benefit) -> Result<BenefitEvent, TargetGroupRefusal> {
        self.ensure_defined_with(&[new])?;
        Ok(BenefitEvent::Recorded(new))
    }

    /// Decides whether a benefit has its last day on `on`; one that was told before may be brought forward.
    pub fn end(&self, benefit: Benefit, on: NaiveDate) -> Result<BenefitEvent, TargetGroupRefusal> {
        ensure_within(&benefit, on)?;
        let ended = Benefit { to: Some(on), version: benefit.version + 1, ..benefit };
        self.ensure_defined_with(&[ended])?;
        Ok(BenefitEvent::Ended(ended))
    }

    /// Decides whether a benefit leads from a day to its end. Those that led go on beside it meanwhile:
    /// whatever is both before and after the change is split.
    pub fn lead(
        &self,
        benefit: Benefit,
        from: NaiveDate,
        mut new_id: impl FnMut() -> BenefitId,
    ) -> Result<BenefitEvent, TargetGroupRefusal> {
        ensure_within(&benefit, from)?;
        if benefit.leading {
            return Err(TargetGroupRefusal::LeadsAlready {});
        }
        let led = self.benefits.iter().filter(|other| {
            let begins_later = benefit.to.is_some_and(|to| other.from > to);
            other.leading && !begins_later && other.to.is_none_or(|to| to >= from)
        });
        let mut benefits = Vec::new();
        for (changed, leads_meanwhile) in led.map(|led| (led, false)).chain([(&benefit, true)]) {
            let meanwhile = Benefit {
                leading: leads_meanwhile,
                from: changed.from.max(from),
                to: earliest(changed.to, benefit.to),
                ..*changed
            };
            let before = from.pred_opt().filter(|last| *last >= changed.from);
            let before = before.map(|last| Benefit { to: Some(last), ..*changed });
            let after = meanwhile.to.filter(|_| meanwhile.to != changed.to);
            let after = after.and_then(|last| Some(Benefit { from: last.succ_opt()?, ..*changed }));
            let mut parts = before.into_iter().chain([meanwhile]).chain(after);
            benefits.extend(parts.next().map(|part| Benefit { version: part.version + 1, ..part }));
            benefits.extend(parts.map(|part| Benefit { id: new_id(), version: 1, ..part }));
        }
        self.ensure_defined_with(&benefits)?;
        Ok(BenefitEvent::LeadPassed { benefits })
    }

    /// Decides whether an assessment is recorded.
    pub fn assess(&self, new: &Assessment) -> Result<(), TargetGroupRefusal> {
        let mut changed = self.clone();
        changed.assessments.push(*new);
        changed.ensure_defined()
    }
}

fn ensure_within(benefit: &Benefit, day: NaiveDate) -> Result<(), TargetGroupRefusal> {
    if benefit.is_had_on(day) {
        return Ok(());
    }
    Err(TargetGroupRefusal::DayOutOfRange { from: benefit.from, to: benefit.to })
}

/// The earlier of two last days, of which none is the latest.
fn earliest(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Option<NaiveDate> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;
