//! IV-3: random walks over one offer, held step by step against a slow model of the line.

use crate::steps::{CASEWORKER, LEADER, STRANGER, done, new_offer, places, refer, referral, step};
use chrono::{Days, NaiveDate, TimeDelta};
use domain::calendar::add_working_days;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use test_support::{Call, TestApp};
use uuid::Uuid;

const OFFER: &str = "kursus";
const PEOPLE: usize = 8;
/// No walk reaches beyond it.
const HORIZON: u64 = 320;

/// One step of a walk, by or about one of the young people.
#[derive(Debug, Clone, Copy)]
enum Step {
    Refer { who: usize, in_days: u64, or_nothing: bool },
    Start { who: usize, days_off: i64 },
    End { who: usize, days_ago: u64 },
    Withdraw(usize),
    Decline(usize),
    Offer(usize),
    Prioritise { who: usize, priority: i32 },
    Places { in_days: u64, count: Option<i32> },
    Advance(i64),
    RunJobs,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..PEOPLE;
    let one = prop_oneof![
        8 => (who(), 0..4_u64, prop::bool::weighted(0.1)).prop_map(|(who, in_days, or_nothing)| Step::Refer { who, in_days, or_nothing }),
        4 => (who(), -3..4_i64).prop_map(|(who, days_off)| Step::Start { who, days_off }),
        3 => (who(), 0..4_u64).prop_map(|(who, days_ago)| Step::End { who, days_ago }),
        2 => who().prop_map(Step::Withdraw),
        1 => who().prop_map(Step::Decline),
        1 => who().prop_map(Step::Offer),
        3 => (who(), 0..3_i32).prop_map(|(who, priority)| Step::Prioritise { who, priority }),
        2 => (0..8_u64, prop::option::weighted(0.95, 0..5_i32)).prop_map(|(in_days, count)| Step::Places { in_days, count }),
        3 => (1..9_i64).prop_map(Step::Advance),
        3 => Just(Step::RunJobs),
    ];
    prop::collection::vec(one, 20..45)
}

/// A referral as the model has it.
#[derive(Debug, Clone)]
struct Referral {
    who: usize,
    id: Uuid,
    state: &'static str,
    ticket: u64,
    priority: i32,
    planned: NaiveDate,
    held: Option<(NaiveDate, Option<NaiveDate>)>,
    expires: Option<NaiveDate>,
    lapsed: bool,
}

/// The offer, looked at day by day.
#[derive(Debug, Clone)]
struct Model {
    first: NaiveDate,
    today: NaiveDate,
    places: BTreeMap<NaiveDate, Option<i32>>,
    /// Days that are to come, on which other places begin.
    turns: Vec<NaiveDate>,
    referrals: Vec<Referral>,
    tickets: u64,
}

impl Model {
    fn days(&self, from: NaiveDate) -> impl Iterator<Item = NaiveDate> {
        let end = self.first + Days::new(HORIZON);
        from.iter_days().take_while(move |day| *day < end)
    }

    fn free_on(&self, day: NaiveDate) -> Option<i32> {
        let places = self.places.range(..=day).next_back().and_then(|(_, count)| *count)?;
        let holds = |one: &&Referral| {
            one.held
                .is_some_and(|(from, until)| from <= day && until.is_none_or(|until| day < until))
        };
        Some(places - i32::try_from(self.referrals.iter().filter(holds).count()).unwrap())
    }

    /// How many more could hold a place from that day on; none where they are not limited.
    fn free(&self, from: NaiveDate) -> Option<i32> {
        self.days(from).filter_map(|day| self.free_on(day)).min()
    }

    fn is_overfull(&self) -> bool {
        self.days(self.first - Days::new(10))
            .any(|day| self.free_on(day).is_some_and(|free| free < 0))
    }

