//! AC-16: the areas, the kind and the duration of the access basis decide what may be changed: every cell over HTTP.
//!
//! [`TABLE`] is written from the rules by hand and not generated from the policy, so that a changed policy fails here.
//! The cells come from both: each operation that changes a case, on each kind of basis, with exactly the required areas
//! and with all but one of them, valid and ended. The superuser inserts the basis.
//!
//! All cells with an expected refusal come first, and must not change any row.

use crate::access_matrix::{
    On, PEOPLE, ROWS, Row, Standing, ask, case_of, municipality, provided_by,
};
use domain::access::policy::{ActionKind, Relation, allows};
use domain::access::{Areas, BasisKind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use strum::VariantArray as _;
use test_support::contract::operations;
use test_support::{Answer, TestApp};
use uuid::Uuid;

/// The requirements of an operation as alternatives of `kinds:areas`.
///
/// Kinds: `w` casework (registration, participation, assignment), `l` law, `c` consent, `b` break-glass, `m` meeting.
/// Areas: `i` identity, `p` plan, `e` education and employment, `h` health, `f` family and social, `c` crime.
struct Cells {
    operation: &'static str,
    /// For rows of another unit, or new rows.
    others: &'static str,
    /// For rows of the caller's own unit, if that makes a difference.
    own: &'static str,
    /// Is it also allowed by providing the intervention alone?
    provides: bool,
}

const fn on(operation: &'static str, others: &'static str) -> Cells {
    Cells { operation, others, own: others, provides: false }
}

const fn own(operation: &'static str, others: &'static str, own: &'static str) -> Cells {
    Cells { operation, others, own, provides: false }
}

const fn provided(operation: &'static str, others: &'static str) -> Cells {
    Cells { operation, others, own: others, provides: true }
}

const TABLE: &[Cells] = &[
    // Who the young person is.
    on("amendYoungPerson", "w:i"),
    on("readCpr", "wlb:i"),
    on("widenAccess", "wl:i"),
    on("mergeYoungPeople", "w:i"),
    on("undoMerge", "w:i"),
    on("correct", "w:"),
    // The plan, its goals, and those who take part.
    on("openPlan", "w:p"),
    on("amendPlan", "w:p"),
    on("addGoal", "w:p"),
    on("amendGoal", "w:p"),
    on("addParticipant", "w:p"),
    on("endParticipation", "w:p"),
    on("setContactPerson", "w:p"),
    on("setCoordinator", "w:p"),
    on("linkPlan", "w:p"),
    on("tellProgress", "w:p"),
    on("measureIndicators", "w:p"),
    on("holdReview", "w:p"),
    on("exemptPlan", "w:p"),
    on("activatePlan", "w:p"),
    on("closePlan", "w:p"),
    on("takeState", "w:pe"),
    on("giveEducationOrder", "w:pe"),
    on("receiveEducationOrder", "w:pe"),
    on("sendSupportRemark", "w:pe"),
    on("receiveSupportRemark", "w:pe"),
    on("answerSupportRemark", "w:pe"),
    on("nameExternalParticipant", "w:p"),
    on("tellExternalParticipant", "w:p"),
    on("withdrawConsent", "w:p"),
    on("endExternalParticipant", "w:p"),
    // Interventions, here about education.
    on("referIntervention", "w:pe"),
    on("withdrawIntervention", "w:pe"),
    provided("startIntervention", "w:e"),
    provided("declineIntervention", "w:e"),
    provided("endIntervention", "w:e"),
    provided("extendIntervention", "w:e"),
    provided("recordAttendance", "w:e"),
    provided("setCompany", "w:e"),
    provided("tellHours", "w:e"),
    provided("setSchedule", "w:e"),
    provided("addMember", "w:e"),
    provided("endMembership", "w:e"),
    provided("offerPlace", ""),
    provided("acceptReferral", ""),
    provided("refuseReferral", ""),
    provided("prioritiseReferral", ""),
    on("assessIntake", "w:p"),
    // Benefits, readiness, school and work, where they live, who has custody.
    on("recordBenefit", "w:e"),
    on("endBenefit", "w:e"),
    on("leadBenefit", "w:e"),
    on("recordSanction", "w:e"),
    on("assessReadiness", "w:e"),
    on("recordEpisode", "wl:e"),
    own("tellEpisodeDays", "w:e", "wl:e"),
    on("tellResidence", "w:p"),
    on("recordGuardian", "w:p"),
    on("amendGuardian", "w:p"),
    // Conversations and notes, here about the plan.
    on("writeConversation", "wl:p"),
    own("correctConversation", "w:p", "wl:p"),
    on("writeNote", "wlcb:p"),
    own("correctNote", "w:p", "wlcb:p"),
    // Tasks and deadlines.
    own("completeTask", "w:p", "wl:p"),
    on("exemptTask", "w:p"),
    on("startActivityClocks", "w:p"),
    // Who has the case.
    on("assignCase", "w:ipe"),
    on("assignCases", "w:ipe"),
    on("handOver", "w:ipe"),
    on("whatIf", "w:ipe"),
    on("recommend", "w:ipe"),
    on("endAssignment", "w:ipe"),
    on("reopenAssignment", "w:ipe"),
    on("putIntoIntake", "w:ipe"),
    on("withdrawFromIntake", "w:ipe"),
    // Contacts of the hotline that are tied to the young person.
    on("takeContact", "w:e"),
    on("answerContact", "w:e"),
    on("closeContact", "w:e"),
    on("reopenContact", "w:e"),
    on("correctContact", "w:e"),
    // From B&U to J&V. Under B&U's law it is seen, and so changed, with family.
    own("tellSupportNeed", "w:", "w:"),
    own("endSupportNeed", "w:f", "w:"),
    on("raiseTransitionNeed", "w:p"),
    on("judgeTransitionNeed", "wl:p"),
    on("referTransitionNeed", "wl:p"),
    on("tellAftercareCommittee", "wl:p"),
    on("agreeResponsibility", "wl:p"),
    on("acceptTransitionNeed", "wlm:p"),
    on("decideResponsibility", "w:p"),
    on("endResponsibility", "w:p"),
    on("handOverToEducation", "wl:e"),
    on("receiveEducationHandover", "wl:e"),
    // Meetings: one's own, and for B&U and UU those of others.
    own("callMeeting", "w:p", "wl:p"),
    own("moveMeeting", "w:p", "wl:p"),
    own("cancelMeeting", "w:p", "wl:p"),
    own("holdMeeting", "w:p", "wl:p"),
    own("inviteToMeeting", "w:p", "wl:p"),
    own("excuseParticipant", "w:p", "wl:p"),
    own("sendMinutes", "w:p", "wl:p"),
    own("protectMeetingPlace", "w:p", "wl:p"),
    // Network meetings are health, and the registering unit's own.
    on("registerPregnancy", "w:"),
    own("callNetworkMeeting", "w:", "w: l:h"),
    own("tellBirth", "", "w: l:h"),
    own("endPregnancy", "", "w: l:h"),
];

/// The callers: the employees of the units for which the cells are tested.
const CALLERS: [&str; 4] = ["jv.sagsbehandler", "bu.raadgiver", "uu.vejleder", "jv.teamleder"];

/// Operations that only another unit may perform on a case: because of its list, not of an access basis.
const OF_A_LIST: [&str; 4] = ["linkContact", "readCard", "assessConcern", "receiptConcern"];

/// The world in which a cell is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum World {
    Others,
    Own,
    Provided,
}

