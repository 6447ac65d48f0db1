//! The HTTP edge: one folder per capability, one file per operation. Who is calling, problems, `OpenAPI`.

mod absence;
mod access;
mod body;
mod caller;
mod caseload;
mod clock;
mod conditional;
mod corrections;
mod courses;
mod day;
mod deadlines;
mod edge;
mod education_and_work;
mod fair;
mod guardians;
mod headers;
mod health;
mod hotline;
mod interventions;
mod journal;
mod language;
mod meetings;
mod months;
mod on_day;
pub mod openapi;
mod organisation;
mod origin;
mod outside_parties;
mod page;
pub mod passwords;
mod plans;
pub mod problem;
mod public;
mod query;
mod residence;
mod responses;
mod rights;
mod schema;
mod session;
mod target_groups;
mod tasks;
pub mod text;
mod throttle;
pub mod tokens;
mod transitions;
mod young_people;

pub use clock::{Clock, MOST_SKEW, Skew};
pub use edge::{Edge, Shared};
pub use origin::{Network, NotANetwork, TrustedProxies};
pub use throttle::Throttle;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, PathConfig};
use actix_web::{App, Error, HttpRequest, HttpResponse};
use persistence::vault::Vault;
use persistence::{Store, StoreSettings};
use std::sync::Arc;
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::scope;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::SwaggerUi;

/// The only route table: whatever is registered here is in the `OpenAPI` document, and in the tests that
/// walk it.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(health::live)
        .service(health::ready)
        .service(public::key_set)
        .service(public::explain_problem)
        .service(public::openapi_document)
        .service(
            scope("/api/v1")
                .service(session::sign_in::sign_in)
                .service(session::refresh::refresh_session)
                .service(session::sign_out::sign_out)
                .service(session::me::me)
                .service(session::change_password::change_password)
                .configure(organisation_routes)
                .configure(young_people_routes)
                .configure(life_routes)
                .configure(target_group_routes)
                .configure(plan_routes)
                .configure(intervention_routes)
                .configure(course_routes)
                .configure(caseload_routes)
                .configure(unit_caseload_routes)
                .configure(task_routes)
                .configure(deadline_routes)
                .configure(correction_routes)
                .configure(journal_routes)
                .configure(outside_party_routes)
                .configure(hotline_routes)
                .configure(meeting_routes)
                .configure(transition_routes)
                .configure(meeting_calendar_routes),
        );
}

fn organisation_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(organisation::list_units::list_units)
        .service(organisation::list_employees::list_employees)
        .service(organisation::employ::employ)
        .service(organisation::give_role::give_role)
        .service(organisation::end_role::end_role)
        .service(organisation::tell_telephone::tell_telephone)
        .service(organisation::deactivate::deactivate_employee)
        .service(organisation::reactivate::reactivate_employee)
        .service(organisation::end_employment::end_employment)
        .service(organisation::reset_password::reset_password)
        .service(rights::list::list_rights_requests)
        .service(rights::read::read_rights_request)
        .service(rights::confirm::confirm_rights_request)
        .service(rights::refuse::refuse_rights_request);
}

fn young_people_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(young_people::register::register_young_person)
        .service(young_people::list::list_young_people)
        .service(young_people::search::search_young_people)
        .service(young_people::look_up::look_up_young_person)
        .service(young_people::get::read_young_person)
        .service(young_people::amend::amend_young_person)
        .service(young_people::read_cpr::read_cpr)
        .service(young_people::case_file::read_case_file)
        .service(young_people::timeline::read_timeline)
        .service(access::widen::widen_access);
}

fn life_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(education_and_work::list::list_education_and_work)
        .service(education_and_work::record::record_episode)
        .service(education_and_work::tell_days::tell_episode_days)
        .service(residence::list::list_residence)
        .service(residence::tell::tell_residence)
        .service(guardians::list::list_guardians)
        .service(guardians::record::record_guardian)
        .service(guardians::amend::amend_guardian);
}

fn transition_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(transitions::list_legal_bases::list_legal_bases)
        .service(transitions::list_support_needs::list_support_needs)
        .service(transitions::tell_support_need::tell_support_need)
        .service(transitions::end_support_need::end_support_need)
        .service(transitions::list::list_transition_needs)
        .service(transitions::window_demand::read_window_demand)
        .service(transitions::raise::raise_transition_need)
        .service(transitions::read::read_transition_need)
        .service(transitions::judge::judge_transition_need)
        .service(transitions::refer::refer_transition_need)
        .service(transitions::committee::tell_aftercare_committee)
        .service(transitions::agree_responsibility::agree_responsibility)
        .service(transitions::accept::accept_transition_need)
        .service(transitions::read_responsibility::read_responsibility)
        .service(transitions::decide_responsibility::decide_responsibility)
        .service(transitions::end_responsibility::end_responsibility)
        .service(transitions::list_handovers::list_education_handovers)
        .service(transitions::hand_over_to_education::hand_over_to_education)
        .service(transitions::receive_handover::receive_education_handover);
}

