//! Random worlds, and a slow model of who sees what in them: plain loops, written from the rules
//! (AC-1 to AC-3, AC-7, AC-9) and D-5 and D-6, not from the SQL.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use uuid::Uuid;

pub const UNITS: usize = 6;
pub const EMPLOYEES: usize = 8;
pub const PEOPLE: usize = 12;

/// Every table whose rows hang on a young person and are seen by their area, writer and provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    YoungPerson,
    PersonIdentifier,
    Coordination,
    Plan,
    Goal,
    GoalProgress,
    PlanIndicators,
    PlanReview,
    PlanRole,
    PlanParticipant,
    PlanLink,
    Intervention,
    Extension,
    Attendance,
    Company,
    Hours,
    Session,
    Member,
    Assessment,
    Task,
    BenefitEpisode,
    Readiness,
    FollowUp,
    JournalEntry,
    JournalCorrection,
    EducationOrder,
    SupportRemark,
    ExternalParticipant,
    ExternalDisclosure,
    Sanction,
    EducationAndWork,
    Residence,
    Guardian,
    Assignment,
    IntakeEntry,
    Absence,
    PlanExemption,
    ActivityClock,
    PlanHistory,
    GoalHistory,
    InterventionHistory,
}

/// From when until when, in microseconds from now; none: for ever.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    from: i64,
    to: Option<i64>,
}

impl Window {
    fn holds_now(self) -> bool {
        self.from <= 0 && self.to.is_none_or(|to| to > 0)
    }

    fn sql(self) -> String {
        match self.to {
            Some(to) => format!("{}, {}", moment(self.from), moment(to)),
            None => format!("{}, 'infinity'", moment(self.from)),
        }
    }
}

/// A moment, in microseconds from now.
fn moment(microseconds: i64) -> String {
    format!("timestamptz '{}' + interval '{microseconds} microseconds'", crate::sql::NOW)
}

#[derive(Debug, Clone)]
pub struct Unit {
    pub id: Uuid,
    parent: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    Active,
    Ended,
    Idle,
    Old,
}

#[derive(Debug, Clone)]
pub struct Employee {
    pub id: Uuid,
    pub session: Uuid,
    state: SessionState,
    deactivated: Option<i64>,
    roles: Vec<(&'static str, usize, Window)>,
}

#[derive(Debug, Clone, Copy)]
pub enum Holder {
    Unit(usize),
    Employee(usize),
}

#[derive(Debug, Clone)]
pub struct Basis {
    pub id: Uuid,
    person: usize,
    holder: Holder,
    areas: i32,
    giver: Option<usize>,
    window: Window,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub table: Table,
    pub id: Uuid,
    pub person: usize,
    /// The plan it belongs to, where it does.
    pub plan: Option<Uuid>,
    pub area: i32,
    writer: usize,
    provider: Option<usize>,
    /// Of a plan: open. Of a role: the coordinator. Of an intervention: started. Of a task: to be done. Of a
    /// benefit: leading. Of an assignment: running; in an intake: waiting.
    pub active: bool,
}

#[derive(Debug, Clone)]
pub struct World {
    pub units: Vec<Unit>,
    pub employees: Vec<Employee>,
    pub people: Vec<Uuid>,
    pub bases: Vec<Basis>,
    pub rows: Vec<Row>,
}

/// What an actor sees, and by what.
#[derive(Debug)]
pub struct Sight<'a> {
    world: &'a World,
    holders: BTreeSet<Uuid>,
    /// The holders through which the actor reads each fact; `None`: all of their roles read all facts.
    readers: Option<[BTreeSet<Uuid>; 2]>,
}

/// A fact that not every role reads (AC-17).
#[derive(Debug, Clone, Copy)]
enum Fact {
    Journal,
    FollowUp,
}

impl Fact {
    const fn of(table: Table) -> Option<Self> {
        match table {
            Table::JournalEntry | Table::JournalCorrection => Some(Self::Journal),
            Table::FollowUp => Some(Self::FollowUp),
            _ => None,
        }
    }

    /// In Job & Velfærd, of which every unit here is.
    fn is_read_by(self, role: &str) -> bool {
        match role {
            "caseworker" | "team-leader" => true,
            "department-head" => matches!(self, Self::Journal),
            _ => false,
        }
    }
}