    fn line(&self) -> Vec<usize> {
        let mut line: Vec<usize> = (0..self.referrals.len())
            .filter(|one| self.referrals[*one].state == "waiting")
            .collect();
        line.sort_by_key(|one| (-self.referrals[*one].priority, self.referrals[*one].ticket));
        line
    }

    fn offer(&mut self, one: usize) {
        let today = self.today;
        let referral = &mut self.referrals[one];
        referral.state = "offered";
        referral.held = Some((referral.planned.max(today), None));
        referral.expires = Some(add_working_days(today, 5));
    }

    /// The first in line are offered places, as far as these reach.
    fn serve(&mut self) {
        for one in self.line() {
            if self.free(self.referrals[one].planned.max(self.today)).is_some_and(|free| free < 1) {
                return;
            }
            self.offer(one);
        }
    }

    fn run_jobs(&mut self) {
        let mut frees = self.turns.extract_if(.., |day| *day <= self.today).count() > 0;
        for referral in &mut self.referrals {
            if referral.state == "offered" && referral.expires.is_some_and(|last| last < self.today)
            {
                (referral.state, referral.held, referral.expires, referral.lapsed) =
                    ("declined", None, None, true);
                frees = true;
            }
        }
        if frees {
            self.serve();
        }
    }

    fn last_of(&self, who: usize) -> Option<usize> {
        self.referrals.iter().rposition(|referral| referral.who == who)
    }

    /// The state of a new referral, or why there is none.
    fn refer(
        &mut self,
        who: usize,
        planned: NaiveDate,
        or_nothing: bool,
    ) -> Result<&'static str, &'static str> {
        let last = self.last_of(who).map(|last| self.referrals[last].clone());
        if last
            .as_ref()
            .is_some_and(|last| ["referred", "waiting", "offered", "started"].contains(&last.state))
        {
            let full = !self.line().is_empty() && self.free(planned.max(self.today)).is_some()
                || self.free(planned.max(self.today)).is_some_and(|free| free < 1);
            return Err(if or_nothing && full {
                "intervention.no-place"
            } else {
                "intervention.already-running"
            });
        }
        let from = planned.max(self.today);
        let placed = match self.free(from) {
            None => true,
            Some(free) => free > 0 && self.line().is_empty(),
        };
        if !placed && or_nothing {
            return Err("intervention.no-place");
        }
        self.tickets += 1;
        let kept = last.filter(|last| last.lapsed);
        let ticket = kept.as_ref().map_or(self.tickets, |kept| kept.ticket);
        let priority = kept.filter(|_| !placed).map_or(0, |kept| kept.priority);
        let state = if placed { "referred" } else { "waiting" };
        let held = placed.then_some((from, None));
        let id = Uuid::nil();
        self.referrals.push(Referral {
            who,
            id,
            state,
            ticket,
            priority,
            planned,
            held,
            expires: None,
            lapsed: false,
        });
        Ok(state)
    }

    fn start(&mut self, one: usize, on: NaiveDate) -> Result<&'static str, &'static str> {
        if !["referred", "offered"].contains(&self.referrals[one].state) {
            return Err("intervention.step-not-allowed");
        }
        let before = self.referrals[one].clone();
        let referral = &mut self.referrals[one];
        (referral.state, referral.held, referral.expires) = ("started", Some((on, None)), None);
        if self.is_overfull() {
            self.referrals[one] = before;
            return Err("intervention.no-place");
        }
        if before.held.is_some_and(|(from, _)| from < on) {
            self.serve();
        }
        Ok("started")
    }

    fn leave(&mut self, one: usize, state: &'static str) -> Result<&'static str, &'static str> {
        let referral = &mut self.referrals[one];
        if !["referred", "waiting", "offered"].contains(&referral.state) {
            return Err("intervention.step-not-allowed");
        }
        (referral.state, referral.held, referral.expires) = (state, None, None);
        self.serve();
        Ok(state)
    }

