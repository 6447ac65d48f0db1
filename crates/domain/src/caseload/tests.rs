use super::*;
use crate::calendar::Month;
use crate::ids::{AssignmentId, BasisId};
use chrono::Days;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn employee(n: u8) -> EmployeeId {
    EmployeeId(Uuid::from_u128(u128::from(n)))
}

fn young(n: u8) -> YoungPersonId {
    YoungPersonId(Uuid::from_u128(1000 + u128::from(n)))
}

fn assignment(n: usize) -> AssignmentId {
    AssignmentId(Uuid::from_u128(2000 + u128::try_from(n).unwrap()))
}

fn full_time(norm: Option<u32>) -> Parts {
    Parts { norm, employment_share: 100, ramp: Ramp::Full, reduction: 0 }
}

/// A caseworker who has so many of so many.
fn stands(n: u8, young_people: u32, limit: u32) -> Standing {
    Standing {
        employee: employee(n),
        name: format!("Employee {n}"),
        function: Function::Caseworker,
        present: true,
        away: false,
        parts: full_time(Some(limit)),
        young_people,
        exceptions: 0,
        reserved: 0,
    }
}

fn case(n: usize, who: u8, whose: u8, function: Function, counts_as: Function) -> Case {
    Case {
        id: Some(assignment(n)),
        young_person: young(whose),
        employee: employee(who),
        function,
        counts_as,
        exception_until: None,
    }
}

fn wish(who: u8, whose: u8) -> Wish {
    Wish {
        young_person: young(whose),
        employee: employee(who),
        function: Function::Caseworker,
        exception: None,
    }
}

fn exception(until: NaiveDate) -> Exception {
    Exception { reason: "Det haster.".to_owned(), until }
}

fn board(standings: Vec<Standing>, cases: Vec<Case>) -> Board {
    Board::new(TODAY, standings, cases, Vec::new())
}

#[test]
fn cl_01_where_no_norm_is_decided_there_is_no_limit() {
    let parts = Parts { norm: None, employment_share: 50, ramp: Ramp::Half, reduction: 500 };
    assert_eq!(parts.limit(), None);
    let mut board = board(vec![Standing { parts, ..stands(1, 900, 0) }], Vec::new());
    assert!(board.assign(&wish(1, 1)).is_ok());
}

#[test]
fn cl_02_beyond_the_limit_is_refused_and_the_refusal_names_those_with_room() {
    let away = Standing { away: true, ..stands(7, 0, 45) };
    let gone = Standing { present: false, ..stands(8, 0, 45) };
    let of_another_post = Standing { function: Function::Adviser, ..stands(9, 0, 45) };
    let standings = vec![
        stands(1, 45, 45),
        stands(2, 44, 45), // nearly full
        stands(3, 2, 3),   // two thirds
        stands(4, 9, 45),  // a fifth
        stands(5, 45, 45), // full
        stands(6, 40, 45),
        away,
        gone,
        of_another_post,
        stands(10, 0, 0),
        stands(11, 30, 45), // two thirds, but more of them
        stands(12, 43, 45),
    ];
    // Two had the young person before, 2 later than 6; the full one and another's do not count.
    let known = vec![
        (young(1), employee(5)),
        (young(1), employee(2)),
        (young(1), employee(6)),
        (young(1), employee(2)),
        (young(2), employee(4)),
    ];
    let mut board = Board::new(TODAY, standings, Vec::new(), known);
    let refusal = board.assign(&wish(1, 1)).unwrap_err();
    assert_eq!(refusal.code(), "caseload.limit-reached");
    let CaseloadRefusal::LimitReached {
        employee_id,
        young_person_id,
        limit,
        current,
        reserved: 0,
        colleagues,
    } = refusal
    else {
        panic!("{refusal:?}")
    };
    assert_eq!((employee_id, young_person_id, limit, current), (employee(1), young(1), 45, 45));
    let told: Vec<_> =
        colleagues.iter().map(|one| (one.employee_id, one.current, one.has_had)).collect();
    assert_eq!(
        told,
        [
            (employee(2), 44, true),
            (employee(6), 40, true),
            (employee(4), 9, false),
            (employee(3), 2, false),
            (employee(11), 30, false),
        ]
    );
    assert_eq!(colleagues[3].limit, Some(3));
    // Nothing has happened.
    assert_eq!(board.standing(employee(1), Function::Caseworker), Some(&stands(1, 45, 45)));
    // Those without a norm are told as well, the emptiest.
    let free = Standing { parts: full_time(None), ..stands(2, 900, 0) };
    let mut board = self::board(vec![stands(1, 0, 0), free, stands(3, 1, 45)], Vec::new());
    let Err(CaseloadRefusal::LimitReached { limit: 0, current: 0, colleagues, .. }) =
        board.assign(&wish(1, 1))
    else {
        panic!("a limit of nothing is one")
    };
    assert_eq!(colleagues.len(), 2);
    assert_eq!((colleagues[0].employee_id, colleagues[0].limit), (employee(2), None));
}