impl World {
    pub fn sight(&self, actor: &Employee) -> Sight<'_> {
        let (mut holders, mut held) = (BTreeSet::new(), Vec::new());
        let stands =
            actor.state == SessionState::Active && actor.deactivated.is_none_or(|at| at > 0);
        if stands {
            holders.insert(actor.id);
            for (role, unit, window) in &actor.roles {
                if window.holds_now() {
                    let mut units = vec![self.units[*unit].id];
                    if matches!(*role, "team-leader" | "department-head") {
                        units.extend(self.units_below(*unit));
                    }
                    holders.extend(&units);
                    held.push((*role, units));
                }
            }
        }
        let readers = [Fact::Journal, Fact::FollowUp].map(|fact| {
            let reading = held.iter().filter(|(role, _)| fact.is_read_by(role));
            let units: BTreeSet<Uuid> = reading.flat_map(|(_, units)| units).copied().collect();
            let own = (!units.is_empty()).then_some(actor.id);
            units.into_iter().chain(own).collect()
        });
        let reads_all =
            |role: &str| [Fact::Journal, Fact::FollowUp].iter().all(|fact| fact.is_read_by(role));
        let is_blind = held.iter().any(|(role, _)| !reads_all(role));
        Sight { world: self, holders, readers: is_blind.then_some(readers) }
    }

    fn units_below(&self, above: usize) -> Vec<Uuid> {
        (0..UNITS)
            .filter(|unit| self.path(*unit).contains(&above))
            .map(|unit| self.units[unit].id)
            .collect()
    }

    /// The unit and those above it.
    fn path(&self, unit: usize) -> Vec<usize> {
        let mut path = vec![unit];
        let mut at = unit;
        while let Some(parent) = self.units[at].parent {
            path.push(parent);
            at = parent;
        }
        path
    }

    fn holder_id(&self, holder: Holder) -> Uuid {
        match holder {
            Holder::Unit(unit) => self.units[unit].id,
            Holder::Employee(employee) => self.employees[employee].id,
        }
    }
}

impl Basis {
    pub const fn is_held_by_unit(&self, unit: usize) -> bool {
        matches!(self.holder, Holder::Unit(held_by) if held_by == unit)
    }
}

impl Sight<'_> {
    /// AC-1: the valid bases through which the actor sees a young person.
    pub fn bases(&self, person: usize) -> Vec<&Basis> {
        let mut valid = Vec::new();
        for basis in &self.world.bases {
            if basis.person == person
                && basis.window.holds_now()
                && self.holders.contains(&self.world.holder_id(basis.holder))
            {
                valid.push(basis);
            }
        }
        valid
    }

    /// Bases of theirs, valid or not.
    pub fn own_bases(&self) -> BTreeSet<Uuid> {
        let own = |basis: &&Basis| self.holders.contains(&self.world.holder_id(basis.holder));
        self.world.bases.iter().filter(own).map(|basis| basis.id).collect()
    }

    /// Whose row it is.
    pub fn person(&self, row: &Row) -> Uuid {
        self.world.people[row.person]
    }

    /// Which person has this id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.world.people.iter().position(|person| person.to_string() == id)
    }

    /// What all of them together open.
    pub fn areas(&self, person: usize) -> i32 {
        self.bases(person).iter().fold(0, |areas, basis| areas | basis.areas)
    }

    /// AC-17: does the actor read the fact that a row reveals?
    fn reads(&self, row: &Row) -> bool {
        let (Some(fact), Some(readers)) = (Fact::of(row.table), &self.readers) else { return true };
        let [journal, follow_up] = readers;
        let readers = match fact {
            Fact::Journal => journal,
            Fact::FollowUp => follow_up,
        };
        self.bases(row.person)
            .iter()
            .any(|basis| readers.contains(&self.world.holder_id(basis.holder)))
    }

    /// D-5.
    pub fn sees(&self, row: &Row) -> bool {
        if !self.reads(row) {
            return false;
        }
        let is_mine = |unit: usize| self.holders.contains(&self.world.units[unit].id);
        for basis in self.bases(row.person) {
            let opens = basis.areas & row.area != 0;
            let given = basis.giver.is_none() || basis.giver == Some(row.writer);
            if (opens && given) || is_mine(row.writer) || row.provider.is_some_and(is_mine) {
                return true;
            }
        }
        false
    }

    /// Does a basis open all of an area, whoever wrote it?
    pub fn opens(&self, person: usize, area: i32) -> bool {
        self.bases(person).iter().any(|basis| basis.areas & area != 0 && basis.giver.is_none())
    }

    /// The rows of a table that the actor sees.
    pub fn rows(&self, table: Table) -> impl Iterator<Item = &Row> {
        self.world.rows.iter().filter(move |row| row.table == table && self.sees(row))
    }

    /// CL-9, CL-11: what the actor sees in the intake of a unit of theirs, where everything is assigned to the first
    /// employee: what lies there, what that one has without holding the post, and the drafts, whose coordinators have no case
    /// (PL-17).
    pub fn intake(&self, unit: usize) -> BTreeSet<String> {
        let (id, first) = (self.world.units[unit].id, &self.world.employees[0]);
        let holds = |(role, at, window): &(&str, usize, Window)| {
            *role == "caseworker" && *at == unit && window.holds_now()
        };
        let is_there = first.deactivated.is_none() && first.roles.iter().any(holds);
        let entries = self.rows(Table::IntakeEntry);
        let left = self.rows(Table::Assignment).filter(|_| !is_there);
        let drafts = self.rows(Table::Plan);
        let waiting = entries.chain(left).chain(drafts);
        let waits = waiting.filter(|row| row.active && row.writer == unit);
        let waits = waits.filter(|_| self.holders.contains(&id));
        waits.map(|row| row.id.to_string()).collect()
    }

    /// The rows of a person that the actor does not see.
    pub fn hidden(&self, table: Table, person: usize) -> impl Iterator<Item = &Row> {
        let of_person = move |row: &&Row| row.table == table && row.person == person;
        self.world.rows.iter().filter(of_person).filter(|row| !self.sees(row))
    }
}

