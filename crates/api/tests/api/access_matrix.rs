//! AC-4, A1, A2: every cell of the policy, asked for over HTTP.
//!
//! Each account meets every operation in every relation. Which relation holds is built here, by who
//! registered, takes part and provides; what is to be answered follows from it and from the table.
//! Changes are asked for with a version that is stale, or in another way that is refused *after* the
//! permit: so a permitted one is told from a forbidden one, and nothing changes from cell to cell.

use crate::committed;
use actix_web::http::Method;
use domain::access::policy::{ActionKind, Relation, allows};
use domain::organisation::{Department, Role};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use strum::VariantArray as _;
use test_support::contract::{Operation, operations};
use test_support::{Answer, Call, OpenCase, TestApp};
use uuid::Uuid;

#[test]
fn ac_04_the_printed_table_is_the_policy() {
    committed("docs/ACCESS.md", &domain::access::policy::as_markdown(), "UPDATE_DOCS");
}

/// What an operation is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    Nothing,
    Unit,
    /// A young person, by a CPR number in the body.
    Number,
    Person,
    Plan,
    Intervention,
    Benefit,
    Task,
    Merge,
    /// A conversation or a note.
    Entry,
    /// What reaches outside: an education order, a remark, a participant.
    Outside,
    Episode,
    Guardian,
    Assignment,
    IntakeEntry,
    /// In a list in the body, where what the caller does not see is unknown.
    ListedPerson,
    ListedAssignment,
    /// That somebody of a unit covers for a colleague: it exists for those of the unit.
    Cover,
    /// A request for rights: it does not exist for a caller who may not read it.
    Rights,
    /// A contact of the hotline, of a unit's list or of a case.
    Contact,
    /// The unit that runs the hotline.
    Hotline,
    /// The need of a transition meeting, of support, or a handover to youth education.
    Transition,
    /// What a unit raised or called, whose own it is: a need or a meeting.
    Called,
    /// A pregnancy: the registering unit's own alone.
    Registered,
    /// The same, by the young person in the path.
    RegisteredOfPerson,
}

impl On {
    /// A young person, or something that hangs on one?
    pub const fn is_of_a_case(self) -> bool {
        !matches!(
            self,
            Self::Nothing
                | Self::Unit
                | Self::Number
                | Self::Cover
                | Self::Rights
                | Self::Contact
                | Self::Hotline
        ) && !self.is_listed()
    }

    /// The action that reads it, if not every role does. To the others it does not exist (AC-17).
    pub const fn is_read_by(self) -> Option<ActionKind> {
        match self {
            Self::Registered => Some(ActionKind::ReadPregnancies),
            Self::Entry => Some(ActionKind::ReadJournal),
            Self::Contact => Some(ActionKind::ReadContact),
            _ => None,
        }
    }

    /// Something in a list in the body?
    pub const fn is_listed(self) -> bool {
        matches!(self, Self::ListedPerson | Self::ListedAssignment)
    }
}

/// An operation, the action it takes, and what is answered where that is permitted.
#[derive(Debug)]
pub struct Row(pub &'static str, pub ActionKind, pub On, pub (u16, &'static str));

const OK: (u16, &str) = (200, "");
const STALE: (u16, &str) = (412, "version.stale");
const UNKNOWN: (u16, &str) = (422, "request.invalid");