    fn end(
        &mut self,
        one: usize,
        days_ago: u64,
    ) -> (NaiveDate, Result<&'static str, &'static str>) {
        let referral = &mut self.referrals[one];
        let (Some((from, _)), "started") = (referral.held, referral.state) else {
            return (self.today, Err("intervention.step-not-allowed"));
        };
        let on = (self.today - Days::new(days_ago)).max(from);
        (referral.state, referral.held) = ("ended-early", Some((from, Some(on))));
        self.serve();
        (on, Ok("ended-early"))
    }

    fn offer_by_hand(&mut self, one: usize) -> Result<&'static str, &'static str> {
        let referral = &self.referrals[one];
        if referral.state != "waiting" {
            return Err("intervention.step-not-allowed");
        }
        let free = self.free(referral.planned.max(self.today)).is_none_or(|free| free > 0);
        if self.line()[0] != one || !free {
            return Err("intervention.no-place");
        }
        self.offer(one);
        Ok("offered")
    }

    fn prioritise(&mut self, one: usize, priority: i32) -> Result<&'static str, &'static str> {
        let referral = &mut self.referrals[one];
        if referral.state != "waiting" {
            return Err("intervention.step-not-allowed");
        }
        referral.priority = priority;
        Ok("waiting")
    }

    fn set_places(
        &mut self,
        from: NaiveDate,
        count: Option<i32>,
    ) -> Result<&'static str, &'static str> {
        let before = self.places.insert(from, count);
        if self.is_overfull() {
            match before {
                Some(before) => self.places.insert(from, before),
                None => self.places.remove(&from),
            };
            return Err("catalogue.places-held");
        }
        self.turns.extend((from > self.today).then_some(from));
        self.serve();
        Ok("")
    }
}

/// A walk through the interface, with the model beside it.
struct Walk {
    app: TestApp,
    plans: Vec<(&'static str, Uuid)>,
    model: Model,
}

impl Walk {
    async fn begin() -> Self {
        let app = TestApp::new().await;
        new_offer(&app, OFFER, 3).await;
        let mut plans = Vec::new();
        for who in [CASEWORKER, STRANGER].into_iter().cycle().take(PEOPLE) {
            plans.push((who, app.active_plan(who).await.plan));
        }
        let today: NaiveDate = app.today().parse().unwrap();
        let places = BTreeMap::from([(today - Days::new(400), Some(3))]);
        let model = Model {
            first: today,
            today,
            places,
            turns: Vec::new(),
            referrals: Vec::new(),
            tickets: 0,
        };
        Self { app, plans, model }
    }

    /// Sends it, and asserts that it ends as the model says.
    async fn ends(call: Call<'_>, expected: Result<&'static str, &'static str>) -> Uuid {
        let answer = call.await;
        match expected {
            Ok(state) => {
                assert!(answer.status < 300, "{:#}", answer.body);
                assert_eq!(answer.body["state"].as_str().unwrap_or_default(), state);
                if state.is_empty() { Uuid::nil() } else { answer.id() }
            }
            Err(code) => {
                assert_eq!(answer.problem(), (409, code));
                Uuid::nil()
            }
        }
    }