/// Moments around now, one before and one after by the least there is.
fn window() -> impl Strategy<Value = Window> {
    const HOURS: i64 = 7_200_000_000;
    let windows = [
        (-HOURS, None),
        (-HOURS, Some(HOURS)),
        (-HOURS, Some(1)),
        (0, None), // now
        (-HOURS, Some(0)),
        (-HOURS, Some(-1)),
        (1, None),
        (0, Some(0)), // not now
    ];
    // Rather valid, or nobody sees anything.
    prop_oneof![3 => 0..4_usize, 1 => 4..8_usize]
        .prop_map(move |which| Window { from: windows[which].0, to: windows[which].1 })
}

fn area() -> impl Strategy<Value = i32> {
    (0..6_u32).prop_map(|bit| 1 << bit)
}

fn employee() -> impl Strategy<Value = Employee> {
    let role = prop::sample::select(vec!["caseworker", "team-leader", "department-head", "mentor"]);
    let state = prop_oneof![
        9 => Just(SessionState::Active), 1 => Just(SessionState::Ended),
        1 => Just(SessionState::Idle), 1 => Just(SessionState::Old),
    ];
    let deactivated = prop_oneof![9 => Just(None), 1 => Just(Some(0)), 1 => Just(Some(1))];
    (state, deactivated, vec((role, 0..UNITS, window()), 0..4)).prop_map(
        |(state, deactivated, roles)| {
            // One role in one unit at a time.
            let roles: BTreeMap<_, _> =
                roles.into_iter().map(|(role, unit, window)| ((role, unit), window)).collect();
            let roles =
                roles.into_iter().map(|((role, unit), window)| (role, unit, window)).collect();
            Employee { id: Uuid::now_v7(), session: Uuid::now_v7(), state, deactivated, roles }
        },
    )
}

fn basis() -> impl Strategy<Value = Basis> {
    let holder = prop_oneof![
        3 => (0..UNITS).prop_map(Holder::Unit),
        1 => (0..EMPLOYEES).prop_map(Holder::Employee),
    ];
    // What is given most, and anything.
    let areas = prop_oneof![Just(1), Just(7), 1..64_i32];
    let giver = option::weighted(0.3, 0..UNITS);
    (0..PEOPLE, holder, areas, giver, window()).prop_map(
        |(person, holder, areas, giver, window)| Basis {
            id: Uuid::now_v7(),
            person,
            holder,
            areas,
            giver,
            window,
        },
    )
}