pub const ROWS: &[Row] = &{
    use ActionKind::*;
    use On::*;
    [
        Row("listLegalBases", ReadOrganisation, Nothing, OK),
        Row("tellMeetingRoom", RunMeetingCalendar, Unit, (409, "meeting-room.already-told")),
        Row("listMeetingRooms", ReadOrganisation, Nothing, OK),
        Row(
            "setMeetingWindow",
            RunMeetingCalendar,
            Unit,
            (409, "meeting-window.days-out-of-range"),
        ),
        Row("listMeetingWindows", ReadOrganisation, Nothing, OK),
        Row("offerMeetingSlots", RunMeetingCalendar, Unit, UNKNOWN),
        Row("listMeetingSlots", ReadOrganisation, Nothing, OK),
        Row("subscribeCalendar", SubscribeCalendar, Nothing, (201, "")),
        Row("withdrawCalendar", SubscribeCalendar, Nothing, (204, "")),
        Row("callMeeting", CallMeeting, Called, UNKNOWN),
        Row("listMeetings", ReadMeetings, Person, OK),
        Row("readMeeting", ReadMeetings, Called, OK),
        Row("moveMeeting", CallMeeting, Called, STALE),
        Row("cancelMeeting", CallMeeting, Called, STALE),
        Row("holdMeeting", CallMeeting, Called, STALE),
        Row("inviteToMeeting", CallMeeting, Called, STALE),
        Row("excuseParticipant", CallMeeting, Called, STALE),
        Row("sendMinutes", CallMeeting, Called, STALE),
        Row(
            "registerPregnancy",
            RegisterPregnancy,
            Person,
            (409, "network-meeting.already-registered"),
        ),
        Row("listPregnancies", ReadPregnancies, Person, OK),
        Row("tellBirth", CallMeeting, Registered, STALE),
        Row("endPregnancy", CallMeeting, Registered, STALE),
        Row("protectMeetingPlace", CallMeeting, Called, STALE),
        Row("readMeetingCalendar", ReadMeetings, Called, OK),
        Row("withdrawMeetingRoom", RunMeetingCalendar, Unit, (409, "meeting-calendar.in-use")),
        Row("withdrawMeetingWindow", RunMeetingCalendar, Unit, (409, "meeting-calendar.in-use")),
        Row("withdrawMeetingSlot", RunMeetingCalendar, Unit, (409, "meeting-calendar.in-use")),
        Row("callNetworkMeeting", CallMeeting, RegisteredOfPerson, UNKNOWN),
        Row("readWindowDemand", FindYoungPeople, Nothing, OK),
        Row("listSupportNeeds", ReadTransition, Person, OK),
        Row("tellSupportNeed", RecordSupport, Person, (409, "legal-basis.not-valid")),
        Row("endSupportNeed", RecordSupport, Transition, STALE),
        Row("listTransitionNeeds", FindYoungPeople, Nothing, OK),
        Row("raiseTransitionNeed", RaiseNeed, Person, (409, "transition-need.age-out-of-range")),
        Row("readTransitionNeed", ReadTransition, Transition, OK),
        Row("judgeTransitionNeed", JudgeNeed, Transition, STALE),
        Row("referTransitionNeed", SettleNeed, Called, STALE),
        Row("tellAftercareCommittee", SettleNeed, Called, STALE),
        Row("agreeResponsibility", SettleNeed, Called, STALE),
        Row("acceptTransitionNeed", AcceptResponsibility, Transition, STALE),
        Row("readResponsibility", ReadTransition, Person, OK),
        Row("decideResponsibility", DecideResponsibility, Person, (409, "legal-basis.not-valid")),
        Row("endResponsibility", DecideResponsibility, Transition, STALE),
        Row("listEducationHandovers", ReadEducationAndWork, Person, OK),
        Row("handOverToEducation", HandOverToEducation, Person, UNKNOWN),
        Row("receiveEducationHandover", HandOverToEducation, Transition, STALE),
        Row("listUnits", ReadOrganisation, Nothing, OK),
        Row("listEmployees", ReadOrganisation, Nothing, OK),
        Row("listCatalogue", ReadOrganisation, Nothing, OK),
        Row("readCatalogueEntry", ReadOrganisation, Nothing, OK),
        Row("readPlaces", ReadOrganisation, Nothing, OK),
        Row("listRightsRequests", ReadRights, Nothing, OK),
        Row("readRightsRequest", ReadRights, Rights, OK),
        Row("confirmRightsRequest", ConfirmRights, Rights, STALE),
        Row("refuseRightsRequest", ConfirmRights, Rights, STALE),
        Row("resetPassword", ManageEmployees, Nothing, (409, "rights-request.already-pending")),
        Row("employ", ManageEmployees, Nothing, (409, "employee.username-taken")),
        Row("giveRole", ManageEmployees, Nothing, (422, "request.invalid")),
        Row("endRole", ManageEmployees, Nothing, (404, "not-found")),
        Row("tellTelephone", ManageEmployees, Nothing, STALE),
        Row("deactivateEmployee", ManageEmployees, Nothing, STALE),
        Row("reactivateEmployee", ManageEmployees, Nothing, STALE),
        Row("endEmployment", ManageEmployees, Nothing, STALE),
        Row("assignCase", AssignCase, Person, UNKNOWN),
        Row("assignCases", AssignCase, ListedPerson, UNKNOWN),
        Row("handOver", AssignCase, ListedAssignment, UNKNOWN),
        Row("whatIf", AssignCase, ListedAssignment, UNKNOWN),
        Row("recommend", AssignCase, ListedPerson, UNKNOWN),
        Row("listAssignments", ReadAssignments, Person, OK),
        Row("readAssignment", ReadAssignments, Assignment, OK),
        Row("endAssignment", AssignCase, Assignment, STALE),
        Row("reopenAssignment", AssignCase, Assignment, STALE),
        Row("putIntoIntake", AssignCase, Person, UNKNOWN),
        Row("readIntakeEntry", ReadAssignments, IntakeEntry, OK),
        Row("withdrawFromIntake", AssignCase, IntakeEntry, STALE),
        Row("putCatalogueEntry", EditCatalogue, Unit, STALE),
        Row("setPlaces", EditCatalogue, Unit, OK),
        Row(
            "registerYoungPerson",
            RegisterYoungPerson,
            Unit,
            (409, "young-person.age-out-of-range"),
        ),
        Row("listYoungPeople", FindYoungPeople, Nothing, OK),
        Row("searchYoungPeople", FindYoungPeople, Nothing, OK),
        Row("lookUpYoungPerson", FindYoungPeople, Number, OK),
        Row("readYoungPerson", ReadYoungPerson, Person, OK),
        Row("readCaseFile", ReadYoungPerson, Person, OK),
        Row("readTimeline", ReadTimeline, Person, OK),
        Row("amendYoungPerson", AmendYoungPerson, Person, STALE),
        Row("readCpr", ReadCpr, Person, OK),
        Row("widenAccess", WidenAccess, Person, UNKNOWN),
        Row("openPlan", OpenPlan, Person, (409, "plan.already-open")),
        Row("readPlan", ReadPlan, Plan, OK),
        Row("readGoal", ReadPlan, Plan, OK),
        Row("readProgress", ReadPlan, Plan, OK),
        Row("readIndicators", ReadPlan, Plan, OK),
        Row("listReviews", ReadPlan, Plan, OK),
        Row("amendPlan", AmendPlan, Plan, STALE),
        Row("addGoal", AmendPlan, Plan, (201, "")),
        Row("amendGoal", AmendPlan, Plan, STALE),
        Row("addParticipant", AmendPlan, Plan, (422, "request.invalid")),
        Row("endParticipation", AmendPlan, Plan, (404, "not-found")),
        Row("setContactPerson", AmendPlan, Plan, STALE),
        Row("setCoordinator", AmendPlan, Plan, STALE),
        Row("linkPlan", AmendPlan, Plan, (201, "")),
        Row("tellProgress", TellProgress, Plan, (409, "plan.day-out-of-range")),
        Row("measureIndicators", AmendPlan, Plan, (409, "plan.day-out-of-range")),
        Row("holdReview", AmendPlan, Plan, STALE),
        Row("activatePlan", ActivatePlan, Plan, STALE),
        Row("closePlan", ClosePlan, Plan, STALE),
        Row("referIntervention", ReferIntervention, Plan, (422, "request.invalid")),
        Row("readIntervention", ReadIntervention, Intervention, OK),
        Row("startIntervention", StartIntervention, Intervention, STALE),
        Row("declineIntervention", DeclineIntervention, Intervention, STALE),
        Row("offerPlace", OfferPlace, Intervention, STALE),
        Row("withdrawIntervention", ReferIntervention, Intervention, STALE),
        Row("endIntervention", EndIntervention, Intervention, STALE),
        Row("acceptReferral", Visitate, Intervention, STALE),
        Row("refuseReferral", Visitate, Intervention, STALE),
        Row("prioritiseReferral", Visitate, Intervention, STALE),
        Row("extendIntervention", ExtendIntervention, Intervention, STALE),
        Row(
            "recordAttendance",
            RecordAttendance,
            Intervention,
            (409, "intervention.step-not-allowed"),
        ),
        Row("readAttendance", ReadIntervention, Intervention, OK),
        Row("assessIntake", AssessIntake, Person, (422, "request.invalid")),
        Row("listAssessments", ReadYoungPerson, Person, OK),
        Row("setCompany", ArrangeIntervention, Intervention, STALE),
        Row("tellHours", ArrangeIntervention, Intervention, OK),
        Row("setSchedule", ArrangeIntervention, Intervention, STALE),
        Row("addMember", ArrangeIntervention, Intervention, (409, "group.another-provider")),
        Row("endMembership", ArrangeIntervention, Intervention, (404, "not-found")),
        Row("setUpGroup", SetUpGroups, Unit, (201, "")),
        Row("changeGroup", SetUpGroups, Unit, STALE),
        Row("listGroups", ReadOrganisation, Nothing, OK),
        Row("readGroup", ReadOrganisation, Nothing, OK),
        Row("readCombination", ReadPlan, Person, OK),
        Row("listClashes", ReadPlan, Plan, OK),
        Row("correct", Correct, Person, (422, "request.invalid")),
        Row("listCorrections", ReadTimeline, Person, OK),
        Row("mergeYoungPeople", MergeYoungPeople, Person, (422, "request.invalid")),
        Row("listMerges", ReadTimeline, Person, OK),
        Row("undoMerge", MergeYoungPeople, Merge, STALE),
        Row("listTasks", ReadTasks, Nothing, OK),
        Row("readTask", ReadYoungPerson, Task, OK),
        Row("completeTask", CompleteTask, Task, STALE),
        Row("exemptTask", ExemptTask, Task, STALE),
        Row("listDeadlineRules", ReadOrganisation, Nothing, OK),
        Row("listSchoolHolidays", ReadOrganisation, Nothing, OK),
        Row("readUnitDeadlines", ReadUnitFigures, Unit, OK),
        Row("listGaps", ReadTasks, Nothing, OK),
        Row("exemptPlan", AmendPlan, Plan, (409, "plan.exemption-out-of-range")),
        Row("listPlanExemptions", ReadPlan, Plan, OK),
        Row(
            "startActivityClocks",
            StartActivityClocks,
            Person,
            (409, "activity-clock.age-out-of-range"),
        ),
        Row("reportAbsences", ReportAbsences, Nothing, OK),
        Row("listAbsences", ReadIntervention, Intervention, OK),
        Row("recordBenefit", RecordBenefit, Person, (409, "benefit.overlap")),
        Row("listBenefits", ReadBenefits, Person, OK),
        Row("endBenefit", RecordBenefit, Benefit, STALE),
        Row("leadBenefit", RecordBenefit, Benefit, STALE),
        Row("assessReadiness", AssessReadiness, Person, (409, "target-group.not-defined")),
        Row("listReadiness", ReadBenefits, Person, OK),
        Row("readTargetGroup", ReadBenefits, Person, OK),
        Row("recordSanction", RecordBenefit, Person, (409, "sanction.day-out-of-range")),
        Row("listSanctions", ReadBenefits, Person, OK),
        Row("listEducationAndWork", ReadEducationAndWork, Person, OK),
        Row("recordEpisode", RecordEducationAndWork, Person, (409, "episode.days-contradict")),
        Row("tellEpisodeDays", RecordEducationAndWork, Episode, STALE),
        Row("listResidence", ReadResidence, Person, OK),
        Row("tellResidence", RecordResidence, Person, (409, "residence.already-told")),
        Row("listGuardians", ReadGuardians, Person, OK),
        Row("recordGuardian", RecordGuardian, Person, (409, "guardian.of-age")),
        Row("amendGuardian", RecordGuardian, Guardian, STALE),
        Row("listFollowUps", ReadFollowUps, Person, OK),
        Row("takeState", FollowUp, Person, (409, "follow-up.not-left")),
        Row("listConversations", ReadJournal, Person, OK),
        Row("listNotes", ReadJournal, Person, OK),
        Row("readConversation", ReadJournal, Entry, OK),
        Row("readNote", ReadJournal, Entry, OK),
        Row("writeConversation", WriteConversation, Person, (409, "journal.moment-out-of-range")),
        Row("writeNote", WriteNote, Person, (409, "journal.moment-out-of-range")),
        Row("correctConversation", WriteConversation, Entry, (201, "")),
        Row("correctNote", WriteNote, Entry, (201, "")),
        Row("readFaceToFace", ReadUnitFigures, Unit, OK),
        Row("listEducationOrders", ReadPlan, Plan, OK),
        Row("giveEducationOrder", AmendPlan, Plan, (409, "plan.day-out-of-range")),
        Row("receiveEducationOrder", AmendPlan, Outside, STALE),
        Row("listSupportRemarks", ReadPlan, Plan, OK),
        Row("sendSupportRemark", AmendPlan, Plan, (409, "plan.day-out-of-range")),
        Row("receiveSupportRemark", AmendPlan, Outside, STALE),
        Row("answerSupportRemark", AmendPlan, Outside, STALE),
        Row("listExternalParticipants", ReadPlan, Plan, OK),
        Row("nameExternalParticipant", AmendPlan, Plan, (201, "")),
        Row("tellExternalParticipant", AmendPlan, Outside, (409, "external-participant.no-basis")),
        Row("withdrawConsent", AmendPlan, Outside, STALE),
        Row("endExternalParticipant", AmendPlan, Outside, STALE),
        Row("readNorms", ReadOrganisation, Nothing, OK),
        Row("decideNorm", RunCaseload, Unit, STALE),
        Row("listCaseloadTerms", ReadOrganisation, Nothing, OK),
        Row("agreeCaseloadTerms", RunCaseload, Unit, (422, "request.invalid")),
        Row("listCover", ReadOrganisation, Nothing, OK),
        Row("decideCover", RunCaseload, Unit, (422, "request.invalid")),
        Row("readCover", ReadOrganisation, Cover, OK),
        Row("endCover", RunCaseload, Cover, STALE),
        Row("readCaseload", ReadCaseload, Unit, OK),
        Row("listIntake", ReadCaseload, Unit, OK),
        Row("readForecast", ReadCaseload, Unit, OK),
        Row("myCaseload", FindYoungPeople, Nothing, OK),
        Row("listContacts", FindContacts, Nothing, OK),
        Row("searchContacts", FindContacts, Nothing, OK),
        Row("readContact", ReadContact, Contact, OK),
        Row("readCaller", ReadCaller, Contact, OK),
        Row("takeContact", HandleContact, Contact, STALE),
        Row("answerContact", HandleContact, Contact, STALE),
        Row("closeContact", HandleContact, Contact, STALE),
        Row("reopenContact", HandleContact, Contact, STALE),
        Row("correctContact", HandleContact, Contact, (201, "")),
        Row("linkContact", LogContact, Contact, STALE),
        Row("readCard", ReadCard, Contact, (409, "hotline.step-not-allowed")),
        Row("assessConcern", HandleConcern, Contact, STALE),
        Row("receiptConcern", HandleConcern, Contact, STALE),
        Row("logContact", LogContact, Hotline, (409, "hotline.moment-out-of-range")),
        Row("listPassedOn", LogContact, Hotline, OK),
    ]
};

