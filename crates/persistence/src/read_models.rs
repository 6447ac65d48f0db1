//! The read views of the migrations, as diesel sees them. Their columns are told not to be NULL where
//! the view's definition makes it so, which the catalogue does not know of views.

diesel::table! {
    /// An intervention with the names that go with it.
    intervention_file (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        basis_id -> Uuid,
        information_area -> Int4,
        catalogue_code -> Nullable<Text>,
        title -> Text,
        area -> Text,
        providing_unit_id -> Uuid,
        providing_unit_code -> Text,
        providing_unit_name -> Text,
        state -> Text,
        planned_start -> Date,
        planned_end -> Nullable<Date>,
        responsible_id -> Uuid,
        responsible_name -> Text,
        reason -> Nullable<Text>,
        referred_at -> Timestamptz,
        offered_at -> Nullable<Timestamptz>,
        offer_expires_on -> Nullable<Date>,
        started_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        declined_by -> Nullable<Text>,
        declined_on -> Nullable<Date>,
        decline_reason -> Nullable<Text>,
        answer_by -> Nullable<Date>,
        accepted_on -> Nullable<Date>,
        acceptance_reason -> Nullable<Text>,
        priority -> Int4,
        priority_reason -> Nullable<Text>,
        note -> Nullable<Text>,
        carried_on_by_id -> Nullable<Uuid>,
        version -> Int8,
        place_in_line -> Nullable<Int8>,
        extensions -> Json,
        course -> Json,
    }
}

diesel::table! {
    /// A goal with the latest score of each voice.
    goal_file (id) {
        id -> Uuid,
        plan_id -> Uuid,
        area -> Text,
        wished_result -> Text,
        target_date -> Date,
        result -> Nullable<Text>,
        set_at -> Timestamptz,
        version -> Int8,
        young_person_score -> Nullable<Int2>,
        professional_score -> Nullable<Int2>,
    }
}

diesel::table! {
    /// A conversation or a note with its corrections.
    journal_file (id) {
        id -> Uuid,
        kind -> Text,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        writing_unit_name -> Text,
        took_place_at -> Timestamptz,
        form -> Nullable<Text>,
        minutes -> Nullable<Int2>,
        took_part -> Nullable<Array<Text>>,
        young_person_took_part -> Nullable<Bool>,
        text -> Text,
        entered_by_id -> Uuid,
        entered_by -> Text,
        entered_at -> Timestamptz,
        corrections -> Json,
    }
}

diesel::table! {
    /// A contact of the hotline, and what was written to it later.
    hotline_file (id) {
        id -> Uuid,
        young_person_id -> Nullable<Uuid>,
        basis_id -> Nullable<Uuid>,
        areas -> Nullable<Int4>,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        writing_unit_name -> Text,
        caller_kind -> Nullable<Text>,
        institution_id -> Nullable<Uuid>,
        institution_name -> Nullable<Text>,
        channel -> Text,
        topic -> Text,
        urgency -> Text,
        summary -> Text,
        called_at -> Timestamptz,
        logged_at -> Timestamptz,
        logged_by_id -> Uuid,
        logged_by -> Text,
        only_information -> Bool,
        plan_not_followed -> Bool,
        earlier_contact_id -> Nullable<Uuid>,
        shown_to -> Nullable<Text>,
        concern -> Nullable<Text>,
        assess_by -> Nullable<Timestamptz>,
        assessed_at -> Nullable<Timestamptz>,
        receipt_by -> Nullable<Date>,
        receipted_at -> Nullable<Timestamptz>,
        due_at -> Timestamptz,
        state -> Text,
        owner_id -> Nullable<Uuid>,
        owner_name -> Nullable<Text>,
        taken_at -> Nullable<Timestamptz>,
        answered_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        version -> Int8,
        past_due -> Array<Text>,
        entries -> Json,
    }
}

diesel::table! {
    /// A plan with its roles, goals, participants and links.
    plan_file (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        basis_id -> Uuid,
        state -> Text,
        purpose -> Text,
        own_words -> Nullable<Text>,
        own_words_absent -> Nullable<Text>,
        previous_plan_id -> Nullable<Uuid>,
        opened_at -> Timestamptz,
        activated_at -> Nullable<Timestamptz>,
        next_review_on -> Nullable<Date>,
        closed_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        outcome_note -> Nullable<Text>,
        version -> Int8,
        last_review_on -> Nullable<Date>,
        coordinating_department -> Nullable<Text>,
        roles -> Json,
        goals -> Json,
        participants -> Json,
        links -> Json,
    }
}

diesel::table! {
    /// All the caller may see of one young person.
    case_file (id) {
        id -> Uuid,
        basis_id -> Uuid,
        areas -> Int4,
        given_name -> Text,
        family_name -> Text,
        birth_date -> Date,
        registered_at -> Timestamptz,
        version -> Int8,
        identifier_kind -> Nullable<Text>,
        plan -> Nullable<Json>,
        interventions -> Json,
        tasks -> Json,
        assignments -> Json,
        hidden_areas -> Int4,
        target_group -> Nullable<Int4>,
    }
}

diesel::table! {
    /// Who acts in this transaction.
    acting (session_state) {
        employee_id -> Nullable<Uuid>,
        session_state -> Text,
        roles -> Text,
    }
}

diesel::table! {
    /// An assignment, with what whoever takes it over needs to know first.
    assignment_file (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        basis_id -> Uuid,
        areas -> Int4,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        unit_id -> Uuid,
        unit_name -> Text,
        employee_id -> Uuid,
        employee_name -> Text,
        function -> Text,
        began_at -> Timestamptz,
        planned_end -> Nullable<Date>,
        note -> Nullable<Text>,
        exception_reason -> Nullable<Text>,
        exception_until -> Nullable<Date>,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
        version -> Int8,
        in_intake -> Bool,
        changes -> Int8,
        next_task_due -> Nullable<Date>,
        overdue_tasks -> Int8,
        next_review_on -> Nullable<Date>,
        started_interventions -> Int8,
        last_conversation_at -> Nullable<Timestamptz>,
    }
}