/// The rows of one person: who they are, up to two plans, and what hangs on these.
fn rows_of(person: usize) -> impl Strategy<Value = Vec<Row>> {
    let table = prop::sample::select(vec![
        Table::Goal,
        Table::GoalProgress,
        Table::PlanIndicators,
        Table::PlanReview,
        Table::PlanParticipant,
        Table::PlanLink,
        Table::Task,
        Table::BenefitEpisode,
        Table::Readiness,
        Table::FollowUp,
        Table::JournalEntry,
        Table::JournalCorrection,
        Table::EducationOrder,
        Table::SupportRemark,
        Table::ExternalParticipant,
        Table::ExternalDisclosure,
        Table::Sanction,
        Table::EducationAndWork,
        Table::Residence,
        Table::Guardian,
        Table::Assignment,
        Table::IntakeEntry,
        Table::Intervention,
        Table::Intervention,
        Table::Intervention,
        Table::Extension,
        Table::Attendance,
        Table::Company,
        Table::Hours,
        Table::Session,
        Table::Member,
        Table::Assessment,
        Table::Absence,
        Table::PlanExemption,
        Table::ActivityClock,
        Table::PlanHistory,
        Table::GoalHistory,
        Table::InterventionHistory,
    ]);
    let detail = (table, area(), 0..UNITS, 0..UNITS, any::<bool>(), 0..2_usize);
    let plans = vec((area(), 0..UNITS), 0..3);
    let coordination = option::of((area(), 0..UNITS));
    // Contact person and coordinator.
    let roles = vec((area(), 0..UNITS), 2);
    (0..UNITS, area(), 0..UNITS, plans, coordination, roles, vec(detail, 0..13)).prop_map(
        move |(writer, identifier_area, identifier_writer, plans, coordination, roles, details)| {
            let id = Uuid::now_v7();
            let row = |table, area, writer| Row {
                table,
                id: Uuid::now_v7(),
                person,
                plan: None,
                area,
                writer,
                provider: None,
                active: true,
            };
            let mut rows = vec![
                Row { id, ..row(Table::YoungPerson, 1, writer) },
                row(Table::PersonIdentifier, identifier_area, identifier_writer),
            ];
            if let Some((area, writer)) = coordination {
                rows.push(Row { id, ..row(Table::Coordination, area, writer) });
            }
            let mut plan_ids = Vec::new();
            for (position, (area, writer)) in plans.into_iter().enumerate() {
                let plan = Row { active: position == 0, ..row(Table::Plan, area, writer) };
                plan_ids.push(plan.id);
                rows.push(plan);
            }
            for (position, (area, writer)) in roles.into_iter().enumerate() {
                let Some(plan) = plan_ids.first().copied() else { continue };
                let role = row(Table::PlanRole, area, writer);
                rows.push(Row { plan: Some(plan), active: position == 0, ..role });
            }
            for (table, area, writer, provider, active, plan) in details {
                let Some(plan) = plan_ids.get(plan) else { continue };
                let area = table.takes(area);
                let at_providers = [
                    Table::Intervention,
                    Table::Extension,
                    Table::Attendance,
                    Table::Absence,
                    Table::Company,
                    Table::Hours,
                    Table::Session,
                    Table::Member,
                    Table::InterventionHistory,
                ];
                let provider = at_providers.contains(&table).then_some(provider);
                // At most one benefit leads.
                let others = rows.iter().filter(|row| row.table == Table::BenefitEpisode);
                let active = active && (table != Table::BenefitEpisode || others.count() == 0);
                rows.push(Row { plan: Some(*plan), provider, active, ..row(table, area, writer) });
            }
            rows
        },
    )
}

pub fn world() -> impl Strategy<Value = World> {
    let tree: Vec<_> = (0..UNITS).map(|unit| option::weighted(0.8, 0..unit.max(1))).collect();
    let rows: Vec<_> = (0..PEOPLE).map(rows_of).collect();
    (tree, vec(employee(), EMPLOYEES), vec(basis(), 10..40), rows).prop_map(
        |(parents, employees, bases, rows)| {
            let rows: Vec<Row> = rows.into_iter().flatten().collect();
            let people = rows.iter().filter(|row| row.table == Table::YoungPerson);
            let units = parents
                .into_iter()
                .enumerate()
                .map(|(at, parent)| Unit { id: Uuid::now_v7(), parent: parent.filter(|_| at > 0) });
            World {
                units: units.collect(),
                employees,
                people: people.map(|row| row.id).collect(),
                bases,
                rows,
            }
        },
    )
}