/// Actions that an operation asks for beside its row's: tested with the operation.
const BESIDE: [(&str, ActionKind); 3] = [
    ("assignCase", ActionKind::ExceedNorm),
    ("completeTask", ActionKind::CompleteOwnTask),
    ("correct", ActionKind::CorrectEntry),
];

/// A group of Trepas', of which nobody is a member.
pub const GROUP: Uuid = Uuid::from_u128(1);

/// A room of Trepas'.
pub const ROOM: Uuid = Uuid::from_u128(2);

/// Operations that need a session and nothing else: they tell or end what is one's own.
pub const OF_EVERYBODY: [&str; 3] = ["changePassword", "me", "signOut"];

/// Whose unit, or one below it, runs the hotline.
const OF_THE_HOTLINE: [&str; 3] = ["uu.hotline", "uu.teamleder", "test.uu-chef"];

/// Whom the table is asked for: user name, department, role, and an operational unit of theirs (of a
/// leader who has none, one of those below).
pub const PEOPLE: &[(&str, Department, Role, &str)] = &{
    use Department::*;
    use Role::*;
    [
        ("bu.raadgiver", ChildrenAndYouth, Adviser, "ungeenheden"),
        ("bu.teamleder", ChildrenAndYouth, TeamLeader, "ungeenheden"),
        ("handicap.teamleder", ChildrenAndYouth, TeamLeader, "handicapteamet"),
        ("ppr.psykolog", ChildrenAndYouth, Psychologist, "ppr"),
        ("test.bu-chef", ChildrenAndYouth, DepartmentHead, "ungeenheden"),
        ("jv.sagsbehandler", JobsAndWelfare, Caseworker, "jobspor"),
        ("jv.sagsbehandler2", JobsAndWelfare, Caseworker, "jobspor"),
        ("jv.jobkonsulent", JobsAndWelfare, JobConsultant, "jobspor"),
        ("jv.teamleder", JobsAndWelfare, TeamLeader, "jobspor"),
        ("job.afdelingsleder", JobsAndWelfare, DepartmentHead, "jobspor"),
        ("ydelse.medarbejder", JobsAndWelfare, BenefitsOfficer, "ydelseskontoret"),
        ("social.raadgiver", JobsAndWelfare, Adviser, "socialafdelingen"),
        ("social.teamleder", JobsAndWelfare, TeamLeader, "socialafdelingen"),
        ("rusmiddel.behandler", JobsAndWelfare, TreatmentCounsellor, "rusmiddelcentret"),
        ("uu.vejleder", Guidance, Counsellor, "uu-vejledningen"),
        ("uu.hotline", Guidance, Hotline, "uu-hotline"),
        ("uu.teamleder", Guidance, TeamLeader, "uu-vejledningen"),
        ("test.uu-chef", Guidance, DepartmentHead, "uu-vejledningen"),
        ("mentor", Guidance, Mentor, "uu-mentorer"),
        ("mercantec.vejleder", Institution, InstitutionCounsellor, "mercantec"),
        ("vuc.vejleder", Institution, InstitutionCounsellor, "vuc"),
        ("fgu.vejleder", Institution, InstitutionCounsellor, "fgu"),
        ("vaeksthuset.konsulent", Institution, InstitutionCounsellor, "vaeksthuset"),
        ("test.skoleleder", Institution, TeamLeader, "vuc"),
        ("test.skolementor", Institution, Mentor, "fgu"),
        ("styregruppe", Administration, SteeringGroup, "styregruppe"),
        ("dpo", Administration, DataProtectionOfficer, "databeskyttelse"),
        ("admin", Administration, Administrator, "systemforvaltning"),
    ]
};

/// A caseworker of another part of the municipality, who can have cases of their own.
fn elsewhere(home: &str) -> &'static str {
    if home == "jobspor" { "bu.raadgiver" } else { "jv.sagsbehandler" }
}

/// A case as it stands to one person.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Standing {
    pub relations: &'static [Relation],
    pub sees_person: bool,
    pub sees_plan: bool,
    pub sees_intervention: bool,
    pub sees_contact: bool,
    pub number: String,
    pub person: Uuid,
    pub plan: Uuid,
    pub goal: Uuid,
    pub intervention: Uuid,
    pub benefit: Uuid,
    pub task: Uuid,
    pub merge: Uuid,
    pub conversation: Uuid,
    pub note: Uuid,
    pub order: Uuid,
    pub remark: Uuid,
    pub outsider: Uuid,
    pub episode: Uuid,
    pub guardian: Uuid,
    pub assignment: Uuid,
    pub intake_entry: Uuid,
    /// Of the unit, whose id it has.
    pub cover: Uuid,
    pub contact: Uuid,
    pub support: Uuid,
    pub need: Uuid,
    pub handover: Uuid,
    pub decides: Uuid,
    pub meeting: Uuid,
    pub pregnancy: Uuid,
    /// Whose these are.
    pub called_by: Uuid,
    pub unit: Uuid,
    pub offer: String,
}

