//! What each role may do, department by department: the one table of AC-4.
//!
//! `docs/ACCESS.md` is printed from it, and the tests ask for every cell over HTTP. What stands in no
//! rule is not allowed.

use crate::caseload::Function;
use crate::organisation::{Department, Role};
use serde::Serialize;
use std::fmt::Write as _;
use strum::{EnumString, IntoStaticStr, VariantArray};

macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $name:ident),+ $(,)?) => {
        /// Everything somebody may be allowed to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr, VariantArray)]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum ActionKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl ActionKind {
            /// What it is, in words.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii(),)+ }
            }
        }

        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl sealed::Sealed for $name {}
            impl Action for $name {
                const KIND: ActionKind = ActionKind::$name;
            }
        )+
    };
}

mod sealed {
    pub trait Sealed {}
}

/// An action as a type, so that a permit for one cannot be used for another.
pub trait Action: sealed::Sealed {
    /// Its row in the table.
    const KIND: ActionKind;
}

actions! {
    /// See units, employees, the catalogue and its places.
    ReadOrganisation,
    /// Employ people, propose roles and new pass phrases, end roles, stop a sign-in; never one's own.
    ManageEmployees,
    /// See which roles and pass phrases were proposed, by whom, and who confirmed or refused them.
    ReadRights,
    /// Confirm or refuse a role or a pass phrase that another person proposed; never one's own.
    ConfirmRights,
    /// Register a young person.
    RegisterYoungPerson,
    /// List, search and look up young people, among those one may see.
    FindYoungPeople,
    /// See who a young person is, and what of their case one's areas open.
    ReadYoungPerson,
    /// See what happened to a young person, of what one's areas open.
    ReadTimeline,
    /// List what is to be done, among those one may see.
    ReadTasks,
    /// Tick what no act does.
    CompleteTask,
    /// Tick what no act does, where it is named for oneself.
    CompleteOwnTask,
    /// Exempt a deadline, with a reason and an end.
    ExemptTask,
    /// Start the clocks of a 15-17-year-old who does not follow the plan.
    StartActivityClocks,
    /// Send in absences and drop-outs; of each young person who attends is asked again.
    ReportAbsences,
    /// Move or void other records that one's unit wrote on the wrong young person.
    Correct,
    /// Move or void a conversation or note that one's unit wrote on the wrong young person.
    CorrectEntry,
    /// Merge two registrations of one young person, and undo it.
    MergeYoungPeople,
    /// Widen a unit's access to a young person, with a legal basis, a reason and an end.
    WidenAccess,
    /// Change a young person's name or number.
    AmendYoungPerson,
    /// Have the CPR number read out.
    ReadCpr,
    /// See the joint plan.
    ReadPlan,
    /// Open a joint plan.
    OpenPlan,
    /// Change purpose, own words, goals, participants, contact person, coordinator and links; hold reviews, measure the indicators.
    AmendPlan,
    /// Tell progress on a goal, as the young person sees it or oneself does.
    TellProgress,
    /// Activate the plan.
    ActivatePlan,
    /// Close the plan with its outcome.
    ClosePlan,
    /// See an intervention.
    ReadIntervention,
    /// Refer to an intervention, and withdraw from it.
    ReferIntervention,
    /// Tell that an offered or referred place is declined.
    DeclineIntervention,
    /// Offer a free place to the first in line.
    OfferPlace,
    /// Start an intervention.
    StartIntervention,
    /// End an intervention.
    EndIntervention,
    /// Plan an intervention to end later.
    ExtendIntervention,
    /// Tell who came on which day.
    RecordAttendance,
    /// As the provider's visitation: accept or refuse a referral, and give those in line a priority.
    Visitate,
    /// Assess whether a young person is in the target group of an offer.
    AssessIntake,
    /// Tell an intervention's company, hours and sessions, and put it into a group.
    ArrangeIntervention,
    /// Set up and change the groups of one's unit.
    SetUpGroups,
    /// Edit the catalogue's entries and places.
    EditCatalogue,
    /// See benefits, sanctions, readiness, and the target group that follows from them.
    ReadBenefits,
    /// Record benefits and sanctions, end benefits, and tell which one leads.
    RecordBenefit,
    /// Assess readiness for education or work.
    AssessReadiness,
    /// See which follow-up statuses are due, and which were recorded.
    ReadFollowUps,
    /// Record a follow-up status.
    FollowUp,
    /// See conversations and notes.
    ReadJournal,
    /// Write conversations, and correct them.
    WriteConversation,
    /// Write notes, and correct them.
    WriteNote,
    /// See a unit's figures: how much of its time on conversations is spent face to face, which deadlines were kept and broken.
    ReadUnitFigures,
    /// See the history of school, education and work.
    ReadEducationAndWork,
    /// Tell of school, education and work.
    RecordEducationAndWork,
    /// See where a young person lives and lived.
    ReadResidence,
    /// Tell where a young person lives.
    RecordResidence,
    /// See guardians, and how to reach them.
    ReadGuardians,
    /// Record guardians, and change what is recorded of them.
    RecordGuardian,
    /// See who has the case.
    ReadAssignments,
    /// Assign a case to somebody of one's units, hand it over, end that, and put it into a unit's intake.
    AssignCase,
    /// See a unit's caseload, its intake, and what is to come.
    ReadCaseload,
    /// Decide norms, agree terms with an employee, and who covers for whom.
    RunCaseload,
    /// Go beyond the norm, with a reason and an end.
    ExceedNorm,
    /// List and search contacts of the hotline, among those one may see.
    FindContacts,
    /// See a contact of the hotline.
    ReadContact,
    /// See who it was that called.
    ReadCaller,
    /// Log contacts of the hotline, and tie them to young people.
    LogContact,
    /// Take, answer, correct, close and reopen a contact of the hotline.
    HandleContact,
    /// Within a contact, see how to reach those who have the case of a young person.
    ReadCard,
    /// Assess a notification of concern, and give the receipt for it.
    HandleConcern,
    /// Tell of meeting rooms, windows and slots.
    RunMeetingCalendar,
    /// Subscribe to one's own calendar of meetings.
    SubscribeCalendar,
    /// See meetings about a young person, and what came of them.
    ReadMeetings,
    /// See pregnancies, and the network around them.
    ReadPregnancies,
    /// Call a meeting about a young person, move, cancel and hold it; one's own unit's: for what that unit raised or called.
    CallMeeting,
    /// Begin the network meetings about a pregnancy.
    RegisterPregnancy,
    /// See needs of support after 18 and of transition meetings, and who decides and who coordinates.
    ReadTransition,
    /// Judge which support goes on after 18.
    RecordSupport,
    /// Raise the need of a transition meeting.
    RaiseNeed,
    /// Judge for UU whether a transition meeting is needed.
    JudgeNeed,
    /// Refer instead of meeting, tell of the aftercare committee, and agree who coordinates from when; one's own unit's: of what that unit raised.
    SettleNeed,
    /// Accept the coordination, for the unit that receives.
    AcceptResponsibility,
    /// Tell that one's unit decides under a law, from and to a day, and end that.
    DecideResponsibility,
    /// Hand over from school to youth education, and tell its receipt.
    HandOverToEducation,
}