impl World {
    /// Statements that make it, for one who runs no triggers.
    pub fn sql(&self) -> String {
        let mut sql = String::new();
        for (at, unit) in self.units.iter().enumerate() {
            let path = self.path(at).into_iter().rev().map(|unit| self.units[unit].id.to_string());
            let parent = unit.parent.map(|parent| self.units[parent].id);
            let path: Vec<_> = path.collect();
            write!(
                sql,
                "INSERT INTO unit VALUES ('{0}', '{0}', 'Team', 'JV', {1}, '{{{2}}}', true);",
                unit.id,
                literal(parent),
                path.join(",")
            )
            .unwrap();
        }
        for employee in &self.employees {
            employee.write(&self.units, &mut sql);
        }
        for basis in &self.bases {
            let (holder, kind) = match basis.holder {
                Holder::Unit(unit) => (self.units[unit].id, "unit"),
                Holder::Employee(employee) => (self.employees[employee].id, "employee"),
            };
            let Basis { id, areas, .. } = basis;
            let (person, window) = (self.people[basis.person], basis.window.sql());
            let giver = literal(basis.giver.map(|unit| self.units[unit].id));
            write!(
                sql,
                "INSERT INTO access_basis (id, young_person_id, holder_id, holder_kind, kind,
                    areas, giver_id, source_id, reason, valid_from, valid_to)
                 VALUES ('{id}', '{person}', '{holder}', '{kind}', 'law',
                    {areas}, {giver}, '{id}', 'why', {window});"
            )
            .unwrap();
        }
        for row in &self.rows {
            row.write(self, &mut sql);
        }
        sql
    }
}

impl Employee {
    fn write(&self, units: &[Unit], sql: &mut String) {
        const HOUR: i64 = 3_600_000_000;
        let (started, refreshed) = match self.state {
            SessionState::Active | SessionState::Ended => (12 * HOUR - 1, 8 * HOUR - 1),
            SessionState::Idle => (9 * HOUR, 8 * HOUR),
            SessionState::Old => (12 * HOUR, HOUR),
        };
        let ended = (self.state == SessionState::Ended).then(|| moment(-1));
        write!(
            sql,
            "INSERT INTO employee (id, username, given_name, family_name, deactivated_at)
                VALUES ('{id}', '{id}', 'A', 'B', {deactivated});
            INSERT INTO session VALUES ('{session}', '{id}', {started}, {refreshed}, {ended});",
            id = self.id,
            session = self.session,
            deactivated = self.deactivated.map_or("NULL".to_owned(), moment),
            started = moment(-started),
            refreshed = moment(-refreshed),
            ended = ended.unwrap_or("NULL".to_owned())
        )
        .unwrap();
        for (role, unit, window) in &self.roles {
            write!(
                sql,
                "INSERT INTO employee_role VALUES ('{}', '{}', '{role}', '{}', {});",
                Uuid::now_v7(),
                self.id,
                units[*unit].id,
                window.sql()
            )
            .unwrap();
        }
    }
}

