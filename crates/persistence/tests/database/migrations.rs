//! Every migration goes up and down and up again; none reads the clock, forgets an index, or loses the
//! name of a rule.

use crate::sql::Prompt;
use insta::assert_snapshot;
use persistence::migrations;
use std::fs;
use std::path::Path;
use test_support::TestDatabase;

async fn catalogue(database: &TestDatabase) -> Vec<String> {
    Prompt::of_admin(database).await.column(include_str!("catalogue.sql")).await
}

#[tokio::test]
async fn what_goes_up_comes_down_and_goes_up_the_same() {
    let database = TestDatabase::new().await;
    let before = catalogue(&database).await;
    assert!(before.len() > 300, "the catalogue is read");

    migrations::revert_all(&database.admin_url()).await.unwrap();
    assert_eq!(catalogue(&database).await, [""; 0], "nothing of ours is left");

    migrations::run(&database.admin_url()).await.unwrap();
    let after = catalogue(&database).await;
    let lost: Vec<_> = before.iter().filter(|line| !after.contains(line)).collect();
    let gained: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
    assert!(lost.is_empty() && gained.is_empty(), "lost {lost:#?}, gained {gained:#?}");
}

#[test]
fn no_migration_reads_the_clock() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let clocks = [
        "now()",
        "current_date",
        "current_time",
        "localtime",
        "clock_timestamp",
        "statement_timestamp",
        "transaction_timestamp",
        "timeofday",
    ];
    let folders = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir());
    for migration in folders {
        let text = fs::read_to_string(migration.join("up.sql")).unwrap();
        let text = text.to_lowercase().replace("acting_now()", "");
        for clock in clocks {
            assert!(!text.contains(clock), "{clock} stands in:\n{text}");
        }
    }
}

/// What is referred to from everywhere, and by no role of ours ever deleted or given another id: an
/// index would only ever be written.
const NEVER_REMOVED: [&str; 2] = ["unit", "employee"];

#[tokio::test]
async fn every_foreign_key_has_an_index() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let without_index = admin
        .rows(
            "SELECT confrelid::regclass, format('%s (%s)', conrelid::regclass, string_agg(attname, ', ' ORDER BY position))
               FROM pg_constraint c
              CROSS JOIN LATERAL unnest(conkey) WITH ORDINALITY k (attnum, position)
               JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = k.attnum
              WHERE contype = 'f' AND NOT EXISTS (SELECT FROM pg_index i
                    WHERE i.indrelid = conrelid AND i.indkey[0] = conkey[1] AND i.indisvalid
                      AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid)
                           = (SELECT format('(%I IS NOT NULL)', attname) FROM pg_attribute
                               WHERE attrelid = conrelid AND attnum = conkey[1])))
              GROUP BY c.oid, confrelid, conrelid ORDER BY 2",
        )
        .await;
    let forgotten: Vec<_> =
        without_index.iter().filter(|row| !NEVER_REMOVED.contains(&row[0].as_str())).collect();
    assert!(forgotten.is_empty(), "{forgotten:#?}");

    for table in NEVER_REMOVED {
        let removing = format!(
            "SELECT count(*) FROM unnest('{{enplan_app,enplan_worker,enplan_figures}}'::text[]) role
              WHERE has_table_privilege(role, '{table}', 'DELETE, TRUNCATE')"
        );
        assert_eq!(admin.value(&removing).await, "0", "{table} is never removed");
    }
}