/// How a role stands to what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, VariantArray)]
pub enum Relation {
    /// The role's unit, or the employee, works with the young person: by an access basis other than *provision* that
    /// satisfies the action's [`Needs`](super::Needs).
    Works,
    /// The role's unit provides the intervention.
    Provides,
    /// The thing belongs to the role's own unit.
    OwnUnit,
    /// Anything: no person's data are touched.
    Any,
}

impl Relation {
    const fn in_words(self) -> &'static str {
        match self {
            Self::Works => "own case",
            Self::Provides => "own provision",
            Self::OwnUnit => "own unit",
            Self::Any => "yes",
        }
    }
}

/// Some roles, a relation, and what they allow together.
#[derive(Debug)]
pub struct Rule {
    roles: &'static [Role],
    relation: Relation,
    actions: &'static [ActionKind],
}

/// The rules of one department.
#[derive(Debug)]
pub struct Section {
    /// Whose they are.
    pub department: Department,
    /// Its heading in `docs/ACCESS.md`.
    pub title: &'static str,
    /// Whatever none of them allows is refused.
    pub rules: &'static [Rule],
}

use ActionKind as A;
use Relation::{Any, OwnUnit, Provides, Works};

const LOOK_AROUND: &[A] =
    &[A::ReadOrganisation, A::FindYoungPeople, A::ReadTasks, A::SubscribeCalendar];