impl Row {
    #[expect(clippy::too_many_lines, reason = "an arm for each table")]
    fn write(&self, world: &World, sql: &mut String) {
        let Self { id, area, .. } = self;
        let (person, writer) = (world.people[self.person], world.units[self.writer].id);
        let by = world.employees[0].id;
        let plan = literal(self.plan);
        let common = "young_person_id, information_area, writing_unit_id";
        let hung = format!("'{person}', {area}, '{writer}'");
        let now = moment(0);
        let (columns, values) = match self.table {
            Table::YoungPerson => {
                write!(
                    sql,
                    "INSERT INTO young_person
                     VALUES ('{id}', {area}, '{writer}', 'Freja', 'Holm', '2008-02-29', {now});"
                )
                .unwrap();
                return;
            }
            Table::PersonIdentifier => (
                "id, kind, cipher, digest, key_id, valid_from",
                format!("'{id}', 'cpr', '', uuid_send('{id}'), 1, '2026-01-01'"),
            ),
            Table::Coordination => ("from_at, department", format!("{now}, 'JV'")),
            Table::Plan | Table::PlanHistory => (
                "id, state, purpose, opened_at, closed_at, outcome",
                if self.active {
                    format!("'{id}', 'draft', 'why', {now}, NULL, NULL")
                } else {
                    format!("'{id}', 'closed', 'why', {}, {now}, 'own-wish'", moment(-1))
                },
            ),
            Table::Goal | Table::GoalHistory => (
                "id, plan_id, area, wished_result, target_date, set_at",
                format!("'{id}', {plan}, 'social', 'what', '2027-01-01', {now}"),
            ),
            Table::GoalProgress => (
                "id, goal_id, plan_id, voice, on_day, score, entered_by_id, entered_at",
                format!("'{id}', '{id}', {plan}, 'young-person', '2026-11-22', 5, '{by}', {now}"),
            ),
            Table::PlanIndicators => (
                "id, plan_id, on_day, everyday_coping, entered_by_id, entered_at",
                format!("'{id}', {plan}, '2026-11-22', 3, '{by}', {now}"),
            ),
            Table::PlanReview => (
                "id, plan_id, on_day, took_part, young_person_took_part, decisions, next_review_on,
                 entered_by_id, entered_at",
                format!(
                    "'{id}', {plan}, '2026-11-22', '{{Mother}}', true, 'what', '2027-01-01', '{by}', {now}"
                ),
            ),
            Table::PlanRole => (
                "plan_id, kind, from_at, employee_id",
                format!(
                    "{plan}, '{}', {now}, '{id}'",
                    if self.active { "coordinator" } else { "contact-person" }
                ),
            ),
            Table::PlanParticipant => (
                "id, plan_id, unit_id, employee_id, joined_at, left_at",
                format!("'{id}', {plan}, '{writer}', '{by}', {now}, NULL"),
            ),
            Table::PlanLink => (
                "id, plan_id, kind, title, reference, linked_at",
                format!("'{id}', {plan}, 'other', 'T', 'R', {now}"),
            ),
            Table::Intervention | Table::InterventionHistory => (
                "id, plan_id, providing_unit_id, title, area, repeatable, state,
                 planned_start, responsible_id, referred_at, holds_from, started_on",
                format!(
                    "'{id}', {plan}, {provider}, 'T', 'social', true, '{state}',
                     '2026-11-22', '{by}', {now}, '2026-11-22', {started}",
                    provider = self.provided(world),
                    state = if self.active { "started" } else { "referred" },
                    started = if self.active { "'2026-11-22'" } else { "NULL" },
                ),
            ),
            Table::Extension => (
                "intervention_id, planned_end, providing_unit_id, reason, extended_on",
                format!("'{id}', '2027-01-01', {}, 'why', '2026-11-22'", self.provided(world)),
            ),
            Table::Attendance => (
                "intervention_id, on_day, providing_unit_id, presence",
                format!("'{id}', '2026-11-22', {}, 'present'", self.provided(world)),
            ),
            Table::Company => (
                "intervention_id, providing_unit_id, cvr, name, supervisor_name, running",
                format!("'{id}', {}, '10150817', 'where', 'who', false", self.provided(world)),
            ),
            Table::Hours => (
                "intervention_id, providing_unit_id, from_day, weekly_minutes, form",
                format!("'{id}', {}, '2026-11-22', 600, 'internship'", self.provided(world)),
            ),
            Table::Session => (
                "intervention_id, providing_unit_id, weekday, from_minute, to_minute",
                format!("'{id}', {}, 1, 540, 720", self.provided(world)),
            ),
            Table::Member => (
                "id, intervention_id, group_id, providing_unit_id, from_day",
                format!("'{id}', '{id}', '{id}', {}, '2026-11-22'", self.provided(world)),
            ),
            Table::Assessment => (
                "id, catalogue_code, assessed_on, assessed_by_id, in_target_group, reason",
                format!("'{id}', 'fgu', '2026-11-22', '{by}', true, 'why'"),
            ),
            Table::BenefitEpisode => (
                "id, kind, leads, in_integration_programme, from_day, recorded_at",
                format!("'{id}', 'fleksjob', {}, false, '2026-01-01', {now}", self.active),
            ),
            Table::Readiness => (
                "id, track, verdict, assessed_on, assessor_id, recorded_at",
                format!("'{id}', 'eud', 'ready', '2026-01-01', '{by}', {now}"),
            ),
            Table::FollowUp => (
                "id, kind, left_on, state, source, taken_on, recorded_at",
                format!(
                    "'{id}', 'plan', {}, 'public-support', 'asked', '2026-01-01', {now}",
                    self.some_day()
                ),
            ),
            Table::JournalEntry => (
                "id, kind, took_place_at, text, entered_by_id, entered_at",
                format!("'{id}', 'note', {now}, 'what', '{by}', {now}"),
            ),
            Table::JournalCorrection => (
                "id, entry_id, text, reason, entered_by_id, entered_at",
                format!("'{id}', '{id}', 'what', 'why', '{by}', {now}"),
            ),
            Table::EducationOrder => (
                "id, plan_id, education, school, from_day, on_day, basis_kind, basis_words, entered_by_id, entered_at",
                format!(
                    "'{id}', {plan}, 'what', 'where', '2026-11-22', '2026-11-22', 'necessity', 'why', '{by}', {now}"
                ),
            ),
            Table::SupportRemark => (
                "id, plan_id, school, told, on_day, basis_kind, basis_words, entered_by_id, entered_at",
                format!(
                    "'{id}', {plan}, 'where', 'what', '2026-11-22', 'necessity', 'why', '{by}', {now}"
                ),
            ),
            Table::ExternalParticipant => (
                "id, plan_id, name, role, basis_kind, basis_words, entered_by_id, entered_at",
                format!("'{id}', {plan}, 'who', 'doctor', 'necessity', 'why', '{by}', {now}"),
            ),
            Table::ExternalDisclosure => (
                "id, participant_id, plan_id, told, on_day, basis_kind, basis_words, entered_by_id, entered_at",
                format!(
                    "'{id}', '{id}', {plan}, 'what', '2026-11-22', 'necessity', 'why', '{by}', {now}"
                ),
            ),
            Table::Sanction => (
                "id, benefit_id, kind, on_day, ground, source, recorded_at",
                format!("'{id}', '{id}', 'punktsanktion', '2026-01-01', 'why', 'recorded', {now}"),
            ),
            Table::EducationAndWork => (
                "id, kind, place, grade, state, started_on, source, recorded_at",
                format!("'{id}', 'school', 'where', 9, 'started', '2026-01-01', 'register', {now}"),
            ),
            Table::Residence => (
                "id, from_day, municipality_code, source, recorded_at",
                format!("'{id}', {}, '0791', 'register', {now}", self.some_day()),
            ),
            Table::Guardian => (
                "id, name, relation, has_custody, from_day, told_at",
                format!("'{id}', 'who', 'mother', true, '2020-01-01', {now}"),
            ),
            Table::Assignment => (
                "id, unit_id, employee_id, function, counts_as, began_at, ended_at, end_reason",
                format!(
                    "'{id}', '{writer}', '{by}', 'caseworker', 'caseworker', {now}, {}",
                    if self.active { "NULL, NULL".to_owned() } else { format!("{now}, 'why'") }
                ),
            ),
            Table::IntakeEntry => (
                "id, unit_id, function, reason, from_day, entered_at, left_at, left_because",
                format!(
                    "'{id}', '{writer}', 'caseworker', 'why', '2026-11-22', {now}, {}",
                    if self.active {
                        "NULL, NULL".to_owned()
                    } else {
                        format!("{now}, 'assigned'")
                    }
                ),
            ),
            Table::Absence => (
                "id, intervention_id, providing_unit_id, from_day, told_on, told_by_id",
                format!(
                    "'{id}', '{id}', {}, '2026-11-22', '2026-11-22', '{by}'",
                    self.provided(world)
                ),
            ),
            Table::PlanExemption => (
                "id, plan_id, reason, from_day, to_day, given_by_id, given_at",
                format!("'{id}', {plan}, 'why', '2026-11-22', '2026-12-01', '{by}', {now}"),
            ),
            Table::ActivityClock => (
                "id, from_day, started_by_id, started_at",
                format!("'{id}', '2026-11-22', '{by}', {now}"),
            ),
            Table::Task => (
                "id, kind, subject_id, original_due_on, made_at, done_at, ended",
                format!(
                    "'{id}', 'answer-offer', '{id}', '2026-12-01', {now}, {}",
                    if self.active { "NULL, NULL".to_owned() } else { format!("{now}, 'act'") }
                ),
            ),
        };
        // A state that was kept has what a table fills in by itself, and the moment since when it holds.
        let kept = match self.table {
            Table::PlanHistory | Table::GoalHistory => (", version, since", format!(", 1, {now}")),
            Table::InterventionHistory => (", priority, version, since", format!(", 0, 1, {now}")),
            _ => ("", String::new()),
        };
        let (columns, values) = (columns.to_owned() + kept.0, values + &kept.1);
        let table = self.table.name();
        write!(sql, "INSERT INTO {table} ({common}, {columns}) VALUES ({hung}, {values});")
            .unwrap();
    }
}