#[test]
fn pl_17_reserved_room_is_no_room_and_the_refusal_tells_how_much_it_is() {
    let reserved = Standing { reserved: 2, ..stands(1, 43, 45) };
    assert_eq!(
        (reserved.room(), reserved.has_room(), reserved.keeps_norm()),
        (Some(0), false, true)
    );
    let almost = Standing { reserved: 1, ..stands(2, 43, 45) };
    let mut board = board(vec![reserved, almost], Vec::new());
    let Err(CaseloadRefusal::LimitReached {
        limit: 45, current: 43, reserved: 2, colleagues, ..
    }) = board.assign(&wish(1, 1))
    else {
        panic!("two are to come")
    };
    assert_eq!(colleagues[0].employee_id, employee(2));
    assert!(board.assign(&wish(2, 1)).is_ok());
    let Err(CaseloadRefusal::LimitReached { current: 44, reserved: 1, .. }) =
        board.assign(&wish(2, 2))
    else {
        panic!("the last place is reserved")
    };
}

#[test]
fn cl_02_the_last_place_is_given_once() {
    let mut board = board(vec![stands(1, 44, 45)], Vec::new());
    let assigned = board.assign(&wish(1, 1)).unwrap();
    assert_eq!(assigned, Assigned { counts_as: Function::Caseworker, exception: None });
    assert_eq!(board.standings()[0].young_people, 45);
    assert_eq!(board.assign(&wish(1, 2)).unwrap_err().code(), "caseload.limit-reached");
}

#[test]
fn one_case_in_one_function_is_one_persons() {
    let mut board = board(vec![stands(1, 0, 45), stands(2, 0, 45)], Vec::new());
    board.assign(&wish(1, 1)).unwrap();
    for who in [1, 2] {
        assert_eq!(
            board.assign(&wish(who, 1)),
            Err(CaseloadRefusal::AlreadyAssigned {
                young_person_id: young(1),
                employee_id: employee(1)
            })
        );
    }
}

#[test]
fn who_does_not_do_that_or_is_gone_gets_no_case() {
    let gone = Standing { present: false, ..stands(1, 0, 45) };
    let adviser = Standing { function: Function::Adviser, ..stands(2, 0, 45) };
    let mut board = board(vec![gone, adviser], Vec::new());
    for who in 1..=3 {
        let refusal = CaseloadRefusal::NotInFunction { employee_id: employee(who) };
        assert_eq!(board.assign(&wish(who, 1)), Err(refusal));
    }
}

#[test]
fn cl_05_somebody_who_is_away_may_get_a_case() {
    let away = Standing { away: true, ..stands(1, 0, 45) };
    assert!(board(vec![away], Vec::new()).assign(&wish(1, 1)).is_ok());
}