const READ_CASE: &[A] = &[
    A::ReadYoungPerson,
    A::CompleteOwnTask,
    A::ReadTimeline,
    A::ReadPlan,
    A::ReadIntervention,
    A::ReadBenefits,
    A::ReadJournal,
    A::ReadEducationAndWork,
    A::ReadResidence,
    A::ReadGuardians,
    A::ReadAssignments,
    A::ReadContact,
    A::ReadMeetings,
    A::ReadTransition,
];
const READ_OPENED_CASE: &[A] = &[
    A::ReadYoungPerson,
    A::CompleteOwnTask,
    A::ReadTimeline,
    A::ReadPlan,
    A::ReadIntervention,
    A::ReadBenefits,
    A::ReadEducationAndWork,
    A::ReadResidence,
    A::ReadGuardians,
    A::ReadAssignments,
    A::ReadMeetings,
    A::ReadTransition,
];
const READ_PROVISION: &[A] = &[A::ReadYoungPerson, A::ReadIntervention, A::CompleteOwnTask];
const CASEWORK: &[A] = &[
    A::ReadYoungPerson,
    A::WidenAccess,
    A::ReadTimeline,
    A::CompleteTask,
    A::CompleteOwnTask,
    A::StartActivityClocks,
    A::Correct,
    A::CorrectEntry,
    A::AmendYoungPerson,
    A::ReadCpr,
    A::ReadPlan,
    A::OpenPlan,
    A::AmendPlan,
    A::TellProgress,
    A::ActivatePlan,
    A::ClosePlan,
    A::ReadIntervention,
    A::ReferIntervention,
    A::DeclineIntervention,
    A::StartIntervention,
    A::EndIntervention,
    A::ExtendIntervention,
    A::RecordAttendance,
    A::ArrangeIntervention,
    A::ReadBenefits,
    A::ReadFollowUps,
    A::FollowUp,
    A::ReadJournal,
    A::WriteConversation,
    A::WriteNote,
    A::ReadEducationAndWork,
    A::RecordEducationAndWork,
    A::ReadResidence,
    A::RecordResidence,
    A::ReadGuardians,
    A::RecordGuardian,
    A::ReadAssignments,
    A::AssignCase,
    A::ReadContact,
    A::ReadCaller,
    A::HandleContact,
    A::ReadMeetings,
    A::ReadPregnancies,
    A::RegisterPregnancy,
    A::ReadTransition,
    A::RaiseNeed,
    A::AcceptResponsibility,
    A::DecideResponsibility,
];
const CONTRIBUTE: &[A] = &[
    A::ReadYoungPerson,
    A::ReadTimeline,
    A::CompleteTask,
    A::CompleteOwnTask,
    A::Correct,
    A::CorrectEntry,
    A::ReadCpr,
    A::ReadPlan,
    A::AmendPlan,
    A::TellProgress,
    A::ReadIntervention,
    A::ReferIntervention,
    A::DeclineIntervention,
    A::StartIntervention,
    A::EndIntervention,
    A::ExtendIntervention,
    A::RecordAttendance,
    A::ArrangeIntervention,
    A::ReadBenefits,
    A::ReadJournal,
    A::WriteConversation,
    A::WriteNote,
    A::ReadEducationAndWork,
    A::ReadResidence,
    A::ReadGuardians,
    A::ReadAssignments,
    A::AssignCase,
    A::ReadContact,
    A::ReadMeetings,
    A::ReadPregnancies,
    A::ReadTransition,
    A::RaiseNeed,
];
const PROVIDE: &[A] = &[
    A::ReadYoungPerson,
    A::CompleteTask,
    A::CompleteOwnTask,
    A::ReadIntervention,
    A::DeclineIntervention,
    A::OfferPlace,
    A::StartIntervention,
    A::EndIntervention,
    A::ExtendIntervention,
    A::RecordAttendance,
    A::Visitate,
    A::ArrangeIntervention,
];
const REGISTER: &[A] = &[A::RegisterYoungPerson];
const LEAD: &[A] = &[A::EditCatalogue, A::SetUpGroups];
const LEAD_CASES: &[A] = &[A::MergeYoungPeople, A::ExemptTask];
const REPORT: &[A] = &[A::ReportAbsences];
const FIGURES: &[A] = &[A::ReadUnitFigures];
/// The actions of the second of two people (OR-3).
const SECOND: &[A] = &[A::ReadRights, A::ConfirmRights];
const CASELOAD: &[A] = &[A::ReadCaseload, A::RunCaseload];
const MEETINGS: &[A] = &[A::CallMeeting];
const MEETING_CALENDAR: &[A] = &[A::RunMeetingCalendar];
const RUN_GROUPS: &[A] = &[A::SetUpGroups];
const FIND_CONTACTS: &[A] = &[A::FindContacts];
/// Whoever finds a contact may read it: in their units, or of their cases.
const READ_CONTACT: &[A] = &[A::ReadContact];
const RUN_HOTLINE: &[A] = &[A::ReadCaller, A::LogContact, A::HandleContact, A::ReadCard];
/// Concerns alone are on their lists.
const TAKE_CONCERNS: &[A] = &[A::ReadCaller, A::LogContact, A::HandleContact, A::HandleConcern];