impl Row {
    /// A day that hardly any other row has.
    fn some_day(&self) -> String {
        format!("date '2000-01-01' + (abs(hashtext('{}')) % 9000)", self.id)
    }

    fn provided(&self, world: &World) -> String {
        literal(self.provider.map(|unit| world.units[unit].id))
    }
}

impl Table {
    pub const ALL: [Self; 41] = [
        Self::YoungPerson,
        Self::PersonIdentifier,
        Self::Coordination,
        Self::Plan,
        Self::Goal,
        Self::GoalProgress,
        Self::PlanIndicators,
        Self::PlanReview,
        Self::PlanRole,
        Self::PlanParticipant,
        Self::PlanLink,
        Self::Intervention,
        Self::Extension,
        Self::Attendance,
        Self::Company,
        Self::Hours,
        Self::Session,
        Self::Member,
        Self::Assessment,
        Self::Task,
        Self::BenefitEpisode,
        Self::Readiness,
        Self::FollowUp,
        Self::JournalEntry,
        Self::JournalCorrection,
        Self::EducationOrder,
        Self::SupportRemark,
        Self::ExternalParticipant,
        Self::ExternalDisclosure,
        Self::Sanction,
        Self::EducationAndWork,
        Self::Residence,
        Self::Guardian,
        Self::Assignment,
        Self::IntakeEntry,
        Self::Absence,
        Self::PlanExemption,
        Self::ActivityClock,
        Self::PlanHistory,
        Self::GoalHistory,
        Self::InterventionHistory,
    ];