/// A job consultant, a mentor, and one who is both.
fn mentors() -> Vec<Standing> {
    let job_consultant = |n| Standing { function: Function::JobConsultant, ..stands(n, 0, 2) };
    let mentor = |n| Standing { function: Function::Mentor, ..stands(n, 0, 5) };
    vec![job_consultant(1), mentor(2), mentor(3), job_consultant(3)]
}

#[test]
fn cl_01_a_job_consultants_mentor_function_is_part_of_their_norm() {
    let mut board = board(mentors(), Vec::new());
    let mut as_mentor = |who, whose| {
        let wish = Wish { function: Function::Mentor, ..wish(who, whose) };
        board.assign(&wish).map(|assigned| assigned.counts_as)
    };
    assert_eq!(as_mentor(1, 1), Ok(Function::JobConsultant));
    assert_eq!(as_mentor(1, 2), Ok(Function::JobConsultant));
    assert_eq!(as_mentor(1, 3).unwrap_err().code(), "caseload.limit-reached");
    assert_eq!(as_mentor(2, 3), Ok(Function::Mentor));
    assert_eq!(as_mentor(3, 4), Ok(Function::JobConsultant));
    assert_eq!(board.standing(employee(3), Function::Mentor).unwrap().young_people, 0);
    // A mentor is no job consultant.
    let wish = Wish { function: Function::JobConsultant, ..wish(2, 5) };
    assert_eq!(board.assign(&wish).unwrap_err().code(), "assignment.not-in-function");
    // Whoever is a job consultant no more counts as mentor.
    let mut standings = mentors();
    standings[3].present = false;
    let mut board = self::board(standings, Vec::new());
    let wish = Wish { function: Function::Mentor, ..self::wish(3, 1) };
    assert_eq!(board.assign(&wish).unwrap().counts_as, Function::Mentor);
}

#[test]
fn cl_05_young_people_are_counted_and_not_files() {
    let consultant = Standing { function: Function::JobConsultant, ..stands(1, 0, 1) };
    let mut board = board(vec![consultant], Vec::new());
    let consults = Wish { function: Function::JobConsultant, ..wish(1, 1) };
    let follows = Wish { function: Function::Mentor, ..wish(1, 1) };
    board.assign(&consults).unwrap();
    // Full, but it is no new one.
    board.assign(&follows).unwrap();
    assert_eq!(board.standings()[0].young_people, 1);
    assert!(board.assign(&Wish { young_person: young(2), ..follows }).is_err());

    let (consults, follows) = (
        case(1, 1, 1, Function::JobConsultant, Function::JobConsultant),
        case(2, 1, 1, Function::Mentor, Function::JobConsultant),
    );
    let consultant = Standing { function: Function::JobConsultant, ..stands(1, 1, 1) };
    let mut board = self::board(vec![consultant], vec![consults, follows]);
    assert_eq!(board.release(assignment(1)), Some(consults));
    assert_eq!(board.standings()[0].young_people, 1, "they have them as mentor");
    assert_eq!(board.release(assignment(2)), Some(follows));
    assert_eq!(board.standings()[0].young_people, 0);
    assert_eq!(board.release(assignment(2)), None);
}

#[test]
fn cl_03_an_exception_is_made_only_where_there_is_no_room_and_counts_apart() {
    let until = TODAY + Days::new(90);
    let mut board = board(vec![stands(1, 1, 2)], Vec::new());
    let beyond = |whose| Wish { exception: Some(exception(until)), ..wish(1, whose) };
    assert_eq!(board.assign(&beyond(1)).unwrap().exception, None, "there is room");
    assert_eq!(board.assign(&beyond(2)).unwrap().exception, Some(exception(until)));
    let stands = board.standings()[0].clone();
    assert_eq!((stands.young_people, stands.exceptions), (2, 1));
    assert_eq!(board.assign(&wish(1, 3)).unwrap_err().code(), "caseload.limit-reached");
}