const fn rule(roles: &'static [Role], relation: Relation, actions: &'static [ActionKind]) -> Rule {
    Rule { roles, relation, actions }
}

/// The policy.
pub const POLICY: &[Section] = &[
    Section {
        department: Department::ChildrenAndYouth,
        title: "Børn & Unge (B&U)",
        rules: &[
            rule(
                &[Role::Adviser, Role::TeamLeader, Role::Psychologist, Role::DepartmentHead],
                Any,
                LOOK_AROUND,
            ),
            rule(&[Role::Adviser, Role::TeamLeader, Role::Psychologist], OwnUnit, REGISTER),
            rule(&[Role::Adviser, Role::TeamLeader], Works, CASEWORK),
            rule(&[Role::TeamLeader], Works, LEAD_CASES),
            rule(&[Role::Adviser, Role::TeamLeader], Works, &[A::RecordSupport, A::SettleNeed]),
            rule(&[Role::Psychologist], Works, CONTRIBUTE),
            rule(&[Role::Adviser, Role::TeamLeader], Works, MEETINGS),
            rule(&[Role::Adviser, Role::TeamLeader, Role::Psychologist], OwnUnit, MEETINGS),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, MEETING_CALENDAR),
            rule(&[Role::DepartmentHead], Works, READ_CASE),
            rule(&[Role::Adviser, Role::TeamLeader, Role::Psychologist], Provides, PROVIDE),
            rule(&[Role::Adviser, Role::TeamLeader, Role::Psychologist], Any, REPORT),
            rule(&[Role::Adviser, Role::Psychologist], OwnUnit, RUN_GROUPS),
            rule(&[Role::DepartmentHead], Provides, READ_PROVISION),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, LEAD),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, FIGURES),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, SECOND),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, CASELOAD),
            rule(&[Role::TeamLeader], OwnUnit, &[A::ExceedNorm]),
            rule(
                &[Role::Adviser, Role::TeamLeader, Role::Psychologist, Role::DepartmentHead],
                Any,
                FIND_CONTACTS,
            ),
            rule(
                &[Role::Adviser, Role::TeamLeader, Role::Psychologist, Role::DepartmentHead],
                OwnUnit,
                READ_CONTACT,
            ),
            rule(&[Role::Adviser, Role::TeamLeader], OwnUnit, TAKE_CONCERNS),
        ],
    },
    Section {
        department: Department::JobsAndWelfare,
        title: "Job & Velfærd (J&V)",
        rules: &[
            rule(
                &[
                    Role::Caseworker,
                    Role::JobConsultant,
                    Role::Adviser,
                    Role::TeamLeader,
                    Role::DepartmentHead,
                    Role::BenefitsOfficer,
                    Role::TreatmentCounsellor,
                ],
                Any,
                LOOK_AROUND,
            ),
            rule(
                &[Role::Caseworker, Role::JobConsultant, Role::Adviser, Role::TeamLeader],
                OwnUnit,
                REGISTER,
            ),
            rule(
                &[Role::Caseworker, Role::JobConsultant, Role::Adviser, Role::TeamLeader],
                Works,
                CASEWORK,
            ),
            rule(&[Role::TeamLeader], Works, LEAD_CASES),
            rule(&[Role::TreatmentCounsellor], Works, CONTRIBUTE),
            rule(
                &[
                    Role::Caseworker,
                    Role::JobConsultant,
                    Role::Adviser,
                    Role::TeamLeader,
                    Role::TreatmentCounsellor,
                ],
                OwnUnit,
                MEETINGS,
            ),
            rule(
                &[Role::Caseworker, Role::JobConsultant, Role::Adviser, Role::TeamLeader],
                OwnUnit,
                &[A::SettleNeed],
            ),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, MEETING_CALENDAR),
            rule(&[Role::BenefitsOfficer, Role::DepartmentHead], Works, READ_CASE),
            rule(&[Role::BenefitsOfficer], Works, &[A::ReadCpr, A::Correct, A::CorrectEntry]),
            rule(
                &[Role::Caseworker, Role::JobConsultant, Role::TeamLeader, Role::BenefitsOfficer],
                Works,
                &[A::RecordBenefit],
            ),
            rule(
                &[Role::Caseworker, Role::JobConsultant, Role::TeamLeader],
                Works,
                &[A::AssessReadiness],
            ),
            rule(
                &[
                    Role::Caseworker,
                    Role::JobConsultant,
                    Role::Adviser,
                    Role::TeamLeader,
                    Role::TreatmentCounsellor,
                ],
                Provides,
                PROVIDE,
            ),
            rule(
                &[
                    Role::Caseworker,
                    Role::JobConsultant,
                    Role::Adviser,
                    Role::TeamLeader,
                    Role::TreatmentCounsellor,
                ],
                Any,
                REPORT,
            ),
            rule(
                &[Role::Caseworker, Role::JobConsultant, Role::Adviser, Role::TreatmentCounsellor],
                OwnUnit,
                RUN_GROUPS,
            ),
            rule(&[Role::BenefitsOfficer, Role::DepartmentHead], Provides, READ_PROVISION),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, LEAD),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, FIGURES),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, SECOND),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, CASELOAD),
            rule(&[Role::TeamLeader], OwnUnit, &[A::ExceedNorm]),
            rule(
                &[
                    Role::Caseworker,
                    Role::JobConsultant,
                    Role::Adviser,
                    Role::TeamLeader,
                    Role::DepartmentHead,
                    Role::BenefitsOfficer,
                    Role::TreatmentCounsellor,
                ],
                Any,
                FIND_CONTACTS,
            ),
            rule(
                &[
                    Role::Caseworker,
                    Role::JobConsultant,
                    Role::Adviser,
                    Role::TeamLeader,
                    Role::DepartmentHead,
                    Role::BenefitsOfficer,
                    Role::TreatmentCounsellor,
                ],
                OwnUnit,
                READ_CONTACT,
            ),
        ],
    },
    Section {
        department: Department::Guidance,
        title: "Ungdommens Uddannelsesvejledning (UU)",
        rules: &[
            rule(
                &[Role::Counsellor, Role::TeamLeader, Role::DepartmentHead, Role::Mentor],
                Any,
                LOOK_AROUND,
            ),
            rule(&[Role::Hotline], Any, &[A::ReadOrganisation]),
            rule(&[Role::Counsellor, Role::TeamLeader], OwnUnit, REGISTER),
            rule(&[Role::Counsellor, Role::TeamLeader], Works, CASEWORK),
            rule(&[Role::Counsellor, Role::TeamLeader], Works, MEETINGS),
            rule(&[Role::Counsellor, Role::TeamLeader], OwnUnit, MEETINGS),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, MEETING_CALENDAR),
            rule(
                &[Role::Counsellor, Role::TeamLeader],
                Works,
                &[A::AssessIntake, A::AssessReadiness],
            ),
            rule(
                &[Role::Counsellor, Role::TeamLeader],
                Works,
                &[A::JudgeNeed, A::SettleNeed, A::HandOverToEducation],
            ),
            rule(&[Role::TeamLeader], Works, LEAD_CASES),
            rule(&[Role::DepartmentHead, Role::Mentor], Works, READ_CASE),
            // They carry the relation.
            rule(&[Role::Mentor], Works, &[A::TellProgress, A::WriteConversation, A::WriteNote]),
            rule(&[Role::Counsellor, Role::TeamLeader, Role::Mentor], Provides, PROVIDE),
            rule(&[Role::Counsellor, Role::TeamLeader, Role::Mentor], Any, REPORT),
            rule(&[Role::Counsellor, Role::Mentor], OwnUnit, RUN_GROUPS),
            rule(&[Role::DepartmentHead], Provides, READ_PROVISION),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, LEAD),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, FIGURES),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, SECOND),
            rule(&[Role::TeamLeader, Role::DepartmentHead], OwnUnit, CASELOAD),
            rule(&[Role::TeamLeader], OwnUnit, &[A::ExceedNorm]),
            rule(
                &[
                    Role::Counsellor,
                    Role::Hotline,
                    Role::TeamLeader,
                    Role::DepartmentHead,
                    Role::Mentor,
                ],
                Any,
                FIND_CONTACTS,
            ),
            rule(
                &[
                    Role::Counsellor,
                    Role::Hotline,
                    Role::TeamLeader,
                    Role::DepartmentHead,
                    Role::Mentor,
                ],
                OwnUnit,
                READ_CONTACT,
            ),
            rule(&[Role::Hotline], Works, READ_CONTACT),
            rule(&[Role::Hotline, Role::TeamLeader], OwnUnit, RUN_HOTLINE),
        ],
    },
    Section {
        department: Department::Institution,
        title: "Institutions",
        rules: &[
            rule(&[Role::InstitutionCounsellor, Role::TeamLeader, Role::Mentor], Any, LOOK_AROUND),
            // They take no part; by law or consent a case may be opened to them, as far as its basis goes.
            rule(
                &[Role::InstitutionCounsellor, Role::TeamLeader, Role::Mentor],
                Works,
                READ_OPENED_CASE,
            ),
            rule(&[Role::InstitutionCounsellor, Role::TeamLeader, Role::Mentor], Provides, PROVIDE),
            rule(&[Role::InstitutionCounsellor, Role::TeamLeader, Role::Mentor], Any, REPORT),
            rule(&[Role::InstitutionCounsellor, Role::Mentor], OwnUnit, RUN_GROUPS),
            rule(&[Role::TeamLeader], OwnUnit, LEAD),
            rule(&[Role::TeamLeader], OwnUnit, SECOND),
        ],
    },
    Section {
        department: Department::Administration,
        title: "Steering group, data protection officer, administration",
        rules: &[
            rule(&[Role::DataProtectionOfficer, Role::Administrator], Any, &[A::ReadOrganisation]),
            rule(&[Role::Administrator], Any, &[A::ManageEmployees]),
            rule(&[Role::Administrator], Any, SECOND),
            rule(&[Role::DataProtectionOfficer], Any, &[A::ReadRights]),
        ],
    },
];