/// One cell.
#[derive(Debug, Clone)]
struct Cell {
    operation: &'static str,
    caller: &'static str,
    kind: BasisKind,
    areas: i32,
    valid: bool,
    world: World,
}

impl Cells {
    fn row(&self) -> &'static Row {
        ROWS.iter().find(|row| row.0 == self.operation).unwrap()
    }

    /// An employee whose role allows it.
    fn caller(&self) -> &'static str {
        let Row(_, action, on, _) = self.row();
        let relation = match on {
            On::Registered => Relation::OwnUnit,
            _ if self.others.is_empty() => Relation::Provides,
            _ => Relation::Works,
        };
        let may = |caller: &&&str| {
            let (_, department, role, _) = PEOPLE.iter().find(|one| one.0 == **caller).unwrap();
            allows(*department, *role, relation, *action)
        };
        CALLERS.iter().find(may).unwrap()
    }

    fn allows(&self, cell: &Cell) -> bool {
        if cell.kind == BasisKind::Provision {
            return self.provides && cell.valid && cell.world == World::Provided;
        }
        let terms = if cell.world == World::Own { self.own } else { self.others };
        cell.valid
            && terms.split(' ').filter(|term| !term.is_empty()).any(|term| {
                let (kinds, areas) = term.split_once(':').unwrap();
                kinds.contains(letter(cell.kind)) && cell.areas & bits(areas) == bits(areas)
            })
    }

    /// The sets of areas: identity and exactly the required areas, by the policy and by the table, and all but one of
    /// those.
    fn areas(&self, terms: &str) -> BTreeSet<i32> {
        let policy = self.row().1.needs().map_or(Areas::NONE, |needs| needs.areas).0;
        let table = terms.split(' ').filter_map(|term| term.split_once(':'));
        let mut sets = BTreeSet::new();
        for needed in table.map(|(_, areas)| bits(areas)).chain([policy]) {
            sets.insert(needed | 1);
            sets.extend(Areas(needed).iter().map(|area| 63 & !area.bit()));
        }
        sets
    }

    fn cells(&self, world: World) -> Vec<Cell> {
        let terms = if world == World::Own { self.own } else { self.others };
        let kinds = BasisKind::VARIANTS.iter().filter(|kind| match world {
            World::Provided => **kind == BasisKind::Provision,
            World::Others => true,
            World::Own => self.own != self.others && **kind != BasisKind::Provision,
        });
        let (operation, caller) = (self.operation, self.caller());
        let cell =
            |kind: BasisKind, areas, valid| Cell { operation, caller, kind, areas, valid, world };
        kinds
            .flat_map(|kind| self.areas(terms).into_iter().map(move |areas| (*kind, areas)))
            .flat_map(|(kind, areas)| [true, false].map(|valid| cell(kind, areas, valid)))
            .collect()
    }
}

