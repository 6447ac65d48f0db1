//! AC-16: the access basis decides what may be changed, just as it decides what may be read.
//!
//! [`policy`](super::policy) states which roles may perform an action. This module states which information areas the
//! access basis must open for it, and which kinds of basis are sufficient. One basis must satisfy all of this: the
//! areas of one basis and the kind of another are never combined.

use super::policy::ActionKind;
use super::{Areas, Basis, BasisKind, Case, InformationArea};
use crate::ids::UnitId;
use std::fmt::Write as _;
use strum::VariantArray as _;

/// The requirements of an action for the one access basis that allows it.
///
/// An access basis of kind *provision* is checked by [`Relation::Provides`](super::policy::Relation::Provides) instead:
/// it applies only to the provided intervention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The information areas that the basis must open, for the rows of all units.
    pub areas: Areas,
    /// Must it also reach the row that is written or changed ([`Row`])?
    pub of_row: bool,
    /// The kinds that are sufficient.
    pub kinds: &'static [BasisKind],
}

/// A row that is written or changed, with its information area and its writing unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// The information area of the row.
    pub area: InformationArea,
    /// The unit that wrote it; `None` for a new row.
    pub writer: Option<UnitId>,
}

impl Row {
    /// A new row.
    #[must_use]
    pub const fn new(area: InformationArea) -> Self {
        Self { area, writer: None }
    }

    /// A row that `writer` wrote.
    #[must_use]
    pub const fn of(area: InformationArea, writer: UnitId) -> Self {
        Self { area, writer: Some(writer) }
    }

    fn is_own(&self, unit: UnitId) -> bool {
        self.writer.is_none_or(|writer| writer == unit)
    }
}

/// Requires these areas, and a basis for casework.
const fn casework(areas: Areas) -> Needs {
    Needs { areas, of_row: false, kinds: BasisKind::CASEWORK }
}

/// The same for a row.
const CASEWORK_ON_ROW: Needs =
    Needs { areas: Areas::NONE, of_row: true, kinds: BasisKind::CASEWORK };

/// The kinds for casework, and *law* for a unit that has a duty.
const DUTY: &[BasisKind] =
    &[BasisKind::Registration, BasisKind::Participation, BasisKind::Assignment, BasisKind::Law];

/// The same, and the unit that a held meeting named.
const RECEIVING: &[BasisKind] = &[
    BasisKind::Registration,
    BasisKind::Participation,
    BasisKind::Assignment,
    BasisKind::Law,
    BasisKind::Meeting,
];

/// The kinds that allow a note on what was done: all except *provision* and *meeting*.
const NOTE: &[BasisKind] = &[
    BasisKind::Registration,
    BasisKind::Participation,
    BasisKind::Assignment,
    BasisKind::Law,
    BasisKind::Consent,
    BasisKind::BreakGlass,
];

/// Every kind but *provision*.
const EVERY: &[BasisKind] = &[
    BasisKind::Registration,
    BasisKind::Participation,
    BasisKind::Assignment,
    BasisKind::Law,
    BasisKind::Consent,
    BasisKind::BreakGlass,
    BasisKind::Meeting,
];

/// Reading requires no particular kind; the areas decide what is shown.
const READING: Needs = Needs { areas: Areas::NONE, of_row: false, kinds: EVERY };

const IDENTITY: Areas = Areas::IDENTITY;
const PLAN: Areas = Areas(InformationArea::Plan.bit());
const EDUCATION: Areas = Areas(InformationArea::EducationAndEmployment.bit());