#[test]
fn cl_03_an_exception_ends_ninety_days_on_at_most() {
    for (until, holds) in [
        (TODAY.pred_opt().unwrap(), false),
        (TODAY, true),
        (TODAY + Days::new(90), true),
        (TODAY + Days::new(91), false),
    ] {
        // Where there is room too: what is asked for is wrong.
        for current in [0, 2] {
            let mut board = board(vec![stands(1, current, 2)], Vec::new());
            let asked = board.assign(&Wish { exception: Some(exception(until)), ..wish(1, 1) });
            assert_eq!(asked.is_ok(), holds, "{until}");
            if let Err(refusal) = asked {
                let to = TODAY + Days::new(90);
                assert_eq!(refusal, CaseloadRefusal::ExceptionOutOfRange { from: TODAY, to });
            }
        }
    }
}

#[test]
fn cl_03_past_its_end_an_exception_counts_like_any_other() {
    let of = |until| Case {
        exception_until: Some(until),
        ..case(1, 1, 1, Function::Caseworker, Function::Caseworker)
    };
    // To and with its last day it counts apart, so whoever gives it away has no more room.
    for (until, young_people, exceptions, then) in
        [(TODAY, 2, 1, (2, 0)), (TODAY.pred_opt().unwrap(), 3, 0, (2, 0))]
    {
        let standing = Standing { exceptions, ..stands(1, young_people, 2) };
        let mut board = board(vec![standing], vec![of(until)]);
        board.release(assignment(1)).unwrap();
        let stands = &board.standings()[0];
        assert_eq!((stands.young_people, stands.exceptions), then, "{until}");
    }
}

#[test]
fn cl_03_one_who_is_there_by_an_exception_is_a_new_one_without_it() {
    let consultant =
        Standing { function: Function::JobConsultant, exceptions: 1, ..stands(1, 2, 2) };
    let by_exception = Case {
        exception_until: Some(TODAY),
        ..case(1, 1, 1, Function::JobConsultant, Function::JobConsultant)
    };
    let mut board = board(vec![consultant], vec![by_exception]);
    let follows = Wish { function: Function::Mentor, ..wish(1, 1) };
    assert_eq!(board.assign(&follows).unwrap_err().code(), "caseload.limit-reached");
    // By another exception they are one beyond the norm still.
    board.assign(&Wish { exception: Some(exception(TODAY)), ..follows }).unwrap();
    assert_eq!((board.standings()[0].young_people, board.standings()[0].exceptions), (2, 1));
}

#[test]
fn cl_08_two_who_are_full_swap() {
    let cases = vec![
        case(1, 1, 1, Function::Caseworker, Function::Caseworker),
        case(2, 2, 2, Function::Caseworker, Function::Caseworker),
    ];
    let mut board = board(vec![stands(1, 2, 2), stands(2, 2, 2)], cases);
    board.release(assignment(1)).unwrap();
    board.release(assignment(2)).unwrap();
    board.assign(&wish(2, 1)).unwrap();
    board.assign(&wish(1, 2)).unwrap();
    assert!(board.standings().iter().all(|one| one.young_people == 2));
}

#[test]
fn cl_07_those_over_a_norm_that_fell_keep_theirs_and_get_no_new_one() {
    let mine = case(1, 1, 1, Function::Caseworker, Function::Caseworker);
    let mut board = board(vec![stands(1, 5, 3)], vec![mine]);
    assert_eq!(board.assign(&wish(1, 2)).unwrap_err().code(), "caseload.limit-reached");
    board.release(assignment(1)).unwrap();
    assert_eq!(board.standings()[0].young_people, 4);
    assert!(board.assign(&wish(1, 2)).is_err(), "four are more than three");
}

fn possibilities(recommendation: &Recommendation) -> Vec<(EmployeeId, Possibility)> {
    let candidates = recommendation.candidates.iter();
    candidates.map(|one| (one.standing.employee, one.possibility)).collect()
}

