//! CL-1 to CL-10 and PL-17 together: whatever is done in whatever order, the database counts as a simple list does, every
//! refusal is right, and nobody is above their limit but by an exception or because the limit fell under them.

use crate::caseload::{TEAM, norm};
use crate::fixture::town;
use crate::sql::{Prompt, id};
use chrono::{Days, Months, NaiveDate};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use tokio::runtime;

const LEADER: u64 = 1015;
const ADMINISTRATOR: u64 = 1030;
const PEOPLE: u64 = 10;
const POSTS: [&str; 3] = ["caseworker", "job-consultant", "mentor"];

/// What is done. Whom and which is found by a number, among those that there are.
#[derive(Debug, Clone)]
enum Deed {
    /// All of them or none: whose, to whom, doing what, and for how many days beyond the norm.
    Assign(Vec<(u64, usize, usize, Option<u64>)>),
    End(usize),
    /// Which cases, to whom: all of them or none.
    HandOver(Vec<(usize, usize)>),
    /// All that somebody has, to others in turn.
    HandOverAll(usize, Vec<usize>),
    Norm(usize, u64, Option<u32>),
    Terms(usize, usize, u64, u32, u32),
    Cover(usize, usize),
    Days(u64),
    Stop(usize),
    Reactivate(usize),
    EndRole(usize, usize),
    GiveRole(usize, usize),
    EndEmployment(usize),
    Employ,
    /// The young person of the plan, its coordinator and their function; with or without an assignment if the
    /// coordinator does not have the case.
    Name(u64, usize, usize, bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = 0..8_usize;
    let case = 0..16_usize;
    let one = (1..=PEOPLE, 0..8_usize, 0..12_usize, option::weighted(0.25, 0..40_u64));
    let ahead = prop_oneof![3 => Just(0), 1 => 0..20_u64];
    prop_oneof![
        12 => vec(one.clone(), 1).prop_map(Deed::Assign),
        3 => vec(one, 2..4).prop_map(Deed::Assign),
        2 => case.clone().prop_map(Deed::End),
        3 => vec((case, who.clone()), 1..4).prop_map(Deed::HandOver),
        1 => (who.clone(), vec(0..8_usize, 1..3)).prop_map(|(from, to)| Deed::HandOverAll(from, to)),
        4 => (0..3_usize, ahead.clone(), option::weighted(0.9, 0..4_u32)).prop_map(|(f, n, c)| Deed::Norm(f, n, c)),
        2 => (who.clone(), 0..3_usize, ahead, 20..=100_u32, 0..2_u32).prop_map(|(w, f, n, s, r)| Deed::Terms(w, f, n, s, r)),
        1 => (who.clone(), who.clone()).prop_map(|(absent, by)| Deed::Cover(absent, by)),
        2 => prop_oneof![0..5_u64, 60..100_u64].prop_map(Deed::Days),
        1 => who.clone().prop_map(Deed::Stop),
        2 => who.clone().prop_map(Deed::Reactivate),
        1 => (who.clone(), 0..3_usize).prop_map(|(w, f)| Deed::EndRole(w, f)),
        2 => (who.clone(), 0..3_usize).prop_map(|(w, f)| Deed::GiveRole(w, f)),
        1 => who.prop_map(Deed::EndEmployment),
        1 => Just(Deed::Employ),
        6 => (1..=PEOPLE, 0..8_usize, 0..2_usize, any::<bool>()).prop_map(|(w, e, f, with)| Deed::Name(w, e, f, with)),
    ]
}

#[derive(Debug, Clone)]
struct Employee {
    id: u64,
    employed_on: Option<NaiveDate>,
    stopped: bool,
    ended: bool,
    posts: BTreeSet<&'static str>,
}

#[derive(Debug, Clone)]
struct Case {
    id: u64,
    whose: u64,
    who: u64,
    function: &'static str,
    counts_as: &'static str,
    until: Option<NaiveDate>,
}

type Norm = (&'static str, NaiveDate, Option<u32>);
type Terms = (u64, &'static str, NaiveDate, u32, u32);
/// Of an employee in a post: present, limit, number, exceptions, breaches.
type Stands = BTreeMap<(u64, &'static str), (bool, Option<u32>, u32, u32, u32)>;

#[derive(Debug, Clone)]
struct Model {
    today: NaiveDate,
    next: u64,
    norms: Vec<Norm>,
    terms: Vec<Terms>,
    employees: Vec<Employee>,
    cases: Vec<Case>,
    /// The young person of the plan, and the coordinator.
    coordinators: BTreeMap<u64, u64>,
}

impl Model {
    fn new() -> Self {
        let posts = [
            (16, &["caseworker"][..]),
            (17, &["caseworker"]),
            (18, &["job-consultant"]),
            (19, &["job-consultant", "mentor"]),
            (20, &["mentor"]),
        ];
        let employees = posts.into_iter().map(|(id, posts)| Employee {
            id,
            employed_on: None,
            stopped: false,
            ended: false,
            posts: posts.iter().copied().collect(),
        });
        Self {
            today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
            next: 5000,
            norms: Vec::new(),
            terms: Vec::new(),
            employees: employees.collect(),
            cases: Vec::new(),
            coordinators: BTreeMap::new(),
        }
    }

    fn has_case(&self, whose: u64, who: u64) -> bool {
        self.cases.iter().any(|case| (case.whose, case.who) == (whose, who))
    }

    /// PL-17: does every coordinator have the case?
    fn coordinators_have_the_case(&self) -> bool {
        self.coordinators.iter().all(|(whose, who)| self.has_case(*whose, *who))
    }

    fn employee(&self, n: usize) -> &Employee {
        &self.employees[n % self.employees.len()]
    }

    /// What somebody is asked to do: mostly what they do.
    fn function(&self, who: usize, n: usize) -> &'static str {
        let theirs: Vec<_> = self.employee(who).posts.iter().copied().collect();
        let does = theirs.get(n % theirs.len().max(1)).copied();
        POSTS.get(n).copied().or(does).unwrap_or("mentor")
    }

    fn by_id(&self, id: u64) -> &Employee {
        self.employees.iter().find(|one| one.id == id).unwrap()
    }

    fn limit(&self, who: u64, post: &str) -> Option<u32> {
        let mut norm = None;
        let mut since = NaiveDate::MIN;
        for (function, from, cases) in &self.norms {
            if *function == post && *from <= self.today && *from >= since {
                (norm, since) = (*cases, *from);
            }
        }
        let (mut share, mut reduction, mut since) = (100, 0, NaiveDate::MIN);
        for (of, function, from, told, less) in &self.terms {
            if *of == who && *function == post && *from <= self.today && *from >= since {
                (share, reduction, since) = (*told, *less, *from);
            }
        }
        let begins = |months| self.by_id(who).employed_on.map(|first| first + Months::new(months));
        let quarters = match (begins(3), begins(6)) {
            (Some(three), _) if self.today < three => 2,
            (_, Some(six)) if self.today < six => 3,
            _ => 4,
        };
        let whole = norm? * share * quarters / 400;
        Some(whole - reduction.min(whole))
    }

    /// The young people somebody has in a post, of whom this is true.
    fn people(&self, who: u64, post: &str, fits: impl Fn(&Case) -> bool) -> BTreeSet<u64> {
        let of_post = self.cases.iter().filter(|case| (case.who, case.counts_as) == (who, post));
        of_post.filter(|case| fits(case)).map(|case| case.whose).collect()
    }

    fn ordinary(&self, who: u64, post: &str) -> BTreeSet<u64> {
        self.people(who, post, |case| case.until.is_none_or(|until| until < self.today))
    }

    fn stands(&self) -> Stands {
        let held =
            self.employees.iter().flat_map(|one| one.posts.iter().map(|post| (one.id, *post)));
        let had = self.cases.iter().map(|case| (case.who, case.counts_as));
        let each = held.chain(had).map(|(who, post)| {
            let one = self.by_id(who);
            let all = self.people(who, post, |_| true).len();
            let ordinary = self.ordinary(who, post).len();
            let breaches =
                self.people(who, post, |case| case.until.is_some_and(|until| until < self.today));
            let numbers =
                [ordinary, all - ordinary, breaches.len()].map(|n| u32::try_from(n).unwrap());
            let present = one.posts.contains(post) && !one.stopped;
            ((who, post), (present, self.limit(who, post), numbers[0], numbers[1], numbers[2]))
        });
        each.collect()
    }

    fn number(&self, who: u64, post: &str) -> u32 {
        u32::try_from(self.ordinary(who, post).len()).unwrap()
    }

    /// Gives a case, as somebody who counts on their fingers would.
    fn give(
        &mut self,
        whose: u64,
        who: u64,
        function: &'static str,
        beyond: Option<u64>,
    ) -> Result<String, &'static str> {
        let one = self.by_id(who);
        let counts_as = match function {
            "mentor" if one.posts.contains("job-consultant") => "job-consultant",
            other => other,
        };
        let ordinary = self.ordinary(who, counts_as);
        let fits = ordinary.contains(&whose)
            || self.limit(who, counts_as).is_none_or(|limit| self.number(who, counts_as) < limit);
        let until = beyond.filter(|_| !fits).map(|days| self.today + Days::new(days));
        if self.cases.iter().any(|case| (case.whose, case.function) == (whose, function)) {
            return Err("assignment.already-assigned");
        }
        if one.stopped || !one.posts.contains(counts_as) {
            return Err("assignment.not-in-function");
        }
        if !fits && until.is_none() {
            return Err("caseload.limit-reached");
        }
        self.next += 1;
        let id = self.next;
        self.cases.push(Case { id, whose, who, function, counts_as, until });
        let exception = until.map_or("NULL, NULL".to_owned(), |until| format!("'why', '{until}'"));
        Ok(format!(
            "INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at,
                exception_reason, exception_until)
             VALUES (#{id}, #{}, #2, #2, #{who}, '{function}', '{counts_as}', acting_now(), {exception});",
            1000 + whose
        ))
    }

    /// What is refused is asked for all the same, as it stands.
    fn asked(&self, whose: u64, who: u64, function: &str) -> String {
        let counts_as = match function {
            "mentor" if self.by_id(who).posts.contains("job-consultant") => "job-consultant",
            other => other,
        };
        format!(
            "INSERT INTO assignment (id, young_person_id, writing_unit_id, unit_id, employee_id, function, counts_as, began_at)
             VALUES (gen_random_uuid(), #{}, #2, #2, #{who}, '{function}', '{counts_as}', acting_now());",
            1000 + whose
        )
    }

    fn take(&mut self, n: usize) -> Option<(Case, String)> {
        if self.cases.is_empty() {
            return None;
        }
        let case = self.cases.remove(n % self.cases.len());
        let sql = format!(
            "UPDATE assignment SET ended_at = acting_now(), end_reason = 'why', version = version + 1 WHERE id = #{};",
            case.id
        );
        Some((case, sql))
    }

    /// Several at once: everything or nothing.
    fn give_all(
        &mut self,
        before: Self,
        mut sql: String,
        all: &[(u64, u64, &'static str, Option<u64>)],
    ) -> (String, Option<&'static str>) {
        let locked: Vec<_> = all.iter().map(|(_, who, ..)| format!("#{who}")).collect();
        sql = format!("SELECT lock_employees(ARRAY[{}]::uuid[]);{sql}", locked.join(","));
        for (whose, who, function, beyond) in all {
            match self.give(*whose, *who, function, *beyond) {
                Ok(given) => sql += &given,
                Err(code) => {
                    sql += &self.asked(*whose, *who, function);
                    *self = before;
                    return (sql, Some(code));
                }
            }
        }
        (sql, None)
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each deed")]
    /// Does what is to be done: who acts, in which words, and what is to be refused; nothing where there is nothing
    /// to do.
    fn act(&mut self, deed: &Deed) -> Option<(u64, String, Option<&'static str>)> {
        let before = self.clone();
        let over = |model: &Self, one: &Employee, posts: &[&str]| {
            let is_over = |post: &&str| {
                let limit = model.limit(one.id, post);
                limit.is_some_and(|limit| model.number(one.id, post) > limit)
            };
            posts.iter().any(is_over).then_some("caseload.limit-reached")
        };
        match deed {
            Deed::Assign(all) => {
                let named: Vec<_> = all
                    .iter()
                    .map(|(whose, who, function, beyond)| {
                        (*whose, self.employee(*who).id, self.function(*who, *function), *beyond)
                    })
                    .collect();
                let (sql, code) = self.give_all(before, String::new(), &named);
                Some((LEADER, sql, code))
            }
            Deed::End(n) => self.take(*n).map(|(_, sql)| (LEADER, sql, None)),
            Deed::HandOver(moves) => {
                let (mut sql, mut named) = (String::new(), Vec::new());
                for (n, to) in moves {
                    let Some((case, ends)) = self.take(*n) else { break };
                    sql += &ends;
                    named.push((case.whose, self.employee(*to).id, case.function, None));
                }
                let (sql, code) = self.give_all(before, sql, &named);
                Some((LEADER, sql, code))
            }
            Deed::HandOverAll(from, to) => {
                let from = self.employee(*from).id;
                let (mut sql, mut named) = (String::new(), Vec::new());
                while let Some(n) = self.cases.iter().position(|case| case.who == from) {
                    let (case, ends) = self.take(n)?;
                    sql += &ends;
                    let to = to[named.len() % to.len()];
                    named.push((case.whose, self.employee(to).id, case.function, None));
                }
                let (sql, code) = self.give_all(before, sql, &named);
                Some((LEADER, sql, code))
            }
            Deed::Norm(function, ahead, cases) => {
                let from = self.today + Days::new(*ahead);
                self.norms.push((POSTS[*function], from, *cases));
                let number = u32::try_from(self.norms.len()).unwrap();
                let cases = cases.map_or("NULL".to_owned(), |cases| cases.to_string());
                Some((LEADER, norm(number, POSTS[*function], &from.to_string(), &cases), None))
            }
            Deed::Terms(who, function, ahead, share, reduction) => {
                let (who, from) = (self.employee(*who).id, self.today + Days::new(*ahead));
                self.terms.push((who, POSTS[*function], from, *share, *reduction));
                let sql = format!(
                    "INSERT INTO caseload_terms (id, employee_id, unit_id, function, from_day, employment_share, reduction, reason,
                        agreed_by_id, agreed_at)
                     VALUES (gen_random_uuid(), #{who}, #2, '{}', '{from}', {share}, {reduction}, 'why', acting_employee(), acting_now())",
                    POSTS[*function]
                );
                Some((LEADER, sql, None))
            }
            Deed::Cover(absent, by) => {
                let (absent, by) = (self.employee(*absent).id, self.employee(*by).id);
                // It changes no number; twice the same is refused, and not asked here.
                let sql = format!(
                    "INSERT INTO cover (id, unit_id, absent_id, covered_by_id, from_day, until_day, reason, decided_by_id, decided_at)
                     VALUES (gen_random_uuid(), #2, #{absent}, #{by}, '{0}', '{0}', 'why', acting_employee(), acting_now())
                         ON CONFLICT DO NOTHING",
                    self.today
                );
                (absent != by).then_some((LEADER, sql, None))
            }
            Deed::Days(days) => {
                self.today = self.today + Days::new(*days);
                None
            }
            Deed::Stop(who) => {
                let at = who % self.employees.len();
                let one = &mut self.employees[at];
                if one.stopped {
                    return None;
                }
                one.stopped = true;
                let sql = format!(
                    "UPDATE employee SET deactivated_at = acting_now() WHERE id = #{}",
                    one.id
                );
                Some((ADMINISTRATOR, sql, None))
            }
            Deed::Reactivate(who) => {
                let at = who % self.employees.len();
                let one = self.employees[at].clone();
                if !one.stopped {
                    return None;
                }
                let posts: Vec<_> = one.posts.iter().copied().collect();
                let code = if one.ended {
                    Some("employee.employment-ended")
                } else {
                    over(self, &one, &posts)
                };
                self.employees[at].stopped = code.is_some();
                let sql =
                    format!("UPDATE employee SET deactivated_at = NULL WHERE id = #{}", one.id);
                Some((ADMINISTRATOR, sql, code))
            }
            Deed::EndRole(who, post) => {
                let at = who % self.employees.len();
                let id = self.employees[at].id;
                self.employees[at].posts.remove(POSTS[*post]).then(|| {
                    let sql = format!(
                        "UPDATE employee_role SET valid_to = acting_now() WHERE employee_id = #{id} AND role = '{}' AND valid_to > acting_now()",
                        POSTS[*post]
                    );
                    (ADMINISTRATOR, sql, None)
                })
            }
            Deed::GiveRole(who, post) => {
                let at = who % self.employees.len();
                let one = self.employees[at].clone();
                if one.ended || one.posts.contains(POSTS[*post]) {
                    return None;
                }
                // A job consultant's mentoring is part of their norm.
                if POSTS[*post] == "job-consultant" {
                    let theirs = self.cases.iter_mut().filter(|case| case.who == one.id);
                    theirs
                        .filter(|case| case.counts_as == "mentor")
                        .for_each(|case| case.counts_as = "job-consultant");
                }
                let code = over(self, &one, &[POSTS[*post]]);
                if code.is_some() {
                    *self = before;
                } else {
                    self.employees[at].posts.insert(POSTS[*post]);
                }
                Some((ADMINISTRATOR, given(one.id, POSTS[*post]), code))
            }
            Deed::EndEmployment(who) => {
                let at = who % self.employees.len();
                let one = self.employees[at].clone();
                if one.ended {
                    return None;
                }
                let is_left = self.cases.iter().any(|case| case.who == one.id)
                    || self.coordinators.values().any(|who| *who == one.id);
                if !is_left {
                    let gone = &mut self.employees[at];
                    (gone.stopped, gone.ended) = (true, true);
                    gone.posts.clear();
                }
                let sql = format!(
                    "UPDATE employee SET deactivated_at = coalesce(deactivated_at, acting_now()), employment_ended_at = acting_now() WHERE id = #{0};
                     UPDATE employee_role SET valid_to = acting_now() WHERE employee_id = #{0} AND valid_to > acting_now()",
                    one.id
                );
                Some((ADMINISTRATOR, sql, is_left.then_some("employee.has-open-cases")))
            }
            Deed::Name(whose, who, function, with) => {
                let who = self.employee(*who).id;
                self.coordinators.insert(*whose, who);
                let mut sql = format!(
                    "SELECT lock_employees(ARRAY[#{who}]);
                     INSERT INTO plan_role (plan_id, kind, from_at, young_person_id, writing_unit_id, employee_id)
                     VALUES (#{}, 'coordinator', acting_now(), #{}, #2, #{who});",
                    3000 + whose,
                    1000 + whose
                );
                if *with && !self.has_case(*whose, who) {
                    match self.give(*whose, who, POSTS[*function], None) {
                        Ok(given) => sql += &given,
                        Err(code) => {
                            sql += &self.asked(*whose, who, POSTS[*function]);
                            *self = before;
                            return Some((LEADER, sql, Some(code)));
                        }
                    }
                }
                Some((LEADER, sql, None))
            }
            Deed::Employ => {
                if self.employees.len() >= 8 {
                    return None;
                }
                self.next += 1;
                let (id, today) = (self.next, self.today);
                let posts = BTreeSet::from(["caseworker"]);
                let employed_on = Some(today);
                self.employees.push(Employee {
                    id,
                    employed_on,
                    stopped: false,
                    ended: false,
                    posts,
                });
                let sql = format!(
                    "INSERT INTO employee (id, username, given_name, family_name, employed_on) VALUES (#{id}, 'n{id}', 'New', 'One', '{today}'); {}",
                    given(id, "caseworker")
                );
                Some((ADMINISTRATOR, sql, None))
            }
        }
    }
}

/// The administrator proposes a role in unit 2, and the leader confirms it.
fn given(who: u64, role: &str) -> String {
    format!(
        "INSERT INTO rights_request (id, kind, employee_id, role, unit_id, requested_by_id, requested_at)
             VALUES (gen_random_uuid(), 'role', #{who}, '{role}', #2, acting_employee(), acting_now());
         SELECT act_as(#{LEADER}, acting_now());
         SELECT confirm_rights(id, gen_random_uuid(), NULL) FROM rights_request WHERE state = 'pending'"
    )
}

/// How everybody stands by the database's count.
async fn counted(admin: &Prompt, on: NaiveDate, moment: &str) -> Stands {
    let query = format!(
        "SELECT ltrim(replace(employee_id::text, '-', ''), '0'), function, present, case_limit, young_people, exceptions, breaches
           FROM caseload_of(#2, '{on}', '{moment}') WHERE function = ANY (ARRAY['caseworker', 'job-consultant', 'mentor']) AND employee_id <> #11"
    );
    let rows = admin.rows(&query).await.into_iter().map(|row| {
        let post = POSTS.into_iter().find(|post| *post == row[1]).unwrap();
        let number = |at: usize| row[at].parse::<u32>().unwrap();
        let stands = (row[2] == "t", row[3].parse().ok(), number(4), number(5), number(6));
        ((row[0].parse().unwrap(), post), stands)
    });
    rows.collect()
}

/// Noon and so many microseconds of a day, in UTC.
fn moment(day: NaiveDate, n: usize) -> String {
    format!("{day} 11:00:00.{n:06}+00")
}

/// PL-17: each young person has an active plan with unit 2 as a participant, and without a coordinator.
const PLANS: &str = "
    INSERT INTO plan (id, young_person_id, writing_unit_id, state, purpose, own_words, opened_at, activated_at, next_review_on, review_set_on)
        SELECT lpad((3000 + n)::text, 32, '0')::uuid, lpad((1000 + n)::text, 32, '0')::uuid, #2, 'active', 'A way', 'Yes', '2026-11-02',
               '2026-11-02', '2026-12-01', '2026-11-02' FROM generate_series(1, 10) n;
    INSERT INTO plan_participant (id, plan_id, young_person_id, writing_unit_id, unit_id, employee_id, joined_at)
        SELECT gen_random_uuid(), p.id, p.young_person_id, #2, #2, #16, '2026-11-02' FROM plan p WHERE p.id <> #300;";

const CLEAN: &str = "
    DELETE FROM plan_role; DELETE FROM plan_participant WHERE plan_id <> #300; DELETE FROM plan WHERE id <> #300;
    DELETE FROM past_stop; DELETE FROM assignment; DELETE FROM caseload_norm; DELETE FROM caseload_terms; DELETE FROM cover;
    DELETE FROM employee_role WHERE employee_id NOT IN (#11, #12, #13, #14);
    DELETE FROM session WHERE employee_id NOT IN (#11, #12, #13, #14);
    DELETE FROM employee WHERE id NOT IN (#11, #12, #13, #14);
    DELETE FROM access_basis WHERE young_person_id <> #100; DELETE FROM young_person WHERE id <> #100;
    DELETE FROM unit WHERE id = #5;";

/// Plays the deeds, and tells what was wrong, and how often each refusal came.
async fn play(
    (admin, app): (&Prompt, &Prompt),
    deeds: &[Deed],
    refusals: &mut BTreeMap<&'static str, usize>,
) -> Result<(), TestCaseError> {
    admin.load(&format!("{CLEAN}{TEAM}{PLANS}")).await;
    let (mut model, mut past) = (Model::new(), Vec::new());
    for (n, deed) in deeds.iter().enumerate() {
        let (stood, day, before) = (model.stands(), model.today, model.clone());
        let mut act = model.act(deed);
        if let Some((_, _, code @ None)) = &mut act
            && !model.coordinators_have_the_case()
        {
            (model, *code) = (before, Some("plan.coordinator-without-case"));
        }
        if model.today != day {
            past.push((day, stood.clone()));
        }
        let now = moment(model.today, n);
        admin
            .load(&format!("UPDATE session SET started_at = '{now}', refreshed_at = '{now}'; SELECT set_config('app.now', '{now}', false)"))
            .await;
        if let Some((session, sql, expected)) = act {
            app.begin(id(session), &now).await;
            let refused = app.refusal(&format!("{sql}; COMMIT")).await;
            app.rollback().await;
            prop_assert_eq!(refused.as_deref(), expected, "{:?}: {}", deed, sql);
            *refusals.entry(expected.unwrap_or("")).or_default() += 1;
        }
        let stands = counted(admin, model.today, "infinity").await;
        prop_assert_eq!(&stands, &model.stands(), "after {:?}", deed);
        // Whoever is above their limit has not got more by it, but where an exception ran out.
        for (who, (present, limit, has, _, breaches)) in &stands {
            let had = stood.get(who).map_or(0, |stood| stood.2);
            let ran_out = *breaches > stood.get(who).map_or(0, |stood| stood.4);
            let above = *present && limit.is_some_and(|limit| *has > limit);
            prop_assert!(
                !above || *has <= had || ran_out,
                "{:?} is above {:?} after {:?}",
                who,
                limit,
                deed
            );
        }
    }
    for (day, stood) in past {
        // Whether somebody could sign in then is not kept.
        let plain = |stands: &Stands| -> Vec<_> {
            stands
                .iter()
                .map(|(who, (_, limit, has, beyond, breaches))| {
                    (*who, *limit, *has, *beyond, *breaches)
                })
                .collect()
        };
        let counted = counted(admin, day, &format!("{day} 22:59:59+00")).await;
        prop_assert_eq!(plain(&counted), plain(&stood), "on {}", day);
    }
    Ok(())
}

#[test]
fn cl_01_to_cl_10_after_any_sequence_everybody_has_what_a_simple_list_says_and_no_more() {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (database, admin, app) = runtime.block_on(async {
        let database = town().await;
        let (admin, app) = (Prompt::of_admin(&database).await, Prompt::of_app(&database).await);
        (database, admin, app)
    });
    let refusals = RefCell::new(BTreeMap::new());
    let config =
        Config { failure_persistence: None, max_shrink_iters: 200, ..Config::with_cases(40) };
    let held = TestRunner::new(config).run(&vec(deed(), 60), |deeds| {
        runtime.block_on(play((&admin, &app), &deeds, &mut refusals.borrow_mut()))
    });
    let refusals = refusals.into_inner();
    runtime.block_on(async { drop(database) });
    held.unwrap();
    for (code, often) in [
        ("", 500),
        ("caseload.limit-reached", 50),
        ("assignment.already-assigned", 20),
        ("assignment.not-in-function", 20),
        ("employee.has-open-cases", 1),
        ("plan.coordinator-without-case", 50),
    ] {
        let times = refusals.get(code).copied().unwrap_or_default();
        assert!(times >= often, "too little was met: {refusals:?}");
    }
}