fn target_group_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(target_groups::record_benefit::record_benefit)
        .service(target_groups::list_benefits::list_benefits)
        .service(target_groups::end_benefit::end_benefit)
        .service(target_groups::lead_benefit::lead_benefit)
        .service(target_groups::assess_readiness::assess_readiness)
        .service(target_groups::list_readiness::list_readiness)
        .service(target_groups::read_target_group::read_target_group)
        .service(target_groups::record_sanction::record_sanction)
        .service(target_groups::list_sanctions::list_sanctions)
        .service(target_groups::list_follow_ups::list_follow_ups)
        .service(target_groups::take_state::take_state);
}

fn plan_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(plans::open::open_plan)
        .service(plans::get::read_plan)
        .service(plans::amend::amend_plan)
        .service(plans::activate::activate_plan)
        .service(plans::close::close_plan)
        .service(plans::add_goal::add_goal)
        .service(plans::get_goal::read_goal)
        .service(plans::amend_goal::amend_goal)
        .service(plans::add_participant::add_participant)
        .service(plans::end_participation::end_participation)
        .service(plans::set_contact_person::set_contact_person)
        .service(plans::set_coordinator::set_coordinator)
        .service(plans::link::link_plan)
        .service(plans::tell_progress::tell_progress)
        .service(plans::progress::read_progress)
        .service(plans::measure_indicators::measure_indicators)
        .service(plans::indicators::read_indicators)
        .service(plans::hold_review::hold_review)
        .service(plans::list_reviews::list_reviews);
}

fn intervention_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(interventions::list_catalogue::list_catalogue)
        .service(interventions::read_catalogue_entry::read_catalogue_entry)
        .service(interventions::put_catalogue_entry::put_catalogue_entry)
        .service(interventions::places::read_places)
        .service(interventions::set_places::set_places)
        .service(interventions::refer::refer_intervention)
        .service(interventions::get::read_intervention)
        .service(interventions::start::start_intervention)
        .service(interventions::offer::offer_place)
        .service(interventions::decline::decline_intervention)
        .service(interventions::withdraw::withdraw_intervention)
        .service(interventions::end::end_intervention)
        .service(interventions::accept::accept_referral)
        .service(interventions::refuse::refuse_referral)
        .service(interventions::prioritise::prioritise_referral)
        .service(interventions::extend::extend_intervention)
        .service(interventions::attend::record_attendance)
        .service(interventions::attendance::read_attendance)
        .service(interventions::assess_intake::assess_intake)
        .service(interventions::list_assessments::list_assessments);
}

fn course_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(courses::set_company::set_company)
        .service(courses::tell_hours::tell_hours)
        .service(courses::set_schedule::set_schedule)
        .service(courses::set_up_group::set_up_group)
        .service(courses::change_group::change_group)
        .service(courses::list_groups::list_groups)
        .service(courses::read_group::read_group)
        .service(courses::add_member::add_member)
        .service(courses::end_membership::end_membership)
        .service(courses::combination::read_combination)
        .service(courses::plan_clashes::list_clashes);
}

fn caseload_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(caseload::assign::assign_case)
        .service(caseload::assign_many::assign_cases)
        .service(caseload::list::list_assignments)
        .service(caseload::read::read_assignment)
        .service(caseload::end::end_assignment)
        .service(caseload::reopen::reopen_assignment)
        .service(caseload::hand_over::hand_over)
        .service(caseload::what_if::what_if)
        .service(caseload::recommend::recommend)
        .service(caseload::put_into_intake::put_into_intake)
        .service(caseload::read_intake_entry::read_intake_entry)
        .service(caseload::withdraw_from_intake::withdraw_from_intake);
}

fn unit_caseload_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(caseload::norms::read_norms)
        .service(caseload::decide_norm::decide_norm)
        .service(caseload::list_terms::list_caseload_terms)
        .service(caseload::agree_terms::agree_caseload_terms)
        .service(caseload::list_cover::list_cover)
        .service(caseload::decide_cover::decide_cover)
        .service(caseload::read_cover::read_cover)
        .service(caseload::end_cover::end_cover)
        .service(caseload::overview::read_caseload)
        .service(caseload::mine::my_caseload)
        .service(caseload::intake::list_intake)
        .service(caseload::forecast::read_forecast);
}

fn task_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(tasks::list::list_tasks)
        .service(tasks::read::read_task)
        .service(tasks::complete::complete_task)
        .service(tasks::exempt::exempt_task);
}

fn deadline_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(deadlines::list_rules::list_deadline_rules)
        .service(deadlines::list_school_holidays::list_school_holidays)
        .service(deadlines::unit_deadlines::read_unit_deadlines)
        .service(deadlines::list_gaps::list_gaps)
        .service(deadlines::exempt_plan::exempt_plan)
        .service(deadlines::list_plan_exemptions::list_plan_exemptions)
        .service(deadlines::start_activity_clocks::start_activity_clocks)
        .service(absence::report::report_absences)
        .service(absence::list::list_absences);
}