/// Does the table say yes?
#[must_use]
pub fn allows(department: Department, role: Role, relation: Relation, action: ActionKind) -> bool {
    POLICY
        .iter()
        .filter(|section| section.department == department)
        .flat_map(|section| section.rules)
        .any(|rule| {
            rule.relation == relation
                && rule.roles.contains(&role)
                && rule.actions.contains(&action)
        })
}

/// The roles that a rule of the department names, in the order of [`Role`].
fn roles_with_rules(department: Department) -> Vec<Role> {
    let section = POLICY.iter().filter(|section| section.department == department);
    let rules: Vec<&Rule> = section.flat_map(|section| section.rules).collect();
    let has_rule = |role: &Role| rules.iter().any(|rule| rule.roles.contains(role));
    Role::VARIANTS.iter().copied().filter(has_rule).collect()
}

/// The roles that an employee can have in a department, in the order of [`Role`]: those that may do something, in casework
/// those to which a case can be assigned (CL-1), and in the administration the steering group, which sees figures only
/// (AC-8).
#[must_use]
pub fn roles_in(department: Department) -> Vec<Role> {
    let mut roles = roles_with_rules(department);
    if department.does_casework() {
        roles.extend(Function::VARIANTS.iter().map(|function| function.role()));
    }
    if department == Department::Administration {
        roles.push(Role::SteeringGroup);
    }
    Role::VARIANTS.iter().copied().filter(|role| roles.contains(role)).collect()
}