#[test]
fn continuity_first_then_the_lowest_share_of_the_limit() {
    let standings = vec![
        stands(1, 10, 45),
        stands(2, 44, 45),
        stands(3, 5, 10),
        stands(4, 45, 45),
        Standing { away: true, ..stands(5, 0, 45) },
        Standing { present: false, ..stands(6, 0, 45) },
    ];
    let known = vec![(young(1), employee(4)), (young(1), employee(2))];
    let mut board = Board::new(TODAY, standings, Vec::new(), known);
    let first = board.recommend(young(1), Function::Caseworker);
    assert_eq!(first.employee, Some(employee(2)));
    assert_eq!(
        possibilities(&first),
        [
            (employee(2), Possibility::HasHad),
            (employee(1), Possibility::HasRoom),
            (employee(3), Possibility::HasRoom),
            (employee(4), Possibility::LimitReached),
            (employee(5), Possibility::Away),
            (employee(6), Possibility::NotPresent),
        ]
    );
    // It is taken that they do: they are full now, and have the case.
    assert_eq!(board.standing(employee(2), Function::Caseworker).unwrap().young_people, 45);
    let again = board.recommend(young(1), Function::Caseworker);
    assert_eq!(again.employee, None);
    assert_eq!(again.candidates.iter().filter(|one| one.possibility.is_possible()).count(), 0);
    let of_two = again.candidates.iter().find(|one| one.standing.employee == employee(2));
    assert_eq!(of_two.unwrap().possibility, Possibility::HasCase);
}

#[test]
fn what_is_recommended_fits_together() {
    // Five places, six young people.
    let mut board = board(vec![stands(1, 1, 3), stands(2, 3, 6)], Vec::new());
    let employees: Vec<_> =
        (1..=6).map(|n| board.recommend(young(n), Function::Caseworker).employee).collect();
    let of = |n| employees.iter().filter(|one| **one == Some(employee(n))).count();
    assert_eq!((of(1), of(2)), (2, 3));
    assert_eq!(employees[5], None);
    let nobody = board.recommend(young(7), Function::Caseworker);
    assert!(nobody.candidates.iter().all(|one| one.possibility == Possibility::LimitReached));
    assert!(board.recommend(young(7), Function::Mentor).candidates.is_empty());
}

#[test]
fn who_has_the_young_person_under_the_same_norm_can_take_them_though_full() {
    let consultant = Standing { function: Function::JobConsultant, ..stands(1, 1, 1) };
    let mine = case(1, 1, 1, Function::JobConsultant, Function::JobConsultant);
    let mut board = board(vec![consultant], vec![mine]);
    assert_eq!(board.recommend(young(1), Function::Mentor).employee, Some(employee(1)));
}

fn movement(whose: u8, on: &str, kind: MovementKind) -> Movement {
    let basis = BasisId(Uuid::from_u128(u128::from(whose)));
    Movement { young_person: young(whose), basis, on: day(on), kind }
}