impl ActionKind {
    /// The requirements of the action; `None` if it is never performed on a young person's case.
    #[must_use]
    pub const fn needs(self) -> Option<Needs> {
        Some(match self {
            Self::ReadOrganisation
            | Self::ManageEmployees
            | Self::ReadRights
            | Self::ConfirmRights
            | Self::RegisterYoungPerson
            | Self::FindYoungPeople
            | Self::ReadTasks
            | Self::ReportAbsences
            | Self::SetUpGroups
            | Self::EditCatalogue
            | Self::ReadUnitFigures
            | Self::ReadCaseload
            | Self::RunCaseload
            | Self::ExceedNorm
            | Self::FindContacts
            | Self::LogContact
            | Self::ReadCard
            | Self::HandleConcern
            | Self::RunMeetingCalendar
            | Self::SubscribeCalendar => return None,

            Self::ReadYoungPerson
            | Self::ReadTimeline
            | Self::ReadPlan
            | Self::ReadIntervention
            | Self::ReadBenefits
            | Self::ReadFollowUps
            | Self::ReadJournal
            | Self::ReadEducationAndWork
            | Self::ReadResidence
            | Self::ReadGuardians
            | Self::ReadAssignments
            | Self::ReadContact
            | Self::ReadCaller
            | Self::ReadMeetings
            | Self::ReadPregnancies
            | Self::ReadTransition
            // A task that is assigned to the employee, also one that was agreed at a meeting.
            | Self::CompleteOwnTask => READING,
            // YP-4: for employees who work on the case, by law, and in an emergency.
            Self::ReadCpr => Needs { areas: IDENTITY, of_row: false, kinds: &[
                BasisKind::Registration,
                BasisKind::Participation,
                BasisKind::Assignment,
                BasisKind::Law,
                BasisKind::BreakGlass,
            ] },

            Self::AmendYoungPerson | Self::MergeYoungPeople => casework(IDENTITY),
            Self::OpenPlan
            | Self::TellProgress
            | Self::ActivatePlan
            | Self::ClosePlan
            | Self::StartActivityClocks
            | Self::RecordResidence
            | Self::RecordGuardian
            | Self::RaiseNeed
            | Self::DecideResponsibility => casework(PLAN),
            // The areas that an assignment opens.
            Self::AssignCase => casework(Areas::WORKING),
            Self::RecordBenefit | Self::AssessReadiness => casework(EDUCATION),
            Self::FollowUp => casework(Areas(PLAN.0 | EDUCATION.0)),
            Self::AmendPlan | Self::ReferIntervention => Needs { areas: PLAN, ..CASEWORK_ON_ROW },
            // AC-15: for a holder who may pass the basis on, or who leads the unit that holds it by law; the database
            // decides which applies.
            Self::WidenAccess => Needs { areas: IDENTITY, of_row: false, kinds: DUTY },
            // Only rows that the unit wrote itself; the database requires their area.
            Self::Correct => casework(Areas::NONE),
            Self::ExemptTask
            | Self::DeclineIntervention
            | Self::OfferPlace
            | Self::StartIntervention
            | Self::EndIntervention
            | Self::ExtendIntervention
            | Self::RecordAttendance
            | Self::Visitate
            | Self::AssessIntake
            | Self::ArrangeIntervention
            | Self::HandleContact
            | Self::RegisterPregnancy
            | Self::RecordSupport => CASEWORK_ON_ROW,

            // The actions that a duty by law needs, within its areas.
            Self::CompleteTask
            | Self::WriteConversation
            | Self::RecordEducationAndWork
            | Self::CallMeeting => Needs { areas: Areas::NONE, of_row: true, kinds: DUTY },
            Self::HandOverToEducation => Needs { areas: EDUCATION, of_row: false, kinds: DUTY },
            Self::JudgeNeed | Self::SettleNeed => {
                Needs { areas: PLAN, of_row: false, kinds: DUTY }
            }
            // TM-8: a held meeting or the law opens the case to the unit that is to accept it; acceptance creates the
            // participation.
            Self::AcceptResponsibility => Needs { areas: PLAN, of_row: false, kinds: RECEIVING },
            Self::WriteNote => Needs { areas: Areas::NONE, of_row: true, kinds: NOTE },
            Self::CorrectEntry => Needs { areas: Areas::NONE, of_row: false, kinds: NOTE },
        })
    }
}

impl Needs {
    /// Is this basis, held for a role in `unit`, sufficient for the action on this case and on its row, if the case
    /// names one?
    #[must_use]
    pub fn are_met_by(&self, basis: &Basis, case: &Case, unit: UnitId) -> bool {
        self.kinds.contains(&basis.kind)
            && self.areas.iter().all(|area| basis.opens(area, None))
            && (!self.of_row || case.row.is_some_and(|row| reaches(basis, case, row, unit)))
    }
}

/// May a row be written or changed on this basis, for a role in `unit`?
///
/// A basis for casework allows changing the rows that the areas open, that belong only to the unit (AC-3), and that the
/// unit provides. Any other basis applies within its areas, to rows that the unit writes or wrote itself.
fn reaches(basis: &Basis, case: &Case, row: Row, unit: UnitId) -> bool {
    let (opens, own) = (basis.opens(row.area, row.writer), row.is_own(unit));
    if BasisKind::CASEWORK.contains(&basis.kind) {
        opens || own && row.area.belongs_to_its_writer() || case.provider == Some(unit)
    } else {
        opens && own
    }
}

/// The table in `docs/ACCESS.md`: a row for each action on a case.
pub(super) fn write_markdown(page: &mut String) {
    page.push_str(
        "\n## What the access basis must open and be\n\n\
         A role works with a young person on an access basis. The basis must be valid now, be of one of the kinds with a dot, and\n\
         open all named information areas (AC-16). One basis must satisfy all of this; two bases are never combined.\n\n\
         - *its own*: the area of the row that is written or changed, for the rows of that unit. In health, family and crime a unit that works\n  \
           on the case (registration, participation, assignment) also writes and changes its own rows. It changes the rows of another unit there\n  \
           only if the area is opened to it. Any other basis applies only to rows that the unit writes or wrote itself.\n\
         - *as opened*: each row is shown if its area is opened, or if the unit wrote it itself.\n\
         - *own writing*: only rows that the unit wrote itself, under the same conditions as when they were written.\n\
         - *provision* is not in this table: it applies only to the intervention that the unit provides (*own provision* below).\n\n| |",
    );
    page.push_str(" areas |");
    for kind in EVERY {
        let _ = write!(page, " {} |", <&str>::from(*kind));
    }
    page.push_str("\n|---|---|");
    page.push_str(&"---|".repeat(EVERY.len()));
    for action in ActionKind::VARIANTS {
        let Some(needs) = action.needs() else { continue };
        let _ = write!(page, "\n| {} | {} |", action.description(), needs.areas_in_words());
        for kind in EVERY {
            page.push_str(if needs.kinds.contains(kind) { " ● |" } else { " |" });
        }
    }
    page.push('\n');
}