/// The table as `docs/ACCESS.md` shows it: a section per department, a row per action, a column per role.
#[must_use]
pub fn as_markdown() -> String {
    let mut page = String::from(
        "# Who may do what\n\n\
         Printed from `domain::access::policy` by `enplan access`; the tests ask for every cell over HTTP.\n\n\
         - *own case*: the role's unit, or the employee, has a valid access basis other than providing, with the areas and the kind that the first table requires.\n\
         - *own provision*: the role's unit provides the intervention; of the young person it sees who they are, and that intervention.\n\
         - *own unit*: in or of the role's own unit; a leader's are the units below as well.\n\
         - *yes*: no person's data are touched, or only those one may see are found.\n\
         - An empty cell is no. A young person without a valid basis does not exist for the caller: 404.\n",
    );
    super::needs::write_markdown(&mut page);
    for section in POLICY {
        let roles = roles_with_rules(section.department);
        let _ = write!(page, "\n## {}\n\n| |", section.title);
        for role in &roles {
            let _ = write!(page, " {} |", role.as_ref());
        }
        page.push_str("\n|---|");
        page.push_str(&"---|".repeat(roles.len()));
        for action in ActionKind::VARIANTS {
            let _ = write!(page, "\n| {} |", action.description());
            for role in &roles {
                let cell: Vec<&str> = Relation::VARIANTS
                    .iter()
                    .filter(|relation| allows(section.department, *role, **relation, *action))
                    .map(|relation| relation.in_words())
                    .collect();
                let _ = write!(page, " {} |", cell.join(", "));
            }
        }
        page.push('\n');
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AC-10: whoever finds somebody in a list may also read them, whichever basis shows them there.
    #[test]
    fn ac_10_whoever_may_find_may_read_what_is_found() {
        for department in Department::VARIANTS {
            for role in Role::VARIANTS {
                let may = |relation, action| allows(*department, *role, relation, action);
                if !may(Any, A::FindYoungPeople) {
                    continue;
                }
                for (relation, action) in [
                    (Works, A::ReadYoungPerson),
                    (Works, A::ReadPlan),
                    (Works, A::ReadIntervention),
                    (Works, A::ReadTransition),
                    (Provides, A::ReadYoungPerson),
                    (Provides, A::ReadIntervention),
                ] {
                    assert!(
                        may(relation, action),
                        "{department:?} {role:?}: {relation:?} {action:?}"
                    );
                }
            }
        }
    }

    /// The same of contacts of the hotline, of one's unit and of one's cases.
    #[test]
    fn ac_10_whoever_may_find_contacts_may_read_them() {
        for department in Department::VARIANTS {
            for role in Role::VARIANTS {
                let may = |relation, action| allows(*department, *role, relation, action);
                for relation in [OwnUnit, Works] {
                    assert_eq!(
                        may(Any, A::FindContacts),
                        may(relation, A::ReadContact),
                        "{department:?} {role:?}: {relation:?}"
                    );
                }
            }
        }
    }
}