#[test]
fn cl_06_each_month_tells_who_turns_comes_and_leaves_and_what_that_makes() {
    use MovementKind::{Comes, Leaves, Turns};
    let caseworker = Function::Caseworker;
    let movements = [
        // Born on 29 February 2012: 15 on 1 March 2027.
        movement(1, "2027-03-01", Turns(Age::Fifteen)),
        movement(2, "2026-11-30", Turns(Age::Eighteen)),
        movement(3, "2026-10-01", Comes(caseworker)), // waits already
        movement(4, "2026-12-01", Comes(caseworker)),
        movement(5, "2026-12-31", Leaves(caseworker)),
        movement(6, "2027-01-01", Comes(caseworker)),
        movement(7, "2027-01-15", Comes(Function::Mentor)),
        movement(8, "2027-11-01", Comes(caseworker)), // beyond
    ];
    let now = BTreeMap::from([(caseworker, 10)]);
    let room = |end: NaiveDate| if end < day("2027-06-01") { 11 } else { 10 };
    let mut capacity: BTreeMap<_, _> =
        month_ends(TODAY).into_iter().map(|end| ((end, caseworker), room(end))).collect();
    // Decided for later.
    capacity.insert((day("2027-05-31"), Function::Adviser), 0);
    let months = forecast(TODAY, &now, &movements, &capacity);
    assert_eq!(months.len(), 12);
    let expected: Vec<_> = months.iter().map(|month| month.loads[&caseworker].expected).collect();
    assert_eq!(expected, [11, 11, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12]);
    let passes: Vec<_> = months.iter().map(|month| month.loads[&caseworker].passes()).collect();
    assert_eq!(passes, [vec![false; 2], vec![true; 10]].concat());
    assert_eq!(months[7].loads[&caseworker].capacity, Some(10));
    assert_eq!(
        months[0].coming,
        [Coming { young_person: young(3), on: day("2026-10-01"), what: caseworker }]
    );
    assert_eq!(months[0].turning[0].what, Age::Eighteen);
    assert_eq!((months[1].coming.len(), months[1].leaving.len()), (1, 1));
    let march = &months[4];
    assert_eq!(march.month, Month::of(day("2027-03-15")));
    assert_eq!(
        march.turning,
        [Coming { young_person: young(1), on: day("2027-03-01"), what: Age::Fifteen }]
    );
    assert!(months[3].turning.is_empty());
    // Nobody decided a norm of mentors, and none is passed.
    assert_eq!(months[2].loads[&Function::Mentor], Load { expected: 1, capacity: None });
    assert!(!months[2].loads[&Function::Mentor].passes());
    assert!(!months[6].loads[&Function::Adviser].passes(), "nobody of none");
}

// What a unit looks like to one who keeps the whole list of cases, and counts it anew each time.

#[derive(Debug, Clone)]
enum Deed {
    Assign { who: u8, whose: u8, function: Function, exception: Option<i64> },
    Release(usize),
}

#[derive(Debug, Clone)]
struct Naive {
    posts: Vec<(u8, Function, bool, Option<u32>)>,
    /// Who, whose, function, counts as, beyond the norm until.
    cases: Vec<(u8, u8, Function, Function, Option<NaiveDate>)>,
}

impl Naive {
    fn people(&self, who: u8, post: Function, beyond: bool) -> BTreeSet<u8> {
        let of_post = self.cases.iter().filter(|case| (case.0, case.3) == (who, post));
        of_post
            .filter(|case| case.4.is_some_and(|until| until >= TODAY) == beyond)
            .map(|case| case.1)
            .collect()
    }

    fn counts(&self, who: u8, post: Function) -> (u32, u32) {
        let ordinary = self.people(who, post, false);
        let beyond = self.people(who, post, true).difference(&ordinary).count();
        (u32::try_from(ordinary.len()).unwrap(), u32::try_from(beyond).unwrap())
    }

    /// The board that is read of this.
    fn board(&self) -> Board {
        let standings = self.posts.iter().map(|&(who, function, present, limit)| {
            let (young_people, exceptions) = self.counts(who, function);
            let parts = full_time(limit);
            Standing { function, present, parts, exceptions, ..stands(who, young_people, 0) }
        });
        let cases = self
            .cases
            .iter()
            .enumerate()
            .map(|(n, of)| Case { exception_until: of.4, ..case(n, of.0, of.1, of.2, of.3) });
        board(standings.collect(), cases.collect())
    }