impl Needs {
    fn areas_in_words(&self) -> String {
        let mut words: Vec<&str> = self.areas.iter().map(Into::into).collect();
        if self.of_row {
            words.push("its own");
        }
        if !words.is_empty() {
            return words.join(", ");
        }
        // Without an area, row security alone decides: which rows are read, or which own rows are corrected.
        if *self == READING { "as opened" } else { "own writing" }.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::BasisId;
    use InformationArea::{EducationAndEmployment as Education, Health};
    use uuid::Uuid;

    fn case(row: Option<Row>) -> Case {
        Case { young_person: Uuid::now_v7().into(), bases: Vec::new(), provider: None, row }
    }

    fn basis(kind: BasisKind, areas: i32, giver: Option<UnitId>) -> Basis {
        let [id, holder] = [0; 2].map(|_| Uuid::now_v7());
        Basis { id: BasisId(id), holder, kind, areas: Areas(areas), giver }
    }

    /// AC-16: *meeting* changes nothing, *law* and *consent* allow no casework, *break-glass* allows a note.
    #[test]
    fn ac_16_only_casework_coordinates_closes_passes_on_and_corrects_who_somebody_is() {
        use ActionKind as A;
        for action in [
            A::OpenPlan,
            A::AmendPlan,
            A::ActivatePlan,
            A::ClosePlan,
            A::AssignCase,
            A::AmendYoungPerson,
            A::MergeYoungPeople,
            A::RegisterPregnancy,
            A::Correct,
            A::ReferIntervention,
        ] {
            assert_eq!(action.needs().unwrap().kinds, BasisKind::CASEWORK, "{action:?}");
        }
    }

    /// AC-16: *meeting* allows only reading, and accepting what the meeting decided (TM-8).
    #[test]
    fn ac_16_a_meeting_changes_nothing() {
        for action in ActionKind::VARIANTS {
            let needs = action.needs();
            let by_meeting = needs.is_some_and(|needs| needs.kinds.contains(&BasisKind::Meeting));
            let accepts = *action == ActionKind::AcceptResponsibility;
            assert_eq!(by_meeting, needs == Some(READING) || accepts, "{action:?}");
        }
    }

    /// AC-3: a unit changes its own rows in health, and the rows of another unit there only if the area is opened.
    #[test]
    fn ac_03_own_writing_is_changed_and_anothers_only_if_opened() {
        let [me, other] = [0; 2].map(|_| UnitId(Uuid::now_v7()));
        let needs = ActionKind::EndIntervention.needs().unwrap();
        let works = |areas, giver, row| {
            let case = case(Some(row));
            needs.are_met_by(&basis(BasisKind::Participation, areas, giver), &case, me)
        };
        assert!(works(7, None, Row::new(Health)));
        assert!(works(7, None, Row::of(Health, me)));
        assert!(!works(7, None, Row::of(Health, other)));
        assert!(works(8, None, Row::of(Health, other)));
        assert!(works(8, Some(other), Row::of(Health, other)));
        assert!(!works(8, Some(me), Row::of(Health, other)));
        assert!(
            !works(3, None, Row::of(Education, me)),
            "what is common is opened by its area alone"
        );
        let none = case(None);
        assert!(!needs.are_met_by(&basis(BasisKind::Participation, 63, None), &none, me));
        let provided = Case { provider: Some(me), ..case(Some(Row::of(Health, other))) };
        assert!(needs.are_met_by(&basis(BasisKind::Participation, 7, None), &provided, me));
    }

    /// AC-16: *law* allows a unit to change rows that it wrote itself, within the areas.
    #[test]
    fn ac_16_a_law_reaches_its_own_within_its_areas() {
        let [me, other] = [0; 2].map(|_| UnitId(Uuid::now_v7()));
        let needs = ActionKind::WriteConversation.needs().unwrap();
        let law = |areas, row| {
            needs.are_met_by(&basis(BasisKind::Law, areas, None), &case(Some(row)), me)
        };
        assert!(law(5, Row::new(Education)));
        assert!(law(5, Row::of(Education, me)));
        assert!(!law(5, Row::of(Education, other)));
        assert!(!law(5, Row::new(Health)));
    }
}