    async fn take(&mut self, next: Step) {
        let (app, model) = (&self.app, &mut self.model);
        let last =
            |who| model.last_of(who).map(|one| (one, model.referrals[one].id, self.plans[who].0));
        match next {
            Step::Refer { who, in_days, or_nothing } => {
                let planned = model.today + Days::new(in_days);
                let expected = model.refer(who, planned, or_nothing);
                let mut body = referral(app, OFFER);
                body["plannedStart"] = json!(planned);
                body["onNoPlace"] = json!(if or_nothing { "refuse" } else { "wait" });
                let id =
                    Self::ends(refer(app, self.plans[who].0, self.plans[who].1, body), expected)
                        .await;
                if expected.is_ok() {
                    model.referrals.last_mut().unwrap().id = id;
                }
            }
            Step::Start { who, days_off } => {
                let Some((one, id, by)) = last(who) else { return };
                let on = model.today + TimeDelta::days(days_off);
                let call = step(app, by, id, "start", json!({ "on": on })).await;
                Self::ends(call, model.start(one, on)).await;
            }
            Step::End { who, days_ago } => {
                let Some((one, id, by)) = last(who) else { return };
                let (on, expected) = model.end(one, days_ago);
                Self::ends(
                    step(app, by, id, "end", json!({ "on": on, "reason": "moved" })).await,
                    expected,
                )
                .await;
            }
            Step::Withdraw(who) => {
                let Some((one, id, by)) = last(who) else { return };
                Self::ends(
                    step(app, by, id, "withdraw", json!({})).await,
                    model.leave(one, "withdrawn"),
                )
                .await;
            }
            Step::Decline(who) => {
                let Some((one, id, by)) = last(who) else { return };
                let call = step(app, by, id, "decline", json!({ "reason": "Nej." })).await;
                Self::ends(call, model.leave(one, "declined")).await;
            }
            Step::Offer(who) => {
                let Some((one, id, _)) = last(who) else { return };
                // What is over, its provider does not see any more.
                if ["referred", "waiting", "offered", "started"]
                    .contains(&model.referrals[one].state)
                {
                    Self::ends(
                        step(app, LEADER, id, "offer", json!({})).await,
                        model.offer_by_hand(one),
                    )
                    .await;
                }
            }
            Step::Prioritise { who, priority } => {
                let Some((one, id, _)) = last(who) else { return };
                // What is over, its provider does not see any more.
                if ["referred", "waiting", "offered", "started"]
                    .contains(&model.referrals[one].state)
                {
                    let body = json!({ "priority": priority, "reason": "Haster." });
                    let call = step(app, LEADER, id, "prioritise", body).await;
                    Self::ends(call, model.prioritise(one, priority)).await;
                }
            }
            Step::Places { in_days, count } => {
                let from = model.today + Days::new(in_days);
                Self::ends(
                    places(app, LEADER, OFFER, &from.to_string(), count),
                    model.set_places(from, count),
                )
                .await;
            }
            Step::Advance(days) => {
                app.advance(TimeDelta::days(days));
                model.today = app.today().parse().unwrap();
            }
            Step::RunJobs => {
                app.run_due_jobs().await;
                model.run_jobs();
            }
        }
        self.compare().await;
    }

    async fn compare(&self) {
        assert!(!self.model.is_overfull(), "more are held than there are places");
        let rows =
            self.app.sql("SELECT id, state, offer_expires_on FROM intervention ORDER BY id").await;
        let mut known: Vec<&Referral> = self.model.referrals.iter().collect();
        known.sort_by_key(|referral| referral.id);
        let expected: Vec<Value> = known
            .iter()
            .map(|one| json!({ "id": one.id, "state": one.state, "offer_expires_on": one.expires }))
            .collect();
        assert_eq!(rows, expected);
        let line = self
            .app
            .sql(&format!("SELECT intervention_id AS id FROM waiting_line('{OFFER}', 1000)"))
            .await;
        let expected: Vec<Value> = self
            .model
            .line()
            .iter()
            .map(|one| json!({ "id": self.model.referrals[*one].id }))
            .collect();
        assert_eq!(line, expected);
    }
}

#[test]
fn iv_03_any_walk_keeps_to_the_places_and_the_line() {
    let config =
        Config { cases: 20, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&steps(), |steps| {
            actix_web::rt::System::new().block_on(async {
                let mut walk = Walk::begin().await;
                for step in steps {
                    walk.take(step).await;
                }
                done(
                    walk.app
                        .as_(LEADER)
                        .get(&format!("/api/v1/intervention-catalogue/{OFFER}/places")),
                )
                .await;
            });
            Ok(())
        })
        .unwrap();
}