impl Standing {
    /// Somebody with an active plan that has a goal and this intervention, and who does not exist for
    /// the caller.
    pub async fn hidden(
        app: &TestApp,
        number: &str,
        case: OpenCase,
        owner: &str,
        intervention: Uuid,
    ) -> Self {
        let plan = app.as_(owner).get(&format!("/api/v1/plans/{}", case.plan)).await.expect(200);
        let benefit = app
            .as_(owner)
            .get(&format!("/api/v1/young-people/{}/benefits", case.young_person))
            .await;
        let task = format!(
            "SELECT id FROM task WHERE young_person_id = '{}' AND kind = 'hand-over'",
            case.young_person
        );
        let merge = format!("SELECT id FROM merge WHERE young_person_id = '{}'", case.young_person);
        let merge = app.sql(&merge).await[0]["id"].as_str().unwrap().parse().unwrap();
        let task = app.sql(&task).await[0]["id"].as_str().unwrap().parse().unwrap();
        let of_person = async |table: &str| -> Uuid {
            let query =
                format!("SELECT id FROM {table} WHERE young_person_id = '{}'", case.young_person);
            app.sql(&query).await[0]["id"].as_str().unwrap().parse().unwrap()
        };
        Self {
            relations: &[],
            sees_person: false,
            sees_plan: false,
            sees_intervention: false,
            sees_contact: false,
            number: number.to_owned(),
            person: case.young_person,
            plan: case.plan,
            goal: plan.body["goals"][0]["id"].as_str().unwrap().parse().unwrap(),
            intervention,
            benefit: benefit.items()[0]["id"].as_str().unwrap().parse().unwrap(),
            task,
            merge,
            conversation: only(app, "journal_entry", case, "kind = 'conversation'").await,
            note: only(app, "journal_entry", case, "kind = 'note'").await,
            order: only(app, "education_order", case, "true").await,
            remark: only(app, "support_remark", case, "true").await,
            outsider: only(app, "external_participant", case, "true").await,
            episode: of_person("education_and_work").await,
            guardian: of_person("guardian").await,
            assignment: of_person("assignment").await,
            intake_entry: of_person("intake_entry").await,
            cover: app.unit("trepas"),
            contact: of_person("hotline_contact").await,
            support: of_person("support_need").await,
            need: of_person("transition_need").await,
            handover: of_person("education_handover").await,
            decides: of_person("statutory_responsibility").await,
            meeting: of_person("meeting").await,
            pregnancy: of_person("pregnancy").await,
            called_by: app.unit_of(owner),
            unit: app.unit("trepas"),
            offer: "fgu-agu".to_owned(),
        }
    }

    /// The same of somebody who is not there at all.
    pub fn nowhere(&self, number: String) -> Self {
        let [person, plan, goal, intervention, benefit, task, merge] =
            [0; 7].map(|_| Uuid::now_v7());
        let [conversation, note, order, remark, outsider] = [0; 5].map(|_| Uuid::now_v7());
        let [episode, guardian, assignment, intake_entry, cover] = [0; 5].map(|_| Uuid::now_v7());
        let known = Self { person, plan, goal, intervention, benefit, task, merge, ..self.clone() };
        let known = Self { conversation, note, order, remark, outsider, ..known };
        let [contact, support, need, handover, decides] = [0; 5].map(|_| Uuid::now_v7());
        let [meeting, pregnancy] = [0; 2].map(|_| Uuid::now_v7());
        let known = Self { support, need, handover, decides, meeting, pregnancy, ..known };
        Self { number, episode, guardian, assignment, intake_entry, cover, contact, ..known }
    }

    /// The same for another young person without further records.
    pub fn of_other(&self, person: Uuid, plan: Uuid, need: Uuid) -> Self {
        Self { person, plan, need, ..self.nowhere(self.number.clone()) }
    }

    /// The same with a newer plan, need, meeting and intervention.
    pub fn with(self, plan: Uuid, need: Uuid, meeting: Option<Uuid>, intervention: Uuid) -> Self {
        Self { plan, need, meeting: meeting.unwrap_or(self.meeting), intervention, ..self }
    }

    /// The meeting.
    pub const fn meeting(&self) -> Uuid {
        self.meeting
    }

    fn sees(&self, on: On) -> bool {
        match on {
            On::Nothing | On::Unit | On::Number | On::Hotline => true,
            On::Person | On::ListedPerson | On::Merge | On::RegisteredOfPerson => self.sees_person,
            // These are opened together: by a basis other than providing.
            On::Plan
            | On::Benefit
            | On::Task
            | On::Entry
            | On::Outside
            | On::Episode
            | On::Guardian
            | On::Assignment
            | On::ListedAssignment
            | On::IntakeEntry
            | On::Transition
            | On::Called
            | On::Registered => self.sees_plan,
            On::Intervention => self.sees_intervention,
            On::Cover | On::Rights => self.relations.contains(&Relation::OwnUnit),
            On::Contact => self.sees_contact,
        }
    }
}

#[test]
fn a1_every_operation_stands_in_the_matrix() {
    let rows: BTreeSet<&str> = ROWS.iter().map(|row| row.0).chain(OF_EVERYBODY).collect();
    let all = operations();
    let documented: BTreeSet<&str> = all
        .iter()
        .filter(|operation| !operation.is_public())
        .map(|operation| &*operation.id)
        .collect();
    assert_eq!(rows, documented);
    for action in ActionKind::VARIANTS {
        let asked = ROWS.iter().any(|row| row.1 == *action)
            || BESIDE
                .iter()
                .any(|(operation, beside)| beside == action && rows.contains(operation));
        assert!(asked, "no operation asks for {action:?}");
    }
}

#[test]
fn a2_every_role_of_the_policy_is_asked_for() {
    for department in Department::VARIANTS {
        for role in Role::VARIANTS {
            let may = |relation: &Relation| {
                ActionKind::VARIANTS
                    .iter()
                    .any(|action| allows(*department, *role, *relation, *action))
            };
            let asked = PEOPLE.iter().any(|person| (person.1, person.2) == (*department, *role));
            assert!(
                asked || !Relation::VARIANTS.iter().any(may),
                "{department:?} {role:?} is not asked for"
            );
        }
    }
}

/// The demonstration, with an employee for every role of the policy, and an offer, a group and a cover of every unit:
/// group, cover and a proposed role use the unit's id.
pub async fn municipality() -> TestApp {
    let app = TestApp::new().await;
    for (username, role, unit) in [
        ("test.bu-chef", "department-head", "bu"),
        ("test.uu-chef", "department-head", "uu"),
        ("test.skoleleder", "team-leader", "vuc"),
        ("test.skolementor", "mentor", "fgu"),
        ("test.andet", "mentor", "sosu"),
    ] {
        app.employ(username, role, unit).await;
    }
    app.execute(
        "INSERT INTO catalogue_entry (code, title, description, provider_unit_id, area, target_groups,
                                      company_oriented, repeatable, cannot_wait)
         SELECT 'own-' || code, 'x', 'x', id, 'education', '{}', false, false, false FROM unit",
    )
    .await;
    app.execute(&format!(
        "INSERT INTO meeting_room (id, unit_id, name, place)
         SELECT '{ROOM}'::uuid, '{}'::uuid, 'x', 'x' UNION ALL SELECT id, id, code, 'x' FROM unit;
         INSERT INTO meeting_window (id, unit_id, first_day, last_day)
         SELECT u.id, u.id, make_date(2100 + u.no, 1, 1), make_date(2100 + u.no, 1, 14)
           FROM (SELECT id, row_number() OVER (ORDER BY id)::integer AS no FROM unit) u",
        app.unit("trepas")
    ))
    .await;
    // A slot of each, and a meeting about somebody who is not there in it: what is in use is not withdrawn.
    app.execute(&format!(
        "SET LOCAL session_replication_role = replica;
         INSERT INTO meeting_slot (id, window_id, room_id, starts_at, ends_at)
         SELECT w.id, w.id, w.id, w.first_day + time '09:00', w.first_day + time '10:00' FROM meeting_window w;
         INSERT INTO meeting (id, young_person_id, writing_unit_id, kind, need_id, without_because, slot_id, room_id, starts_at, ends_at,
                              called_by_id, called_at, changed_at)
         SELECT gen_random_uuid(), gen_random_uuid(), s.id, 'sparring', gen_random_uuid(), 'x', s.id, s.room_id, s.starts_at, s.ends_at,
                '{}', '2026-11-01Z', '2026-11-01Z' FROM meeting_slot s",
        app.employee("admin")
    ))
    .await;
    app.execute(&format!(
        "INSERT INTO intervention_group (id, provider_unit_id, title, from_day)
         SELECT '{GROUP}'::uuid, '{}'::uuid, 'x', date '2026-01-01'
         UNION ALL SELECT id, id, 'x', '2026-01-01' FROM unit",
        app.unit("trepas")
    ))
    .await;
    app.execute(&format!(
        "INSERT INTO cover (id, unit_id, absent_id, covered_by_id, from_day, until_day, reason, decided_by_id, decided_at)
         SELECT id, id, '{0}', '{1}', '2026-11-23', '2026-12-31', 'x', '{1}', '2026-11-23T08:00Z' FROM unit",
        app.employee("test.andet"),
        app.employee("admin")
    ))
    .await;
    app.execute(&format!(
        "INSERT INTO rights_request (id, kind, employee_id, role, unit_id, requested_by_id, requested_at)
         SELECT id, 'role', '{0}'::uuid, 'counsellor', id, '{1}'::uuid, timestamptz '2026-11-23T08:00Z' FROM unit
         UNION ALL SELECT gen_random_uuid(), 'pass-phrase', '{0}', NULL, NULL, '{1}', '2026-11-23T08:00Z'",
        app.employee("test.andet"),
        app.employee("admin2")
    ))
    .await;
    let of_every_unit = ["u.id", "NULL::uuid", "u.id", "e.id"];
    app.execute(&contacts(of_every_unit, "unit u, (SELECT id FROM employee LIMIT 1) e")).await;
    app
}