    fn assign(
        &mut self,
        who: u8,
        whose: u8,
        function: Function,
        until: Option<NaiveDate>,
    ) -> &'static str {
        if until.is_some_and(|until| until < TODAY || until > TODAY + Days::new(90)) {
            return "caseload.exception-out-of-range";
        }
        if self.cases.iter().any(|case| (case.1, case.2) == (whose, function)) {
            return "assignment.already-assigned";
        }
        let holds = |post| self.posts.iter().find(|one| (one.0, one.1, one.2) == (who, post, true));
        let post = match function {
            Function::Mentor => holds(Function::JobConsultant).or_else(|| holds(Function::Mentor)),
            _ => holds(function),
        };
        let Some(&(_, post, _, limit)) = post else { return "assignment.not-in-function" };
        let has = self.people(who, post, false);
        let fits = has.contains(&whose)
            || limit.is_none_or(|limit| u32::try_from(has.len()).unwrap() < limit);
        match until {
            _ if fits => self.cases.push((who, whose, function, post, None)),
            Some(until) => self.cases.push((who, whose, function, post, Some(until))),
            None => return "caseload.limit-reached",
        }
        ""
    }
}

fn deed() -> impl Strategy<Value = Deed> {
    let function =
        prop::sample::select(vec![Function::Caseworker, Function::JobConsultant, Function::Mentor]);
    let exception = option::weighted(0.3, prop_oneof![9 => 0..=90_i64, 1 => -2..=100_i64]);
    let assign =
        (0..3_u8, 0..8_u8, function, exception).prop_map(|(who, whose, function, exception)| {
            Deed::Assign { who, whose, function, exception }
        });
    prop_oneof![3 => assign, 1 => (0..12_usize).prop_map(Deed::Release)]
}

proptest! {
    #[test]
    fn cl_02_cl_03_cl_05_the_board_decides_and_counts_as_a_simple_list(
        posts in vec((any::<bool>(), option::weighted(0.9, 0..4_u32), any::<bool>()), 9),
        deeds in vec(deed(), 1..60),
    ) {
        const POSTS: [Function; 3] = [Function::Caseworker, Function::JobConsultant, Function::Mentor];
        let held = posts.iter().enumerate().filter(|(_, (_, _, held))| *held).map(|(n, (gone, limit, _))| {
            (u8::try_from(n / 3).unwrap(), POSTS[n % 3], !*gone || n % 3 == 0, *limit)
        });
        let mut naive = Naive { posts: held.collect(), cases: Vec::new() };
        let mut board = naive.board();
        for deed in deeds {
            match deed {
                Deed::Assign { who, whose, function, exception: until } => {
                    let until = until.map(|days| TODAY + chrono::TimeDelta::days(days));
                    let expected = naive.assign(who, whose, function, until);
                    let exception = until.map(exception);
                    let told = board.assign(&Wish { function, exception, ..wish(who, whose) });
                    let (code, made) = match &told {
                        Ok(made) => ("", Some(made)),
                        Err(refusal) => (refusal.code(), None),
                    };
                    prop_assert_eq!(code, expected);
                    if let Some(made) = made {
                        let last = naive.cases.last().unwrap();
                        let until = made.exception.as_ref().map(|exception| exception.until);
                        prop_assert_eq!((made.counts_as, until), (last.3, last.4));
                    }
                    if let Err(CaseloadRefusal::LimitReached { limit, current, colleagues, .. }) = told {
                        prop_assert!(current >= limit);
                        for one in colleagues {
                            let wish = Wish { employee: one.employee_id, function, exception: None, ..wish(who, whose) };
                            prop_assert!(board.clone().assign(&wish).is_ok(), "{one:?} has no room");
                        }
                    }
                }
                Deed::Release(n) if n < naive.cases.len() => {
                    // As it is read anew: each case has its id.
                    board = naive.board();
                    let (who, ..) = naive.cases.remove(n);
                    let released = board.release(assignment(n)).unwrap();
                    prop_assert_eq!(released.employee, employee(who));
                }
                Deed::Release(_) => {}
            }
            for &(who, post, ..) in &naive.posts {
                let standing = board.standing(employee(who), post).unwrap();
                prop_assert_eq!((standing.young_people, standing.exceptions), naive.counts(who, post));
            }
        }
    }
}