    /// This area, or the one of those that the table takes.
    const fn takes(self, area: i32) -> i32 {
        match (self, area) {
            (Self::SupportRemark, 1 | 2 | 32) => 4,
            (Self::JournalEntry | Self::ExternalParticipant, 1) => 2,
            _ => area,
        }
    }

    /// The column that holds [`Row::id`]. A role has none of its own, and bears it as its employee; a day
    /// and an extension bear it as their intervention.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Coordination => "young_person_id",
            Self::PlanRole => "employee_id",
            Self::Extension | Self::Attendance | Self::Company | Self::Hours | Self::Session => {
                "intervention_id"
            }
            _ => "id",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::YoungPerson => "young_person",
            Self::PersonIdentifier => "person_identifier",
            Self::Coordination => "coordination",
            Self::Plan => "plan",
            Self::Goal => "goal",
            Self::GoalProgress => "goal_progress",
            Self::PlanIndicators => "plan_indicators",
            Self::PlanReview => "plan_review",
            Self::PlanRole => "plan_role",
            Self::PlanParticipant => "plan_participant",
            Self::PlanLink => "plan_link",
            Self::Intervention => "intervention",
            Self::Extension => "intervention_extension",
            Self::Attendance => "attendance",
            Self::Company => "intervention_company",
            Self::Hours => "intervention_hours",
            Self::Session => "intervention_session",
            Self::Member => "group_member",
            Self::Assessment => "intake_assessment",
            Self::Task => "task",
            Self::BenefitEpisode => "benefit_episode",
            Self::Readiness => "readiness",
            Self::FollowUp => "follow_up",
            Self::JournalEntry => "journal_entry",
            Self::JournalCorrection => "journal_correction",
            Self::EducationOrder => "education_order",
            Self::SupportRemark => "support_remark",
            Self::ExternalParticipant => "external_participant",
            Self::ExternalDisclosure => "external_disclosure",
            Self::Sanction => "sanction",
            Self::EducationAndWork => "education_and_work",
            Self::Residence => "residence",
            Self::Guardian => "guardian",
            Self::Assignment => "assignment",
            Self::IntakeEntry => "intake_entry",
            Self::Absence => "absence",
            Self::PlanExemption => "plan_exemption",
            Self::ActivityClock => "activity_clock",
            Self::PlanHistory => "plan_history",
            Self::GoalHistory => "goal_history",
            Self::InterventionHistory => "intervention_history",
        }
    }
}

fn literal(id: Option<Uuid>) -> String {
    id.map_or("NULL".to_owned(), |id| format!("'{id}'"))
}