/// Logs a contact that was solved while speaking for each row of a FROM, as the expressions tell: its id, whom it is tied to,
/// on whose list it is, and who logged it.
fn contacts([id, person, unit, who]: [&str; 4], from: &str) -> String {
    format!(
        "INSERT INTO hotline_contact (id, young_person_id, information_area, writing_unit_id, logging_unit_id, logged_by_id, summary,
             caller_kind, channel, topic, urgency, called_at, logged_at, only_information, plan_not_followed, due_at, state,
             owner_id, taken_at, answered_at, closed_at)
         SELECT {id}, {person}, 4, {unit}, {unit}, {who}, 'praktik',
             'other', 'phone', 'other', 'normal', '2026-11-01Z', '2026-11-01Z', false, false, '2026-11-10Z', 'closed',
             {who}, '2026-11-01Z', '2026-11-01Z', '2026-11-01Z'
           FROM {from};"
    )
}

/// An active plan of `owner`, the number it is looked up by, and one intervention by SOSU; on a benefit.
pub async fn case_of(app: &TestApp, owner: &str) -> (String, OpenCase, Uuid) {
    let case = app.active_plan(owner).await;
    let intervention = provided_by(app, owner, case.plan, "sosu").await;
    let (person, unit) = (case.young_person, app.unit_of(owner));
    app.execute(&format!(
        "SELECT set_config('app.now', '{now}', true);
         INSERT INTO benefit_episode (id, young_person_id, writing_unit_id, kind, leads, in_integration_programme, from_day, recorded_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', 'uddannelseshjaelp', true, false, '2026-01-01', '2026-11-01Z');
         INSERT INTO education_and_work (id, young_person_id, writing_unit_id, kind, name, place, state, started_on, source, recorded_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', 'education', 'x', 'x', 'started', '2026-08-01', 'register', '2026-11-01Z');
         INSERT INTO residence (id, young_person_id, writing_unit_id, from_day, municipality_code, source, recorded_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', '2026-01-01', '0791', 'register', '2026-11-01Z');
         INSERT INTO guardian (id, young_person_id, writing_unit_id, name, relation, has_custody, from_day, told_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', 'x', 'mother', true, '2020-01-01', '2023-11-01Z');
         INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, original_due_on, made_at)
         VALUES (gen_random_uuid(), '{person}', 2, '{unit}', 'hand-over', '{}', '2026-12-01', '2026-11-01Z');
         INSERT INTO intake_entry (id, young_person_id, writing_unit_id, unit_id, function, reason, from_day, entered_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', '{unit}', 'mentor', 'x', '2026-11-01', '2026-11-01Z');
         INSERT INTO support_need (id, young_person_id, writing_unit_id, legal_basis_code, goes_on_after_18, words, from_day, judged_on,
                                   judged_by_id, recorded_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', 'sel-107', false, 'x', '2026-01-01', '2026-01-01', '{owner}', '2026-11-01Z');
         INSERT INTO transition_need (id, young_person_id, writing_unit_id, origin, support_need_id, guide, acute, raised_on, state,
                                      decided_on, decided_by_id)
         SELECT gen_random_uuid(), '{person}', '{unit}', 'support-need', s.id, 17, false, '2026-01-01', 'held', '2026-01-01', '{owner}'
           FROM support_need s WHERE s.young_person_id = '{person}';
         INSERT INTO education_handover (id, young_person_id, writing_unit_id, from_school, to_education, receiver, told, on_day,
                                         basis_kind, basis_words, entered_by_id, entered_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', 'x', 'x', 'x', 'x', '2026-01-01', 'necessity', 'x', '{owner}', '2026-11-01Z');
         INSERT INTO statutory_responsibility (id, young_person_id, writing_unit_id, unit_id, legal_basis_code, from_day, decided_on,
                                               decided_by_id, recorded_at)
         SELECT gen_random_uuid(), '{person}', '{unit}', u.id, l.code, '2026-11-01', '2026-11-01', '{owner}', '2026-11-01Z'
           FROM unit u JOIN legal_basis l ON l.department = u.department AND l.code IN ('bl-108', 'lab', 'kui-1')
          WHERE u.operational ORDER BY u.id = '{unit}' DESC LIMIT 1;
         INSERT INTO pregnancy (id, young_person_id, writing_unit_id, known_on, registered_by_id, registered_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', '2026-11-01', '{owner}', '2026-11-01Z');
         INSERT INTO meeting (id, young_person_id, writing_unit_id, kind, need_id, without_because, outside_because, room_id, starts_at,
                              ends_at, called_by_id, called_at, changed_at)
         SELECT gen_random_uuid(), '{person}', '{unit}', 'sparring', n.id, 'x', 'overdue', r.id, '2026-12-01T12:00Z', '2026-12-01T13:00Z',
                '{owner}', '2026-11-01Z', '2026-11-01Z'
           FROM transition_need n
           JOIN meeting_room r ON r.id <> '{ROOM}' AND NOT EXISTS (SELECT FROM meeting m WHERE m.room_id = r.id AND m.starts_at < '2100-01-01')
          WHERE n.young_person_id = '{person}' ORDER BY r.id LIMIT 1;
         INSERT INTO meeting_participant (id, meeting_id, young_person_id, writing_unit_id, busy, invited_at, party, name, role)
         SELECT gen_random_uuid(), m.id, '{person}', '{unit}', m.busy, '2026-11-01Z', 'outside', 'x', 'doctor'
           FROM meeting m WHERE m.young_person_id = '{person}';
         INSERT INTO merge (id, young_person_id, writing_unit_id, merged_id, husk_id, reason, merged_by_id, merged_at)
         VALUES (gen_random_uuid(), '{person}', '{unit}', gen_random_uuid(), gen_random_uuid(), 'x', '{}', '2026-11-01Z')",
        case.plan,
        app.employee(owner),
        owner = app.employee(owner),
        now = app.now()
    ))
    .await;
    // On the list of SOSU, so that only the case leads to it.
    let uuid = |id: Uuid| format!("'{id}'::uuid");
    let tied =
        [uuid(Uuid::now_v7()), uuid(person), uuid(app.unit("sosu")), uuid(app.employee(owner))];
    app.execute(&contacts(tied.each_ref().map(String::as_str), "(VALUES (1)) v")).await;
    told_of(app, owner, case).await;
    (app.numbers_used().pop().unwrap(), case, intervention)
}

/// A conversation and a note about the plan; an education order, a remark on support needs, and a doctor who
/// takes part by consent to be told of the plan.
async fn told_of(app: &TestApp, owner: &str, case: OpenCase) {
    let me = app.as_(owner);
    let (path, at) = (format!("/api/v1/young-people/{}", case.young_person), app.now());
    let note = json!({ "informationArea": "plan", "tookPlaceAt": at, "text": "x" });
    let mut conversation = note.clone();
    conversation["form"] = json!("letter");
    conversation["youngPersonTookPart"] = json!(true);
    me.post(&format!("{path}/conversations"), conversation).await.expect(201);
    me.post(&format!("{path}/notes"), note).await.expect(201);
    let path = format!("/api/v1/plans/{}", case.plan);
    let order =
        json!({ "education": "x", "school": "x", "from": app.today(), "basis": necessity() });
    me.post(&format!("{path}/education-orders"), order).await.expect(201);
    let remark = json!({ "school": "x", "remark": "x", "basis": necessity() });
    me.post(&format!("{path}/support-remarks"), remark).await.expect(201);
    let doctor = json!({
        "name": "x", "role": "doctor", "informationArea": "plan",
        "consent": { "givenOn": app.today(), "purpose": "x", "areas": ["plan"] },
    });
    me.post(&format!("{path}/external-participants"), doctor).await.expect(201);
}

/// The only row of a table of this young person.
async fn only(app: &TestApp, table: &str, case: OpenCase, which: &str) -> Uuid {
    let query = format!(
        "SELECT id FROM {table} WHERE young_person_id = '{}' AND {which}",
        case.young_person
    );
    app.sql(&query).await[0]["id"].as_str().unwrap().parse().unwrap()
}

/// An intervention about education that this unit provides.
pub async fn provided_by(app: &TestApp, owner: &str, plan: Uuid, provider: &str) -> Uuid {
    let body = json!({
        "tailored": { "title": "Afklaring", "area": "education", "providerId": app.unit(provider) },
        "plannedStart": app.today(), "responsibleId": app.employee(owner),
    });
    app.as_(owner).post(&format!("/api/v1/plans/{plan}/interventions"), body).await.expect(201).id()
}

#[actix_web::test]
async fn a2_own_case() {
    let app = municipality().await;
    let owner = "jv.sagsbehandler";
    let (number, case, intervention) = case_of(&app, owner).await;
    for (username, department, _, home) in PEOPLE {
        if department.does_casework()
            && *home != "jobspor"
            && is_new_to(&app, case.plan, home).await
        {
            let (unit, employee) = (app.unit(home), app.employee(username));
            let employee =
                if app.unit_of(username) == unit { employee } else { app.employee("uu.vejleder") };
            let body = json!({ "unitId": unit, "employeeId": employee });
            app.as_(owner)
                .post(&format!("/api/v1/plans/{}/participants", case.plan), body)
                .await
                .expect(201);
        } else if !department.does_casework() {
            // They never take part; a paragraph may still open the case to them.
            let (person, unit, source) = (case.young_person, app.unit(home), Uuid::now_v7());
            app.execute(&format!(
                "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
                 VALUES ('{source}', '{person}', '{unit}', 'unit', 'law', 7, '{source}', 'x', '2026-11-01Z')"
            ))
            .await;
        }
    }
    for (_, _, _, home) in PEOPLE {
        open_family(&app, case.young_person, app.unit(home)).await;
    }
    let mut standing = Standing::hidden(&app, &number, case, owner, intervention).await;
    standing.relations = &[Relation::Works];
    (standing.sees_person, standing.sees_plan, standing.sees_intervention) = (true, true, true);
    standing.sees_contact = true;
    ask_everybody(&app, |_, _| &standing).await;
}

/// Opens the areas family (for support needs) and health (for pregnancies) to a unit that sees the young person. One
/// basis opens these and the other areas, because a change requires one sufficient basis (AC-16).
pub async fn open_family(app: &TestApp, person: Uuid, unit: Uuid) {
    let source = Uuid::now_v7();
    app.execute(&format!(
        "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from)
         SELECT '{source}', '{person}', '{unit}', 'unit', b.kind, b.areas | 24, '{source}', 'x', '2026-11-01Z'
           FROM access_basis b WHERE b.young_person_id = '{person}' AND b.holder_id = '{unit}' ORDER BY b.kind <> 'provision' DESC, b.id LIMIT 1"
    ))
    .await;
}

/// Does the unit not take part yet?
async fn is_new_to(app: &TestApp, plan: Uuid, unit: &str) -> bool {
    let unit = app.unit(unit);
    app.sql(&format!(
        "SELECT 1 FROM plan_participant WHERE plan_id = '{plan}' AND unit_id = '{unit}'"
    ))
    .await
    .is_empty()
}

#[actix_web::test]
async fn a2_own_provision() {
    let app = municipality().await;
    let mut standings = Vec::new();
    for owner in ["jv.sagsbehandler", "bu.raadgiver"] {
        let (number, case, _) = case_of(&app, owner).await;
        for (_, _, _, home) in PEOPLE.iter().filter(|(_, _, _, home)| elsewhere(home) == owner) {
            let provided = provided_by(&app, owner, case.plan, home).await;
            let mut standing = Standing::hidden(&app, &number, case, owner, provided).await;
            standing.relations = &[Relation::Provides, Relation::OwnUnit];
            (standing.sees_person, standing.sees_intervention) = (true, true);
            (standing.unit, standing.offer) = (app.unit(home), format!("own-{home}"));
            standing.cover = standing.unit;
            standings.push((*home, standing));
        }
    }
    ask_everybody(&app, |_, home| &standings.iter().find(|(of, _)| *of == home).unwrap().1).await;
}

#[actix_web::test]
async fn a2_unrelated() {
    let app = municipality().await;
    let mut standings = Vec::new();
    for owner in ["jv.sagsbehandler", "bu.raadgiver"] {
        let (number, case, intervention) = case_of(&app, owner).await;
        standings.push((owner, Standing::hidden(&app, &number, case, owner, intervention).await));
    }
    ask_everybody(&app, |_, home| {
        &standings.iter().find(|(owner, _)| *owner == elsewhere(home)).unwrap().1
    })
    .await;
}

/// A leader works with whom the units below work with, and with nobody of a unit beside.
#[actix_web::test]
async fn a2_leader_above_and_beside() {
    let app = municipality().await;
    let mut standings = Vec::new();
    for (owner, above) in [
        ("jv.sagsbehandler", ["jv.teamleder", "job.afdelingsleder"]),
        ("bu.raadgiver", ["bu.teamleder", "test.bu-chef"]),
        ("uu.vejleder", ["uu.teamleder", "test.uu-chef"]),
    ] {
        let (number, case, intervention) = case_of(&app, owner).await;
        let hidden = Standing::hidden(&app, &number, case, owner, intervention).await;
        let mut seen = hidden.clone();
        seen.relations = &[Relation::Works];
        (seen.sees_person, seen.sees_plan, seen.sees_intervention) = (true, true, true);
        seen.sees_contact = true;
        standings.push((above, seen, hidden));
    }
    ask_everybody(&app, |username, home| {
        let above = standings.iter().find(|(above, ..)| above.contains(&username));
        let beside = match home {
            "jobspor" | "handicapteamet" | "ppr" => 1,
            "uu-hotline" | "uu-mentorer" => 2,
            _ => 0,
        };
        above.map_or(&standings[beside].2, |(_, seen, _)| seen)
    })
    .await;
}

/// Ids and a number that nobody has; and what is asked of one's own unit.
#[actix_web::test]
async fn a2_nothing_and_own_unit() {
    let app = municipality().await;
    let (_, case, intervention) = case_of(&app, "jv.sagsbehandler").await;
    let known = Standing::hidden(&app, "", case, "jv.sagsbehandler", intervention).await;
    let mut standings = Vec::new();
    for (_, _, _, home) in PEOPLE {
        let (unit, offer) = (app.unit(home), format!("own-{home}"));
        let relations = &[Relation::OwnUnit];
        let nowhere = known.nowhere(app.fresh_number());
        let own = Standing { relations, unit, cover: unit, offer, ..nowhere };
        standings.push((*home, Standing { contact: unit, sees_contact: true, ..own }));
    }
    ask_everybody(&app, |_, home| &standings.iter().find(|(of, _)| *of == home).unwrap().1).await;
}

/// Asks for every row as everybody, and tells all cells that were answered otherwise than the table says.
async fn ask_everybody<'a>(app: &TestApp, stands: impl Fn(&str, &str) -> &'a Standing) {
    let documented = operations();
    let mut wrong = Vec::new();
    for (username, department, role, home) in PEOPLE {
        let standing = stands(username, home);
        for row in ROWS {
            let Row(name, action, on, permitted) = row;
            let holds = |relation| allows(*department, *role, relation, *action);
            let may = match on {
                On::Nothing | On::Number => holds(Relation::Any),
                On::Cover | On::Rights if holds(Relation::Any) => true,
                // What is a unit's own hangs on somebody all the same.
                On::Registered | On::RegisteredOfPerson => {
                    standing.relations.contains(&Relation::Works)
                        && holds(Relation::OwnUnit)
                        && standing.called_by == app.unit(home)
                }
                On::Called => {
                    standing.relations.contains(&Relation::Works)
                        && (holds(Relation::Works)
                            || holds(Relation::OwnUnit) && standing.called_by == app.unit(home))
                }
                On::Hotline => holds(Relation::OwnUnit) && OF_THE_HOTLINE.contains(username),
                _ => standing.relations.iter().any(|relation| holds(*relation)),
            };
            let sees = match on {
                On::Rights => [Relation::Any, Relation::OwnUnit].iter().any(|relation| {
                    allows(*department, *role, *relation, ActionKind::ReadRights)
                        && (*relation == Relation::Any || standing.relations.contains(relation))
                }),
                // A contact on the list of one's own unit is seen by all of the unit.
                On::Contact
                    if *home == "sosu" || standing.relations.contains(&Relation::OwnUnit) =>
                {
                    standing.sees(*on)
                }
                _ => {
                    standing.sees(*on)
                        && on.is_read_by().is_none_or(|read| {
                            let mut relations = standing.relations.iter();
                            relations.any(|relation| allows(*department, *role, *relation, read))
                        })
                }
            };
            let expected = match (sees, may) {
                (false, _) if on.is_listed() => UNKNOWN,
                (false, _) => (404, "not-found"),
                // A leader names one of their units.
                (true, false)
                    if *name == "listRightsRequests"
                        && allows(*department, *role, Relation::OwnUnit, *action) =>
                {
                    UNKNOWN
                }
                (true, false) => (403, "access.denied"),
                (true, true) if *on == On::Number && !standing.sees_person => (404, "not-found"),
                (true, true) => *permitted,
            };
            let operation = documented.iter().find(|operation| operation.id == *name).unwrap();
            let answer = ask(app, username, operation, standing).await;
            if answer.problem() != expected {
                wrong.push(format!(
                    "{username} {name}: {:?} instead of {expected:?}",
                    answer.problem()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

/// The row of an operation, as `who`, on what `standing` names, with a version that is stale.
pub async fn ask(app: &TestApp, who: &str, operation: &Operation, standing: &Standing) -> Answer {
    asking(app, who, operation, standing).if_match(999).await
}

/// The same, without a version yet.
pub fn asking<'a>(
    app: &'a TestApp,
    who: &'a str,
    operation: &Operation,
    standing: &Standing,
) -> Call<'a> {
    let path = path_of(app, operation, standing);
    let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
    let call = app.as_(who).call(method, &path);
    match body(app, who, &operation.id, standing) {
        Some(body) => call.json(body),
        None => call,
    }
}

/// The path of an operation, with the ids of existing records of its kind.
pub fn path_of(app: &TestApp, operation: &Operation, standing: &Standing) -> String {
    let thing = match operation.path.split('/').nth(3).unwrap() {
        "young-people" => standing.person,
        "plans" => standing.plan,
        "goals" => standing.goal,
        "interventions" => standing.intervention,
        "intervention-groups" if operation.id == "changeGroup" => standing.unit,
        "intervention-groups" => GROUP,
        "benefits" => standing.benefit,
        "tasks" => standing.task,
        "merges" => standing.merge,
        "conversations" => standing.conversation,
        "notes" => standing.note,
        "support-needs" => standing.support,
        "transition-needs" => standing.need,
        "education-handovers" => standing.handover,
        "responsibilities" => standing.decides,
        "education-orders" => standing.order,
        "support-remarks" => standing.remark,
        "external-participants" => standing.outsider,
        "units" | "meeting-windows" | "meeting-rooms" | "meeting-slots" => standing.unit,
        "education-and-work" => standing.episode,
        "guardians" => standing.guardian,
        "assignments" => standing.assignment,
        "intake-entries" => standing.intake_entry,
        "covers" | "rights-requests" => standing.cover,
        "hotline" => standing.contact,
        "meetings" => standing.meeting,
        "pregnancies" => standing.pregnancy,
        _ => app.employee("test.andet"),
    };
    let code = match &*operation.id {
        "putCatalogueEntry" => "own-new",
        _ => &standing.offer,
    };
    let path = operation.path.replace("{id}", &thing.to_string()).replace("{code}", code);
    let path = path.replace("{intervention_id}", &standing.intervention.to_string());
    let path = path.replace("{role_id}", &Uuid::nil().to_string());
    path.replace("{participant_id}", &Uuid::nil().to_string())
}

fn hand_over(standing: &Standing) -> Value {
    json!({ "assignmentId": standing.assignment, "toEmployeeId": Uuid::nil() })
}

fn necessity() -> Value {
    json!({ "kind": "necessity", "words": "x" })
}

/// The same of the hotline.
fn hotline_body(operation: &str) -> Option<Value> {
    Some(match operation {
        "logContact" => json!({
            "callerKind": "other", "channel": "phone", "topic": "other", "urgency": "normal", "summary": "x",
            "calledAt": "2020-01-01T09:00:00Z",
        }),
        "searchContacts" => json!({ "text": "praktik" }),
        "answerContact" | "assessConcern" | "receiptConcern" => json!({ "text": "x" }),
        "reopenContact" => json!({ "reason": "x" }),
        "correctContact" => json!({ "text": "x", "reason": "x" }),
        "linkContact" | "readCard" => json!({ "cpr": "7503804234" }),
        _ => return None,
    })
}

/// The same of the caseload.
fn caseload_body(app: &TestApp, operation: &str, standing: &Standing) -> Option<Value> {
    Some(match operation {
        "assignCase" => json!({ "employeeId": Uuid::nil(), "function": "caseworker" }),
        "assignCases" => json!({ "items": [{
            "youngPersonId": standing.person, "employeeId": Uuid::nil(), "function": "caseworker",
        }] }),
        "handOver" => json!({ "moves": [hand_over(standing)], "reason": "x" }),
        "whatIf" => json!({ "move": [hand_over(standing)] }),
        "recommend" => json!({
            "unitId": Uuid::nil(), "function": "caseworker", "youngPersonIds": [standing.person],
        }),
        "endAssignment" | "withdrawFromIntake" => json!({ "reason": "x" }),
        "putIntoIntake" => {
            json!({ "unitId": Uuid::nil(), "function": "caseworker", "reason": "x" })
        }
        "decideNorm" => {
            json!({ "function": "mentor", "from": app.today(), "cases": 9, "reason": "x" })
        }
        "decideCover" => json!({
            "unitId": standing.unit, "byEmployeeId": app.employee("test.andet"), "from": app.today(),
            "until": app.today(), "reason": "x",
        }),
        "agreeCaseloadTerms" => json!({
            "unitId": standing.unit, "function": "mentor", "from": app.today(), "employmentShare": 80,
            "reduction": 0, "reason": "x",
        }),
        _ => return None,
    })
}

/// The same of deadlines and absence.
fn deadline_body(app: &TestApp, operation: &str, standing: &Standing) -> Option<Value> {
    Some(match operation {
        "exemptTask" => json!({ "reason": "x", "days": 7 }),
        "exemptPlan" => json!({ "reason": "x", "until": "2020-01-01" }),
        "startActivityClocks" => json!({ "on": app.today() }),
        "reportAbsences" => {
            json!({ "items": [{ "interventionId": standing.intervention, "from": app.today() }] })
        }
        _ => return None,
    })
}

/// The same of transitions.
fn transition_body(app: &TestApp, operation: &str, standing: &Standing) -> Option<Value> {
    Some(match operation {
        "tellSupportNeed" => {
            json!({ "legalBasis": "x", "goesOnAfter18": true, "words": "x", "from": app.today() })
        }
        "endSupportNeed" | "endResponsibility" => json!({ "on": app.today() }),
        "raiseTransitionNeed" => json!({ "youngPersonId": standing.person, "reason": "x" }),
        "acceptTransitionNeed" => json!({}),
        "judgeTransitionNeed" => json!({ "inNeed": true, "words": "x" }),
        "referTransitionNeed" => json!({ "unitId": standing.unit, "words": "x" }),
        "tellAftercareCommittee" => json!({ "on": app.today(), "words": "x" }),
        "agreeResponsibility" => json!({
            "unitId": standing.unit, "supportsFrom": app.today(), "coordinatesFrom": app.today(),
        }),
        "decideResponsibility" => json!({ "legalBasis": "x", "from": app.today() }),
        "handOverToEducation" => json!({
            "fromSchool": "x", "toEducation": "x", "receiver": "x", "told": "x", "basis": necessity(),
            "mentorId": Uuid::nil(),
        }),
        "receiveEducationHandover" => json!({ "by": "x" }),
        _ => return None,
    })
}

/// The same of meetings.
fn meeting_body(app: &TestApp, operation: &str, standing: &Standing) -> Option<Value> {
    let at = json!({ "roomId": ROOM, "startsAt": "2026-12-02T12:00:00Z", "endsAt": "2026-12-02T13:00:00Z" });
    let nobody = json!([{ "unitId": Uuid::nil(), "employeeId": Uuid::nil() }]);
    Some(match operation {
        "tellMeetingRoom" => json!({ "unitId": standing.unit, "name": "x", "place": "x" }),
        "setMeetingWindow" => {
            json!({ "unitId": standing.unit, "firstDay": app.today(), "lastDay": "2020-01-01" })
        }
        "offerMeetingSlots" => json!({ "slots": [{
            "roomId": Uuid::nil(), "startsAt": "2026-12-02T12:00:00Z", "endsAt": "2026-12-02T13:00:00Z",
        }] }),
        "callMeeting" => {
            json!({ "kind": "transition", "slotId": Uuid::nil(), "employees": nobody })
        }
        "callNetworkMeeting" => json!({ "at": at, "employees": nobody }),
        "moveMeeting" => {
            json!({ "outside": { "because": "overdue", "at": at }, "because": "other", "reason": "x" })
        }
        "cancelMeeting" => json!({ "reason": "x" }),
        "holdMeeting" => json!({ "attendance": [], "minutes": {} }),
        "inviteToMeeting" => json!({ "outsideParties": [{ "name": "x", "role": "other" }] }),
        "excuseParticipant" => json!({ "participantId": Uuid::nil(), "reason": "x" }),
        "sendMinutes" => json!({ "participantId": Uuid::nil(), "basis": necessity() }),
        "registerPregnancy" => json!({ "knownOn": app.today() }),
        "tellBirth" => json!({ "bornOn": app.today() }),
        "endPregnancy" => json!({ "on": app.today(), "because": "x" }),
        "protectMeetingPlace" => json!({ "placeProtected": true }),
        _ => return None,
    })
}

/// A body that fits, of which nothing comes about.
#[expect(clippy::too_many_lines, reason = "an arm for each operation")]
pub fn body(app: &TestApp, who: &str, operation: &str, standing: &Standing) -> Option<Value> {
    let of_its_own = transition_body(app, operation, standing)
        .or_else(|| meeting_body(app, operation, standing))
        .or_else(|| caseload_body(app, operation, standing))
        .or_else(|| hotline_body(operation))
        .or_else(|| deadline_body(app, operation, standing));
    if of_its_own.is_some() {
        return of_its_own;
    }
    let goal = json!({ "area": "social", "wishedResult": "x", "targetDate": "2027-01-01" });
    Some(match operation {
        "employ" => {
            json!({ "username": "admin", "givenName": "x", "familyName": "x" })
        }
        "changePassword" => json!({ "current": "x", "new": "a long pass phrase" }),
        "giveRole" => json!({ "role": "mentor", "unitId": Uuid::nil() }),
        "tellTelephone" => json!({ "telephone": null }),
        "putCatalogueEntry" => json!({
            "title": "x", "description": "x", "providerId": standing.unit, "area": "social",
            "companyOriented": false, "repeatable": false, "cannotWait": false,
        }),
        "setPlaces" => json!({ "from": app.today(), "places": 5, "reason": "x" }),
        "registerYoungPerson" => {
            json!({ "cpr": "7503804234", "givenName": "x", "familyName": "x", "unitId": standing.unit })
        }
        "searchYoungPeople" => json!({ "text": "freja" }),
        "lookUpYoungPerson" => json!({ "cpr": standing.number }),
        "amendYoungPerson" => json!({ "givenName": "x" }),
        "widenAccess" => json!({
            "unitId": standing.unit, "areas": ["plan"], "legalBasis": "x", "reason": "x", "until": app.today(),
        }),
        "openPlan" | "amendPlan" => json!({ "purpose": "x" }),
        "addGoal" => goal,
        "amendGoal" => json!({ "result": "x" }),
        "addParticipant" => json!({ "unitId": Uuid::nil(), "employeeId": app.employee(who) }),
        "setContactPerson" => json!({ "employeeId": app.employee(who) }),
        "setCoordinator" => json!({ "coordinatorId": app.employee(who) }),
        "linkPlan" => json!({ "kind": "min-plan", "title": "x", "reference": "x" }),
        "tellProgress" => json!({ "voice": "young-person", "score": 5, "on": "2020-01-01" }),
        "measureIndicators" => json!({ "everydayCoping": 3, "on": "2020-01-01" }),
        "holdReview" => json!({
            "heldOn": app.today(), "tookPart": ["x"], "youngPersonTookPart": true, "decisions": "x",
            "nextReviewOn": app.today(),
        }),
        "closePlan" => json!({ "outcome": "education" }),
        "referIntervention" => {
            json!({ "catalogueCode": "stigen", "plannedStart": app.today(), "responsibleId": Uuid::nil() })
        }
        "startIntervention" | "endMembership" | "endBenefit" => json!({ "on": app.today() }),
        "declineIntervention" | "refuseReferral" | "undoMerge" => json!({ "reason": "x" }),
        "activatePlan" | "withdrawIntervention" | "acceptReferral" => json!({}),
        "prioritiseReferral" => json!({ "priority": 1, "reason": "x" }),
        "extendIntervention" => json!({ "plannedEnd": "2027-06-30", "reason": "x" }),
        "recordAttendance" => json!({ "days": [{ "on": app.today(), "presence": "present" }] }),
        "assessIntake" => {
            json!({ "catalogueCode": "x", "on": app.today(), "inTargetGroup": true, "reason": "x" })
        }
        "endIntervention" => json!({ "on": app.today(), "reason": "education" }),
        "setCompany" => app.company(),
        "tellHours" => json!({ "from": app.today(), "hoursPerWeek": 7.5, "form": "internship" }),
        "setSchedule" => json!({ "sessions": [] }),
        "changeGroup" => json!({ "title": "x" }),
        "setUpGroup" => json!({
            "title": "x", "providerId": standing.unit, "from": app.today(),
            "sessions": [{ "weekday": "monday", "from": "09:00", "to": "12:00" }],
        }),
        "addMember" => json!({ "interventionId": standing.intervention }),
        "correct" => json!({ "written": "readiness", "writtenId": Uuid::nil(), "reason": "x" }),
        "mergeYoungPeople" => json!({ "mergedId": Uuid::nil(), "reason": "x" }),
        "recordBenefit" => json!({ "kind": "sygedagpenge", "from": app.today() }),
        "recordSanction" => json!({
            "benefitId": standing.benefit, "kind": "punktsanktion", "on": "2025-12-31", "ground": "x",
        }),
        "recordEpisode" => {
            json!({ "kind": "school", "place": "x", "grade": 9, "days": {}, "source": "register" })
        }
        "tellEpisodeDays" => json!({ "completedOn": app.today() }),
        "tellResidence" => {
            json!({ "from": "2026-01-01", "municipalityCode": "0791", "source": "register" })
        }
        "recordGuardian" => json!({ "name": "x", "relation": "mother", "hasCustody": true }),
        "amendGuardian" => json!({ "telephone": "x" }),
        "leadBenefit" => json!({ "from": app.today() }),
        "assessReadiness" => json!({ "on": app.today(), "category": "jobparat" }),
        "writeConversation" => json!({
            "informationArea": "plan", "tookPlaceAt": "2020-01-01T09:00:00Z", "form": "letter",
            "youngPersonTookPart": true, "text": "x",
        }),
        "writeNote" => {
            json!({ "informationArea": "plan", "tookPlaceAt": "2020-01-01T09:00:00Z", "text": "x" })
        }
        "correctConversation" | "correctNote" => json!({ "text": "x", "reason": "x" }),
        "giveEducationOrder" => json!({
            "education": "x", "school": "x", "from": app.today(), "toldOn": "2020-01-01", "basis": necessity(),
        }),
        "sendSupportRemark" => {
            json!({ "school": "x", "remark": "x", "sentOn": "2020-01-01", "basis": necessity() })
        }
        "receiveEducationOrder" | "receiveSupportRemark" => json!({ "by": "x" }),
        "answerSupportRemark" => json!({ "text": "x" }),
        "nameExternalParticipant" => json!({ "name": "x", "role": "lawyer", "basis": necessity() }),
        "tellExternalParticipant" => json!({
            "informationArea": "crime", "what": "x", "basis": { "kind": "consent", "words": "x" },
        }),
        "takeState" => json!({ "of": "plan", "leftOn": "2026-01-01", "state": "public-support" }),
        _ => return None,
    })
}