fn correction_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(corrections::correct::correct)
        .service(corrections::list::list_corrections)
        .service(corrections::merge::merge_young_people)
        .service(corrections::list_merges::list_merges)
        .service(corrections::undo_merge::undo_merge);
}

fn journal_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(journal::write_conversation::write_conversation)
        .service(journal::list_conversations::list_conversations)
        .service(journal::read_conversation::read_conversation)
        .service(journal::correct_conversation::correct_conversation)
        .service(journal::write_note::write_note)
        .service(journal::list_notes::list_notes)
        .service(journal::read_note::read_note)
        .service(journal::correct_note::correct_note)
        .service(journal::face_to_face::read_face_to_face);
}

fn outside_party_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(outside_parties::give_education_order::give_education_order)
        .service(outside_parties::list_education_orders::list_education_orders)
        .service(outside_parties::receive_education_order::receive_education_order)
        .service(outside_parties::send_support_remark::send_support_remark)
        .service(outside_parties::list_support_remarks::list_support_remarks)
        .service(outside_parties::receive_support_remark::receive_support_remark)
        .service(outside_parties::answer_support_remark::answer_support_remark)
        .service(outside_parties::name_participant::name_external_participant)
        .service(outside_parties::list_participants::list_external_participants)
        .service(outside_parties::tell_participant::tell_external_participant)
        .service(outside_parties::withdraw_consent::withdraw_consent)
        .service(outside_parties::end_participant::end_external_participant);
}

fn hotline_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(hotline::log::log_contact)
        .service(hotline::list::list_contacts)
        .service(hotline::search::search_contacts)
        .service(hotline::read::read_contact)
        .service(hotline::read_caller::read_caller)
        .service(hotline::card::read_card)
        .service(hotline::take::take_contact)
        .service(hotline::answer::answer_contact)
        .service(hotline::close::close_contact)
        .service(hotline::reopen::reopen_contact)
        .service(hotline::link::link_contact)
        .service(hotline::correct::correct_contact)
        .service(hotline::assess_concern::assess_concern)
        .service(hotline::receipt_concern::receipt_concern)
        .service(hotline::list_passed_on::list_passed_on);
}

fn meeting_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(meetings::call::call_meeting)
        .service(meetings::list::list_meetings)
        .service(meetings::read_calendar::read_meeting_calendar)
        .service(meetings::read::read_meeting)
        .service(meetings::move_meeting::move_meeting)
        .service(meetings::cancel::cancel_meeting)
        .service(meetings::hold::hold_meeting)
        .service(meetings::invite::invite_to_meeting)
        .service(meetings::excuse::excuse_participant)
        .service(meetings::send_minutes::send_minutes)
        .service(meetings::register_pregnancy::register_pregnancy)
        .service(meetings::list_pregnancies::list_pregnancies)
        .service(meetings::protect_place::protect_meeting_place)
        .service(meetings::tell_birth::tell_birth)
        .service(meetings::end_pregnancy::end_pregnancy)
        .service(meetings::call_network::call_network_meeting);
}

fn meeting_calendar_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(meetings::tell_room::tell_meeting_room)
        .service(meetings::list_rooms::list_meeting_rooms)
        .service(meetings::set_window::set_meeting_window)
        .service(meetings::list_windows::list_meeting_windows)
        .service(meetings::offer_slots::offer_meeting_slots)
        .service(meetings::list_slots::list_meeting_slots)
        .service(meetings::withdraw_room::withdraw_meeting_room)
        .service(meetings::withdraw_window::withdraw_meeting_window)
        .service(meetings::withdraw_slot::withdraw_meeting_slot)
        .service(meetings::subscribe::subscribe_calendar)
        .service(meetings::withdraw_subscription::withdraw_calendar)
        .service(meetings::subscribed_calendar::read_subscribed_calendar);
}

/// One worker's application. Each worker has an edge of its own, and so pools of its own (D-15).
pub fn app(
    settings: StoreSettings,
    vault: Arc<Vault>,
    shared: Shared,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = Error,
        InitError = (),
    >,
> {
    let (app, _) = App::new().into_utoipa_app().configure(routes).split_for_parts();
    app.data_factory(move || {
        let edge =
            Store::new(&settings, Arc::clone(&vault)).map(|store| Edge::new(store, shared.clone()));
        async move { edge }
    })
    .app_data(
        PathConfig::default().error_handler(|_, request| openapi::nothing_here(request).into()),
    )
    .service(
        SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json")),
    )
    .service(web::redirect("/docs", "/docs/"))
    .default_service(web::to(async |request: HttpRequest| {
        Err::<HttpResponse, _>(openapi::nothing_here(&request))
    }))
    .wrap(from_fn(problem::render))
}