/// E1: no row holds a day that something later could not read or count with. Days are the columns of type
/// `date`; a constraint `…_in_calendar` bounds them.
#[tokio::test]
async fn e1_every_day_is_one_of_the_calendar() {
    let database = TestDatabase::new().await;
    let admin = Prompt::of_admin(&database).await;
    let (bounded, forgotten) = ("c.oid IS NOT NULL", "c.oid IS NULL");
    let days = |which: &str| {
        format!(
            "SELECT format('%s.%s', t.oid::regclass, a.attname)
               FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.atttypid = 'date'::regtype
               LEFT JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'c' AND c.conkey = ARRAY[a.attnum]
                    AND pg_get_constraintdef(c.oid) LIKE '%1900-01-01%2199-12-31%'
              WHERE t.relkind IN ('r', 'p') AND t.relnamespace = 'public'::regnamespace AND {which} ORDER BY 1"
        )
    };
    assert_eq!(admin.column(&days(forgotten)).await, [""; 0]);
    assert!(admin.column(&days(bounded)).await.len() > 30);
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a line for each rule")]
async fn every_rule_that_the_database_keeps_has_its_code() {
    let database = TestDatabase::new().await;
    let codes = Prompt::of_admin(&database)
        .await
        .column(
            "SELECT format('%s: constraint of %s', conname, conrelid::regclass)
               FROM pg_constraint WHERE conname LIKE '%.%'
             UNION ALL SELECT format('%s: index of %s', i.relname, x.indrelid::regclass)
               FROM pg_index x JOIN pg_class i ON i.oid = indexrelid
              WHERE i.relname LIKE '%.%' AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
             UNION SELECT format('%s: raised by %s()', raised[1], proname)
               FROM pg_proc CROSS JOIN LATERAL regexp_matches(prosrc, '''([a-z-]+\\.[a-z-]+)''', 'g') raised
              WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
              ORDER BY 1",
        )
        .await;
    assert_snapshot!(codes.join("\n"), @"
    access.holder-not-operational: raised by access_basis_holder_operates()
    access.not-passed-on: raised by access_never_grows()
    activity-clock.age-out-of-range: raised by activity_clock_may_start()
    activity-clock.already-running: raised by activity_clock_may_start()
    assignment.already-assigned: index of assignment
    assignment.already-assigned: raised by intake_entry_waits()
    assignment.ended: raised by assignment_stays_ended()
    assignment.not-in-function: raised by assignment_keeps_the_norm()
    benefit.leading-missing: raised by benefits_are_led()
    benefit.overlap: constraint of benefit_episode
    caseload.day-past: raised by caseload_day_is_not_past()
    caseload.exception-out-of-range: constraint of assignment
    caseload.exception-out-of-range:acceptance: constraint of responsibility_agreement
    caseload.limit-reached: raised by acceptance_reserves_room()
    caseload.limit-reached: raised by assignment_keeps_the_norm()
    catalogue.places-held: raised by places_are_not_taken_away()
    company.cvr-invalid: constraint of intervention_company
    correction.coordination-passed: raised by passed_agreement_stays()
    cover.already-covered: constraint of cover
    cover.days-out-of-range: constraint of cover
    disclosure.already-answered: raised by is_answered_once()
    disclosure.already-received: raised by is_received_once()
    disclosure.day-out-of-range: constraint of education_handover
    disclosure.day-out-of-range: constraint of education_order
    disclosure.day-out-of-range: constraint of support_remark
    disclosure.day-out-of-range: raised by is_answered_once()
    disclosure.day-out-of-range: raised by is_received_once()
    employee.employment-ended: constraint of employee
    employee.employment-ended: raised by employee_keeps_the_norm()
    employee.employment-ended: raised by rights_request_is_new()
    employee.has-open-cases: raised by employee_keeps_the_norm()
    employee.last-administrator: raised by an_administrator_remains()
    employee.own-rights: constraint of rights_request
    employee.own-rights:confirmed: constraint of rights_request
    employee.role-already-held: constraint of employee_role
    employee.role-already-held: raised by rights_request_is_new()
    employee.username-taken: constraint of employee
    episode.already-told: raised by episode_days_stay()
    episode.days-contradict: constraint of education_and_work
    external-participant.ended: raised by external_disclosure_has_a_basis()
    external-participant.ended: raised by external_participant_ends()
    external-participant.no-basis: raised by external_disclosure_has_a_basis()
    external-participant.no-consent: raised by external_participant_ends()
    follow-up.already-taken: constraint of follow_up
    follow-up.not-left: raised by follow_up_was_left()
    follow-up.too-early: constraint of follow_up
    goal.progress-already-told: constraint of goal_progress
    group.already-member: constraint of group_member
    group.another-offer: raised by group_has_room()
    group.another-provider: constraint of group_member
    group.full: raised by group_has_room()
    group.members-beyond: raised by group_keeps_its_members()
    group.over: raised by group_keeps_its_members()
    guardian.of-age: raised by guardian_of_a_minor()
    guardian.of-age: raised by meeting_party_may_be_called()
    hotline.concern-of-age: raised by concern_about_a_minor()
    hotline.concern-unhandled: constraint of hotline_contact
    hotline.moment-out-of-range: constraint of hotline_contact
    hotline.step-not-allowed: raised by hotline_contact_takes_a_step()
    intake.already-waiting: index of intake_entry
    intervention.already-running: index of intervention
    intervention.already-running:company: index of intervention_company
    intervention.assessment-missing: raised by intervention_may_start()
    intervention.company-missing: raised by intervention_has_a_company()
    intervention.day-out-of-range: raised by absence_of_what_runs()
    intervention.day-out-of-range: raised by attendance_of_a_started_day()
    intervention.day-out-of-range: raised by intervention_ends_after_presence()
    intervention.no-place: raised by intervention_has_a_place()
    intervention.not-accepted: raised by intervention_may_start()
    intervention.reason-needed: raised by intervention_has_a_reason()
    intervention.step-not-allowed: raised by absence_of_what_runs()
    intervention.step-not-allowed: raised by intervention_takes_a_step()
    intervention.step-not-allowed: raised by part_of_what_runs()
    journal.moment-out-of-range: constraint of journal_entry
    legal-basis.not-valid: raised by decision_stands_on_law()
    legal-basis.not-valid: raised by responsibility_stands_on_law()
    legal-basis.not-valid: raised by support_need_stands_on_law()
    meeting-calendar.in-use: raised by meeting_calendar_is_withdrawn()
    meeting-calendar.withdrawn: raised by meeting_calendar_is_withdrawn()
    meeting-calendar.withdrawn: raised by meeting_is_ahead()
    meeting-room.already-told: index of meeting_room
    meeting-slot.overlaps: constraint of meeting_slot
    meeting-slot.time-out-of-range: constraint of meeting_slot
    meeting-slot.time-out-of-range: raised by meeting_slot_lies_in_window()
    meeting-window.days-out-of-range: constraint of meeting_window
    meeting-window.overlaps: constraint of meeting_window
    meeting-window.two-a-year: raised by meeting_windows_are_two()
    meeting.absence-without-reason: constraint of meeting_participant
    meeting.already-booked: index of meeting
    meeting.already-booked:network: index of meeting
    meeting.double-booked:employee: constraint of meeting_participant
    meeting.double-booked:room: constraint of meeting
    meeting.double-booked:young-person: constraint of meeting
    meeting.not-begun: constraint of meeting
    meeting.not-complete: raised by meeting_is_held_wholly()
    meeting.outside-window: constraint of meeting
    meeting.outside-window: raised by meeting_is_ahead()
    meeting.step-not-allowed: raised by attendance_stays()
    meeting.step-not-allowed: raised by meeting_is_voided()
    meeting.step-not-allowed: raised by meeting_takes_a_step()
    meeting.step-not-allowed: raised by part_of_meeting()
    meeting.time-out-of-range: constraint of meeting
    meeting.time-out-of-range: raised by meeting_is_ahead()
    meeting.without-young-person: raised by meeting_party_may_be_called()
    meeting.young-person-not-invited: raised by meeting_is_held_wholly()
    network-meeting.already-registered: index of pregnancy
    network-meeting.day-out-of-range: constraint of pregnancy
    participation.interventions-running: raised by participant_leaves_nothing_running()
    plan.already-open: index of plan
    plan.already-participating: index of plan_participant
    plan.closed: raised by intervention_in_open_plan()
    plan.closed: raised by plan_is_open()
    plan.closed: raised by plan_stays_closed()
    plan.contact-person-not-offered: raised by plan_is_complete()
    plan.coordinator-missing: raised by plan_is_complete()
    plan.coordinator-without-case: raised by coordinator_keeps_the_case()
    plan.day-out-of-range: raised by plan_day_fits()
    plan.department-missing: raised by plan_is_complete()
    plan.exemption-out-of-range: constraint of plan_exemption
    plan.interventions-running: raised by plan_leaves_nothing_running()
    plan.not-active: raised by intervention_may_begin()
    plan.not-ready: raised by plan_is_complete()
    plan.review-out-of-range: constraint of plan
    plan.review-overdue: raised by overdue_review_is_held()
    plan.step-not-allowed: raised by plan_stays_closed()
    residence.already-told: constraint of residence
    responsibility.already-accepted: raised by agreement_takes_a_step()
    responsibility.already-agreed: index of responsibility_agreement
    responsibility.already-held: constraint of statutory_responsibility
    responsibility.days-contradict: constraint of responsibility_agreement
    responsibility.not-accepted: raised by coordination_was_accepted()
    responsibility.not-the-receiver: raised by agreement_takes_a_step()
    responsibility.other-department: raised by agreement_takes_a_step()
    responsibility.other-department: raised by responsibility_stands_on_law()
    rights-request.already-pending: constraint of rights_request
    rights-request.own-request: constraint of rights_request
    sanction.day-out-of-range: raised by sanction_lies_within()
    sanction.day-out-of-range: raised by sanctions_stay_within()
    support-need.already-told: constraint of support_need
    support-need.days-contradict: raised by support_need_stands_on_law()
    target-group.not-defined: raised by target_group_is_defined()
    transition-need.age-out-of-range: raised by transition_need_of_a_minor()
    transition-need.already-open: index of transition_need
    transition-need.committee-missing: raised by transition_need_takes_a_step()
    transition-need.committee-told: constraint of transition_committee
    transition-need.in-preparation: raised by transition_need_takes_a_step()
    transition-need.not-exempt: raised by transition_need_takes_a_step()
    transition-need.step-not-allowed: raised by agreement_takes_a_step()
    transition-need.step-not-allowed: raised by committee_of_open_need()
    transition-need.step-not-allowed: raised by referral_of_exempt_need()
    transition-need.step-not-allowed: raised by transition_need_takes_a_step()
    transition-referral.already-made: constraint of transition_referral
    transition-referral.other-department: raised by referral_of_exempt_need()
    unit.code-taken: constraint of unit
    version.stale:caseload-norm: constraint of caseload_norm
    young-person.age-out-of-range: constraint of young_person
    young-person.already-registered: index of person_identifier
    ");
}