fn letter(kind: BasisKind) -> char {
    match kind {
        BasisKind::Registration | BasisKind::Participation | BasisKind::Assignment => 'w',
        BasisKind::Law => 'l',
        BasisKind::Consent => 'c',
        BasisKind::BreakGlass => 'b',
        BasisKind::Meeting => 'm',
        BasisKind::Provision => '-',
    }
}

fn bits(areas: &str) -> i32 {
    areas.chars().fold(0, |bits, area| bits | 1 << "ipehfc".find(area).unwrap())
}

/// Every operation and every action is in the table.
#[test]
fn ac_16_every_change_of_a_case_stands_in_the_table() {
    let all = operations();
    let of_a_case = |row: &&Row| {
        (row.2.is_of_a_case() || row.2.is_listed() || row.2 == On::Contact)
            && all.iter().any(|one| one.id == row.0 && one.method != "GET")
            && !OF_A_LIST.contains(&row.0)
    };
    let changes: BTreeSet<&str> = ROWS.iter().filter(of_a_case).map(|row| row.0).collect();
    let table: BTreeSet<&str> = TABLE.iter().map(|cells| cells.operation).collect();
    assert_eq!(table, changes);
    let reads_or_lists = |row: &&Row| {
        all.iter().any(|one| one.id == row.0 && one.method == "GET") || OF_A_LIST.contains(&row.0)
    };
    for action in ActionKind::VARIANTS {
        let is_there = TABLE.iter().any(|cells| cells.row().1 == *action)
            || [ActionKind::CompleteOwnTask, ActionKind::CorrectEntry].contains(action);
        let changes_nothing =
            ROWS.iter().filter(|row| row.1 == *action).all(|row| reads_or_lists(&row));
        assert!(action.needs().is_none() || changes_nothing || is_there, "{action:?}");
    }
}

#[actix_web::test]
async fn ac_16_write_matrix_of_jobspor() {
    ask_for_all("jobspor").await;
}

#[actix_web::test]
async fn ac_16_write_matrix_of_bu() {
    ask_for_all("ungeenheden").await;
}

#[actix_web::test]
async fn ac_16_write_matrix_of_uu() {
    ask_for_all("uu-vejledningen").await;
}

/// Tests every cell whose caller belongs to this unit.
async fn ask_for_all(home: &str) {
    let home_of = |caller: &str| PEOPLE.iter().find(|one| one.0 == caller).unwrap().3;
    let table: Vec<&Cells> = TABLE.iter().filter(|cells| home_of(cells.caller()) == home).collect();
    let app = municipality().await;
    let colleague = *CALLERS.iter().find(|caller| home_of(caller) == home).unwrap();
    let elsewhere = if home == "jobspor" { "bu.raadgiver" } else { "jv.sagsbehandler2" };
    let (mut worlds, mut bases) = (BTreeMap::new(), BTreeMap::new());
    for world in [World::Others, World::Own, World::Provided] {
        let owner = if world == World::Own { colleague } else { elsewhere };
        let (number, case, intervention) = case_of(&app, owner).await;
        let intervention = match world {
            World::Provided => provided_by(&app, owner, case.plan, home).await,
            World::Others | World::Own => intervention,
        };
        worlds.insert(world, Standing::hidden(&app, &number, case, owner, intervention).await);
        bases.insert(world, Uuid::now_v7());
    }
    let documented = operations();
    let (mut refused, mut allowed) = (Vec::new(), Vec::new());
    for cells in table {
        for world in [World::Others, World::Own, World::Provided] {
            for cell in cells.cells(world) {
                if cells.allows(&cell) { allowed.push(cell) } else { refused.push(cell) }
            }
        }
    }
    refused.sort_by_key(|cell| (cell.world, <&str>::from(cell.kind), cell.areas, cell.valid));
    assert!(refused.len() > 100 && allowed.len() > 10, "{} {}", refused.len(), allowed.len());

    let operation = |name: &str| documented.iter().find(|one| one.id == name).unwrap();
    let hold = async |cell: &Cell| {
        hold(&app, worlds[&cell.world].person, app.unit(home), bases[&cell.world], cell).await;
    };
    let mut wrong = Vec::new();
    let before = rows(&app).await;
    let mut last = None;
    for cell in &refused {
        let wanted = (cell.world, <&str>::from(cell.kind), cell.areas, cell.valid);
        if last.replace(wanted) != Some(wanted) {
            hold(cell).await;
        }
        let answer = ask(&app, cell.caller, operation(cell.operation), &worlds[&cell.world]).await;
        if !is_refused(&answer) {
            wrong.push(format!("{cell:?} is not refused: {:?}", answer.problem()));
        }
    }
    if wrong.is_empty() {
        let after = rows(&app).await;
        for (table, rows) in before {
            assert_eq!(rows, after[&table], "{table} changed");
        }
    }
    for cell in &allowed {
        hold(cell).await;
        let answer = ask(&app, cell.caller, operation(cell.operation), &worlds[&cell.world]).await;
        if is_refused(&answer) && answer.problem() != permitted(cell) {
            wrong.push(format!(
                "{cell:?} is refused: {:?} {:?}",
                answer.problem(),
                answer.pointers()
            ));
        }
    }
    assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}

/// Responses after the permit: 404 for a missing participant or group member.
fn permitted(cell: &Cell) -> (u16, &'static str) {
    ROWS.iter().find(|row| row.0 == cell.operation).unwrap().3
}

/// Hidden, forbidden, or unknown in a list of a body.
fn is_refused(answer: &Answer) -> bool {
    match answer.problem() {
        (403, "access.denied") | (404, "not-found") => true,
        (422, _) => answer.pointers().iter().any(|pointer| {
            ["youngPersonId", "youngPersonIds/0", "assignmentId"]
                .iter()
                .any(|end| pointer.ends_with(end))
        }),
        _ => false,
    }
}

/// Gives the unit only this access basis for the young person.
async fn hold(app: &TestApp, person: Uuid, unit: Uuid, id: Uuid, cell: &Cell) {
    let (kind, areas) = (<&str>::from(cell.kind), cell.areas);
    let to = if cell.valid { "infinity" } else { "2026-11-20Z" };
    app.execute(&format!(
        "UPDATE access_basis SET valid_to = valid_from
          WHERE young_person_id = '{person}' AND (holder_id = '{unit}' OR holder_kind = 'employee') AND id <> '{id}' AND valid_to > valid_from;
         INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind, areas, source_id, reason, valid_from, valid_to)
         VALUES ('{id}', '{person}', '{unit}', 'unit', '{kind}', {areas}, '{id}', 'x', '2026-11-01Z', '{to}')
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, areas = excluded.areas, valid_to = excluded.valid_to"
    ))
    .await;
}

/// Every row that a command could change, except the access bases of the test and the stored requests.
async fn rows(app: &TestApp) -> BTreeMap<String, Value> {
    let mut rows = app.dump().await;
    for kept in ["access_basis", "session", "session_token", "idempotency_key", "access_check"] {
        rows.remove(kept);
    }
    rows
}
