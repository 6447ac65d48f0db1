// Generated from the migrations; the test `schema` fails when it differs, and rewrites it with UPDATE_SCHEMA=1.

diesel::table! {
    absence (id) {
        id -> Uuid,
        intervention_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        from_day -> Date,
        to_day -> Nullable<Date>,
        dropped_out_on -> Nullable<Date>,
        municipality_code -> Nullable<Text>,
        told_on -> Date,
        last_told_on -> Nullable<Date>,
        told_by_id -> Uuid,
    }
}

diesel::table! {
    access_basis (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        holder_id -> Uuid,
        holder_kind -> Text,
        kind -> Text,
        areas -> Int4,
        giver_id -> Nullable<Uuid>,
        source_id -> Uuid,
        legal_basis -> Nullable<Text>,
        reason -> Text,
        granted_by_id -> Nullable<Uuid>,
        valid_from -> Timestamptz,
        valid_to -> Timestamptz,
        arose -> Nullable<Text>,
        from_basis_id -> Nullable<Uuid>,
        access_rule -> Nullable<Text>,
    }
}

diesel::table! {
    access_check (request_id) {
        request_id -> Uuid,
        employee_id -> Uuid,
        unit_ids -> Array<Uuid>,
        checked_at -> Timestamptz,
        gave_access -> Bool,
        of_card -> Bool,
    }
}

diesel::table! {
    access_entry (recorded_at, id) {
        recorded_at -> Timestamptz,
        id -> Uuid,
        request_id -> Uuid,
        actor_id -> Uuid,
        role -> Nullable<Text>,
        operation -> Text,
        outcome -> Text,
        young_people -> Array<Uuid>,
        bases -> Array<Uuid>,
        areas -> Int4,
        subject -> Nullable<Text>,
        purpose -> Nullable<Text>,
        number_digest -> Nullable<Bytea>,
    }
}

diesel::table! {
    access_rule (code, valid_from) {
        code -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        receivers -> Text,
        kind -> Text,
        areas -> Int4,
        lasts -> Nullable<Interval>,
        legal_basis -> Nullable<Text>,
        reason -> Text,
        source -> Text,
    }
}

diesel::table! {
    account (employee_id) {
        employee_id -> Uuid,
        password_hash -> Text,
        changed_at -> Timestamptz,
        one_time_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    activity_clock (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        contact_id -> Nullable<Uuid>,
        from_day -> Date,
        started_by_id -> Uuid,
        started_at -> Timestamptz,
    }
}

diesel::table! {
    assignment (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        unit_id -> Uuid,
        employee_id -> Uuid,
        function -> Text,
        counts_as -> Text,
        recounted_at -> Nullable<Timestamptz>,
        began_at -> Timestamptz,
        planned_end -> Nullable<Date>,
        note -> Nullable<Text>,
        exception_reason -> Nullable<Text>,
        exception_until -> Nullable<Date>,
        ended_at -> Nullable<Timestamptz>,
        end_reason -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::table! {
    attendance (intervention_id, on_day) {
        intervention_id -> Uuid,
        on_day -> Date,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        presence -> Text,
        last_told_on -> Nullable<Date>,
        told_by_id -> Nullable<Uuid>,
        hours -> Nullable<Float8>,
    }
}

diesel::table! {
    benefit_episode (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        leads -> Bool,
        in_integration_programme -> Bool,
        from_day -> Date,
        to_day -> Nullable<Date>,
        recorded_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    calendar_subscription (id) {
        id -> Uuid,
        employee_id -> Uuid,
        digest -> Bytea,
        made_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    caseload_norm (id) {
        id -> Uuid,
        unit_id -> Uuid,
        function -> Text,
        from_day -> Date,
        cases -> Nullable<Int4>,
        reason -> Text,
        decision_no -> Int4,
        decided_by_id -> Nullable<Uuid>,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    caseload_terms (id) {
        id -> Uuid,
        employee_id -> Uuid,
        unit_id -> Uuid,
        function -> Text,
        from_day -> Date,
        employment_share -> Int4,
        reduction -> Int4,
        reason -> Text,
        terms_no -> Int8,
        agreed_by_id -> Uuid,
        agreed_at -> Timestamptz,
    }
}

diesel::table! {
    catalogue_entry (code) {
        code -> Text,
        title -> Text,
        description -> Text,
        provider_unit_id -> Uuid,
        area -> Text,
        usual_weeks -> Nullable<Int4>,
        min_age -> Nullable<Int4>,
        max_age -> Nullable<Int4>,
        target_groups -> Array<Int4>,
        company_oriented -> Bool,
        repeatable -> Bool,
        cannot_wait -> Bool,
        visitation -> Bool,
        assessment_required -> Bool,
        mentoring -> Bool,
        last_ticket -> Int8,
        version -> Int8,
    }
}

diesel::table! {
    catalogue_excludes (code, excluded_code) {
        code -> Text,
        excluded_code -> Text,
    }
}

diesel::table! {
    catalogue_places (code, from_day) {
        code -> Text,
        from_day -> Date,
        places -> Nullable<Int4>,
        reason -> Text,
        decided_by_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    catalogue_presumes (code, presumed_code) {
        code -> Text,
        presumed_code -> Text,
    }
}

diesel::table! {
    coordination (young_person_id, from_at) {
        young_person_id -> Uuid,
        from_at -> Timestamptz,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        department -> Text,
    }
}

diesel::table! {
    correction (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        act -> Text,
        written -> Text,
        written_id -> Uuid,
        other_id -> Nullable<Uuid>,
        reason -> Text,
        was -> Nullable<Json>,
        corrected_by_id -> Uuid,
        corrected_at -> Timestamptz,
    }
}

diesel::table! {
    cover (id) {
        id -> Uuid,
        unit_id -> Uuid,
        absent_id -> Uuid,
        covered_by_id -> Uuid,
        from_day -> Date,
        until_day -> Date,
        reason -> Text,
        decided_by_id -> Uuid,
        decided_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    deadline_rule (code, valid_from) {
        code -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        rule -> Text,
        starts_from -> Text,
        of -> Array<Text>,
        asked_after -> Int4,
        length -> Int4,
        unit -> Text,
        whose -> Text,
        act -> Nullable<Text>,
        source -> Text,
    }
}

diesel::table! {
    education_and_work (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        name -> Nullable<Text>,
        place -> Text,
        grade -> Nullable<Int2>,
        weekly_minutes -> Nullable<Int2>,
        state -> Text,
        applied_on -> Nullable<Date>,
        enrolled_on -> Nullable<Date>,
        started_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        source -> Text,
        recorded_at -> Timestamptz,
        version -> Int8,
        first_day -> Date,
        held -> Nullable<Range<Date>>,
    }
}

diesel::table! {
    education_handover (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        from_school -> Text,
        to_education -> Text,
        receiver -> Text,
        told -> Text,
        on_day -> Date,
        basis_kind -> Text,
        basis_paragraph -> Nullable<Text>,
        basis_words -> Text,
        mentor_id -> Nullable<Uuid>,
        mentor_until -> Nullable<Date>,
        received_on -> Nullable<Date>,
        received_by -> Nullable<Text>,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    education_order (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        education -> Text,
        school -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        mentor -> Nullable<Text>,
        told -> Nullable<Text>,
        on_day -> Date,
        basis_kind -> Text,
        basis_paragraph -> Nullable<Text>,
        basis_words -> Text,
        received_on -> Nullable<Date>,
        received_by -> Nullable<Text>,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    employee (id) {
        id -> Uuid,
        username -> Text,
        given_name -> Text,
        family_name -> Text,
        telephone -> Nullable<Text>,
        employed_on -> Nullable<Date>,
        deactivated_at -> Nullable<Timestamptz>,
        employment_ended_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    employee_role (id) {
        id -> Uuid,
        employee_id -> Uuid,
        role -> Text,
        unit_id -> Uuid,
        valid_from -> Timestamptz,
        valid_to -> Timestamptz,
        rights_request_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    event (recorded_at, id) {
        recorded_at -> Timestamptz,
        id -> Uuid,
        request_id -> Uuid,
        actor_id -> Nullable<Uuid>,
        role -> Text,
        unit_id -> Nullable<Uuid>,
        basis_id -> Nullable<Uuid>,
        young_person_id -> Nullable<Uuid>,
        subject_kind -> Text,
        subject_id -> Text,
        kind -> Text,
        payload -> Nullable<Json>,
        salt -> Bytea,
        digest -> Bytea,
        information_area -> Nullable<Int4>,
        writing_unit_id -> Nullable<Uuid>,
        providing_unit_id -> Nullable<Uuid>,
        registration_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    external_disclosure (id) {
        id -> Uuid,
        participant_id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        told -> Text,
        on_day -> Date,
        basis_kind -> Text,
        basis_paragraph -> Nullable<Text>,
        basis_words -> Text,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
    }
}

diesel::table! {
    external_participant (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        name -> Text,
        role -> Text,
        role_words -> Nullable<Text>,
        organisation -> Nullable<Text>,
        contact -> Nullable<Text>,
        basis_kind -> Text,
        basis_paragraph -> Nullable<Text>,
        basis_words -> Text,
        consent_given_on -> Nullable<Date>,
        consent_areas -> Nullable<Int4>,
        consent_until -> Nullable<Date>,
        consent_withdrawn_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    follow_up (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        left_on -> Date,
        state -> Text,
        source -> Text,
        taken_on -> Date,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    goal (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        area -> Text,
        wished_result -> Text,
        target_date -> Date,
        result -> Nullable<Text>,
        set_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    goal_history (history_no) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        area -> Text,
        wished_result -> Text,
        target_date -> Date,
        result -> Nullable<Text>,
        set_at -> Timestamptz,
        version -> Int8,
        since -> Timestamptz,
        history_no -> Int8,
    }
}

diesel::table! {
    goal_progress (id) {
        id -> Uuid,
        goal_id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        voice -> Text,
        on_day -> Date,
        score -> Int2,
        note -> Nullable<Text>,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
    }
}

diesel::table! {
    group_member (id) {
        id -> Uuid,
        group_id -> Uuid,
        intervention_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        from_day -> Date,
        until_day -> Nullable<Date>,
        joined_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    group_session (told_no) {
        told_no -> Int8,
        group_id -> Uuid,
        weekday -> Int2,
        from_minute -> Int2,
        to_minute -> Int2,
        told_at -> Timestamptz,
        replaced_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    guardian (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        name -> Text,
        relation -> Text,
        has_custody -> Bool,
        telephone -> Nullable<Text>,
        email -> Nullable<Text>,
        from_day -> Date,
        to_day -> Nullable<Date>,
        told_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    hotline_caller (contact_id) {
        contact_id -> Uuid,
        name -> Nullable<Text>,
        telephone -> Nullable<Text>,
        relation -> Nullable<Text>,
    }
}

diesel::table! {
    hotline_contact (id) {
        id -> Uuid,
        young_person_id -> Nullable<Uuid>,
        tie_asked -> Bool,
        tie_number -> Nullable<Bytea>,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        logging_unit_id -> Uuid,
        caller_kind -> Text,
        institution_id -> Nullable<Uuid>,
        channel -> Text,
        topic -> Text,
        urgency -> Text,
        summary -> Text,
        called_at -> Timestamptz,
        logged_at -> Timestamptz,
        logged_by_id -> Uuid,
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
        taken_at -> Nullable<Timestamptz>,
        answered_at -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
        version -> Int8,
        request_digest -> Nullable<Bytea>,
    }
}

diesel::table! {
    hotline_duty (duty) {
        duty -> Text,
        unit_id -> Uuid,
    }
}

diesel::table! {
    hotline_entry (id) {
        id -> Uuid,
        contact_id -> Uuid,
        kind -> Text,
        text -> Text,
        reason -> Nullable<Text>,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
    }
}

diesel::table! {
    hotline_word (writing_unit_id, word) {
        writing_unit_id -> Uuid,
        word -> Text,
    }
}

diesel::table! {
    idempotency_key (actor_id, key_digest) {
        actor_id -> Uuid,
        key_digest -> Bytea,
        request_digest -> Bytea,
        recorded_at -> Timestamptz,
        young_people -> Array<Uuid>,
        status -> Nullable<Int2>,
        etag -> Nullable<Text>,
        location -> Nullable<Text>,
        answer -> Nullable<Bytea>,
        action -> Nullable<Text>,
        role -> Nullable<Text>,
        unit_id -> Nullable<Uuid>,
        basis_id -> Nullable<Uuid>,
        areas -> Int4,
    }
}

diesel::table! {
    installation (only_one) {
        only_one -> Bool,
        demonstration -> Bool,
        municipality -> Nullable<Text>,
        municipality_code -> Nullable<Text>,
        loaded_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    installation_key (purpose, id) {
        purpose -> Text,
        id -> Int2,
        fingerprint -> Bytea,
        used -> Bool,
    }
}

diesel::table! {
    intake_assessment (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        catalogue_code -> Text,
        assessed_on -> Date,
        assessed_by_id -> Uuid,
        in_target_group -> Bool,
        reason -> Text,
    }
}

diesel::table! {
    intake_entry (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        unit_id -> Uuid,
        function -> Text,
        reason -> Text,
        from_day -> Date,
        entered_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
        left_because -> Nullable<Text>,
        left_reason -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::table! {
    intervention (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        catalogue_code -> Nullable<Text>,
        title -> Text,
        area -> Text,
        repeatable -> Bool,
        state -> Text,
        planned_start -> Date,
        planned_end -> Nullable<Date>,
        responsible_id -> Uuid,
        reason -> Nullable<Text>,
        referred_at -> Timestamptz,
        answer_by -> Nullable<Date>,
        accepted_on -> Nullable<Date>,
        accepted_by_id -> Nullable<Uuid>,
        acceptance_reason -> Nullable<Text>,
        ticket -> Nullable<Int8>,
        priority -> Int4,
        priority_reason -> Nullable<Text>,
        holds_from -> Nullable<Date>,
        offered_at -> Nullable<Timestamptz>,
        offer_expires_on -> Nullable<Date>,
        started_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        declined_by -> Nullable<Text>,
        declined_on -> Nullable<Date>,
        decline_reason -> Nullable<Text>,
        note -> Nullable<Text>,
        carried_on_by_id -> Nullable<Uuid>,
        version -> Int8,
        held -> Nullable<Range<Date>>,
    }
}

diesel::table! {
    intervention_company (told_no) {
        told_no -> Int8,
        intervention_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        cvr -> Text,
        name -> Text,
        supervisor_name -> Text,
        supervisor_telephone -> Nullable<Text>,
        catalogue_code -> Nullable<Text>,
        running -> Bool,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    intervention_extension (intervention_id, planned_end) {
        intervention_id -> Uuid,
        planned_end -> Date,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        reason -> Text,
        extended_on -> Date,
    }
}

diesel::table! {
    intervention_group (id) {
        id -> Uuid,
        provider_unit_id -> Uuid,
        catalogue_code -> Nullable<Text>,
        title -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        size -> Nullable<Int4>,
        version -> Int8,
    }
}

diesel::table! {
    intervention_history (history_no) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        catalogue_code -> Nullable<Text>,
        title -> Text,
        area -> Text,
        repeatable -> Bool,
        state -> Text,
        planned_start -> Date,
        planned_end -> Nullable<Date>,
        responsible_id -> Uuid,
        reason -> Nullable<Text>,
        referred_at -> Timestamptz,
        answer_by -> Nullable<Date>,
        accepted_on -> Nullable<Date>,
        accepted_by_id -> Nullable<Uuid>,
        acceptance_reason -> Nullable<Text>,
        ticket -> Nullable<Int8>,
        priority -> Int4,
        priority_reason -> Nullable<Text>,
        holds_from -> Nullable<Date>,
        offered_at -> Nullable<Timestamptz>,
        offer_expires_on -> Nullable<Date>,
        started_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        declined_by -> Nullable<Text>,
        declined_on -> Nullable<Date>,
        decline_reason -> Nullable<Text>,
        note -> Nullable<Text>,
        carried_on_by_id -> Nullable<Uuid>,
        version -> Int8,
        held -> Nullable<Range<Date>>,
        since -> Timestamptz,
        history_no -> Int8,
    }
}

diesel::table! {
    intervention_hours (told_no) {
        told_no -> Int8,
        intervention_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        from_day -> Date,
        weekly_minutes -> Int2,
        form -> Text,
        told_at -> Timestamptz,
    }
}

diesel::table! {
    intervention_session (told_no) {
        told_no -> Int8,
        intervention_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        providing_unit_id -> Uuid,
        weekday -> Int2,
        from_minute -> Int2,
        to_minute -> Int2,
        told_at -> Timestamptz,
        replaced_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    job (id) {
        id -> Uuid,
        kind -> Text,
        subject -> Text,
        run_at -> Timestamptz,
        attempts -> Int4,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    journal_correction (id) {
        id -> Uuid,
        entry_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        text -> Text,
        reason -> Text,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
    }
}

diesel::table! {
    journal_entry (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        took_place_at -> Timestamptz,
        form -> Nullable<Text>,
        minutes -> Nullable<Int2>,
        took_part -> Nullable<Array<Text>>,
        young_person_took_part -> Nullable<Bool>,
        text -> Text,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
    }
}

diesel::table! {
    legal_basis (code) {
        code -> Text,
        law -> Text,
        paragraph -> Text,
        title -> Text,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        from_age -> Int4,
        to_age -> Nullable<Int4>,
        department -> Text,
        area -> Int4,
        leads_to -> Nullable<Text>,
        aftercare -> Bool,
        successor -> Nullable<Text>,
    }
}

diesel::table! {
    meeting (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        need_id -> Nullable<Uuid>,
        pregnancy_id -> Nullable<Uuid>,
        network_no -> Nullable<Int4>,
        without_because -> Nullable<Text>,
        slot_id -> Nullable<Uuid>,
        room_id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        outside_because -> Nullable<Text>,
        place_protected -> Bool,
        state -> Text,
        called_by_id -> Uuid,
        called_at -> Timestamptz,
        cancelled_at -> Nullable<Timestamptz>,
        cancel_reason -> Nullable<Text>,
        held_at -> Nullable<Timestamptz>,
        changed_at -> Timestamptz,
        renamed_at -> Nullable<Timestamptz>,
        renamings -> Int4,
        version -> Int8,
        busy -> Range<Timestamptz>,
    }
}

diesel::table! {
    meeting_decision (id) {
        id -> Uuid,
        meeting_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        legal_basis -> Text,
        deciding_unit_id -> Uuid,
        words -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
    }
}

diesel::table! {
    meeting_minutes (id) {
        id -> Uuid,
        meeting_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        support_needs -> Nullable<Text>,
        education -> Nullable<Text>,
        job_and_income -> Nullable<Text>,
        housing -> Nullable<Text>,
        social_relations -> Nullable<Text>,
        other -> Nullable<Text>,
        receiving_unit_id -> Nullable<Uuid>,
        responsible_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    meeting_move (id) {
        id -> Uuid,
        meeting_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        room_id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        because -> Text,
        reason -> Text,
        moved_by_id -> Uuid,
        moved_at -> Timestamptz,
    }
}

diesel::table! {
    meeting_participant (id) {
        id -> Uuid,
        meeting_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        busy -> Range<Timestamptz>,
        party -> Text,
        unit_id -> Nullable<Uuid>,
        employee_id -> Nullable<Uuid>,
        guardian_id -> Nullable<Uuid>,
        name -> Nullable<Text>,
        role -> Nullable<Text>,
        organisation -> Nullable<Text>,
        invited_at -> Timestamptz,
        excused_at -> Nullable<Timestamptz>,
        excuse -> Nullable<Text>,
        came -> Nullable<Bool>,
        absence_reason -> Nullable<Text>,
        minutes_sent_at -> Nullable<Timestamptz>,
        basis_kind -> Nullable<Text>,
        basis_paragraph -> Nullable<Text>,
        basis_words -> Nullable<Text>,
    }
}

diesel::table! {
    meeting_room (id) {
        id -> Uuid,
        unit_id -> Uuid,
        name -> Text,
        place -> Text,
        withdrawn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    meeting_slot (id) {
        id -> Uuid,
        window_id -> Uuid,
        room_id -> Uuid,
        starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        withdrawn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    meeting_task (id) {
        id -> Uuid,
        meeting_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        what -> Text,
        employee_id -> Uuid,
        due_on -> Date,
    }
}

diesel::table! {
    meeting_window (id) {
        id -> Uuid,
        unit_id -> Uuid,
        first_day -> Date,
        last_day -> Date,
        withdrawn_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    merge (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        merged_id -> Uuid,
        husk_id -> Uuid,
        coordinated_from -> Nullable<Timestamptz>,
        reason -> Text,
        merged_by_id -> Uuid,
        merged_at -> Timestamptz,
        undo_reason -> Nullable<Text>,
        undone_by_id -> Nullable<Uuid>,
        undone_at -> Nullable<Timestamptz>,
        version -> Int8,
    }
}

diesel::table! {
    merge_row (merge_id, of_table, row_id) {
        merge_id -> Uuid,
        of_table -> Text,
        row_id -> Uuid,
        was_current -> Bool,
    }
}

diesel::table! {
    past_stop (employee_id, stopped_at) {
        employee_id -> Uuid,
        stopped_at -> Timestamptz,
        opened_at -> Timestamptz,
    }
}

diesel::table! {
    person_identifier (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        cipher -> Bytea,
        digest -> Bytea,
        key_id -> Int2,
        valid_from -> Date,
        valid_to -> Nullable<Date>,
        contested -> Bool,
    }
}

diesel::table! {
    plan (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        state -> Text,
        purpose -> Text,
        own_words -> Nullable<Text>,
        own_words_absent -> Nullable<Text>,
        previous_plan_id -> Nullable<Uuid>,
        opened_at -> Timestamptz,
        activated_at -> Nullable<Timestamptz>,
        next_review_on -> Nullable<Date>,
        review_set_on -> Nullable<Date>,
        closed_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        outcome_note -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::table! {
    plan_exemption (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        reason -> Text,
        from_day -> Date,
        to_day -> Date,
        given_by_id -> Uuid,
        given_at -> Timestamptz,
    }
}

diesel::table! {
    plan_history (history_no) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        state -> Text,
        purpose -> Text,
        own_words -> Nullable<Text>,
        own_words_absent -> Nullable<Text>,
        previous_plan_id -> Nullable<Uuid>,
        opened_at -> Timestamptz,
        activated_at -> Nullable<Timestamptz>,
        next_review_on -> Nullable<Date>,
        review_set_on -> Nullable<Date>,
        closed_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
        outcome_note -> Nullable<Text>,
        version -> Int8,
        since -> Timestamptz,
        history_no -> Int8,
    }
}

diesel::table! {
    plan_indicators (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        on_day -> Date,
        everyday_coping -> Nullable<Int2>,
        reservation_wage -> Nullable<Int2>,
        caseworker_belief -> Nullable<Int2>,
        supportive_network -> Nullable<Int2>,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
    }
}

diesel::table! {
    plan_link (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        title -> Text,
        reference -> Text,
        linked_at -> Timestamptz,
    }
}

diesel::table! {
    plan_participant (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        unit_id -> Uuid,
        employee_id -> Uuid,
        joined_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    plan_review (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        on_day -> Date,
        took_part -> Array<Text>,
        young_person_took_part -> Bool,
        decisions -> Text,
        next_review_on -> Date,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
    }
}

diesel::table! {
    plan_role (plan_id, kind, from_at) {
        plan_id -> Uuid,
        kind -> Text,
        from_at -> Timestamptz,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        employee_id -> Nullable<Uuid>,
        outside_name -> Nullable<Text>,
        outside_telephone -> Nullable<Text>,
        outside_organisation -> Nullable<Text>,
        declined_reason -> Nullable<Text>,
    }
}

diesel::table! {
    pregnancy (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        known_on -> Date,
        born_on -> Nullable<Date>,
        ended_on -> Nullable<Date>,
        end_reason -> Nullable<Text>,
        network_map -> Nullable<Text>,
        registered_by_id -> Uuid,
        registered_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    readiness (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        track -> Text,
        verdict -> Text,
        assessed_on -> Date,
        assessor_id -> Uuid,
        note -> Nullable<Text>,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    refresh_token (digest) {
        digest -> Bytea,
        session_id -> Uuid,
        issued_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    residence (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        from_day -> Date,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        municipality_code -> Nullable<Text>,
        country_code -> Nullable<Text>,
        address -> Nullable<Text>,
        source -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    responsibility_agreement (id) {
        id -> Uuid,
        need_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        receiving_unit_id -> Uuid,
        coordinator_id -> Nullable<Uuid>,
        supports_from -> Date,
        coordinates_from -> Date,
        agreed_at -> Timestamptz,
        agreed_by_id -> Uuid,
        accepted_at -> Nullable<Timestamptz>,
        accepted_by_id -> Nullable<Uuid>,
        replaced_at -> Nullable<Timestamptz>,
        passed_at -> Nullable<Timestamptz>,
        exception_reason -> Nullable<Text>,
        exception_until -> Nullable<Date>,
        version -> Int8,
    }
}

diesel::table! {
    rights_request (id) {
        id -> Uuid,
        kind -> Text,
        employee_id -> Uuid,
        role -> Nullable<Text>,
        unit_id -> Nullable<Uuid>,
        requested_by_id -> Nullable<Uuid>,
        requested_at -> Timestamptz,
        expires_at -> Timestamptz,
        state -> Text,
        settled_at -> Nullable<Timestamptz>,
        settled_by_id -> Nullable<Uuid>,
        version -> Int8,
    }
}

diesel::table! {
    role_reads (department, role) {
        department -> Text,
        role -> Text,
        facts -> Array<Text>,
    }
}

diesel::table! {
    sanction (id) {
        id -> Uuid,
        benefit_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        on_day -> Date,
        ground -> Text,
        source -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    school_holiday (municipality_code, from_day) {
        municipality_code -> Text,
        from_day -> Date,
        to_day -> Date,
        name -> Text,
    }
}

diesel::table! {
    serving_level (only_one) {
        only_one -> Bool,
        oldest_serving -> Text,
        applied_sql -> Array<Text>,
    }
}

diesel::table! {
    session (id) {
        id -> Uuid,
        employee_id -> Uuid,
        started_at -> Timestamptz,
        refreshed_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    special_education (kind, folded) {
        kind -> Text,
        folded -> Text,
        name -> Text,
    }
}

diesel::table! {
    sql_object (identity) {
        identity -> Text,
        digest -> Bytea,
    }
}

diesel::table! {
    statutory_responsibility (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        unit_id -> Uuid,
        legal_basis_code -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        decided_on -> Date,
        decided_by_id -> Uuid,
        recorded_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    support_need (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        legal_basis_code -> Text,
        guide -> Int2,
        goes_on_after_18 -> Bool,
        words -> Text,
        from_day -> Date,
        to_day -> Nullable<Date>,
        judged_on -> Date,
        judged_by_id -> Uuid,
        recorded_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    support_remark (id) {
        id -> Uuid,
        plan_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        school -> Text,
        told -> Text,
        on_day -> Date,
        basis_kind -> Text,
        basis_paragraph -> Nullable<Text>,
        basis_words -> Text,
        received_on -> Nullable<Date>,
        received_by -> Nullable<Text>,
        answered_on -> Nullable<Date>,
        answer -> Nullable<Text>,
        entered_by_id -> Uuid,
        entered_at -> Timestamptz,
        version -> Int8,
    }
}

diesel::table! {
    task (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        kind -> Text,
        subject_id -> Uuid,
        occasion -> Nullable<Date>,
        employee_id -> Nullable<Uuid>,
        original_due_on -> Date,
        exempt_until -> Nullable<Date>,
        exempt_reason -> Nullable<Text>,
        due_on -> Date,
        missed_on -> Nullable<Date>,
        made_at -> Timestamptz,
        raised_at -> Nullable<Timestamptz>,
        done_at -> Nullable<Timestamptz>,
        ended -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::table! {
    transition_committee (id) {
        id -> Uuid,
        need_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        on_day -> Date,
        words -> Text,
        told_by_id -> Uuid,
    }
}

diesel::table! {
    transition_guide (guide) {
        guide -> Int2,
        found_at_months -> Int4,
        source -> Text,
    }
}

diesel::table! {
    transition_need (id) {
        id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        origin -> Text,
        support_need_id -> Nullable<Uuid>,
        guide -> Nullable<Int2>,
        acute -> Bool,
        reason -> Nullable<Text>,
        raised_on -> Date,
        raised_by_id -> Nullable<Uuid>,
        state -> Text,
        decided_on -> Nullable<Date>,
        decided_by_id -> Nullable<Uuid>,
        decided_words -> Nullable<Text>,
        version -> Int8,
    }
}

diesel::table! {
    transition_referral (id) {
        id -> Uuid,
        need_id -> Uuid,
        young_person_id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        unit_id -> Uuid,
        words -> Text,
        made_on -> Date,
        made_by_id -> Uuid,
    }
}

diesel::table! {
    unit (id) {
        id -> Uuid,
        code -> Text,
        name -> Text,
        department -> Text,
        parent_id -> Nullable<Uuid>,
        path -> Array<Uuid>,
        operational -> Bool,
        early_absence_days -> Nullable<Int4>,
        takes_absence_signals -> Bool,
        receives_needs -> Bool,
    }
}

diesel::table! {
    young_person (id) {
        id -> Uuid,
        information_area -> Int4,
        writing_unit_id -> Uuid,
        given_name -> Text,
        family_name -> Text,
        birth_date -> Date,
        registered_at -> Timestamptz,
        version -> Int8,
        folded_name -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    absence,
    access_basis,
    access_check,
    access_entry,
    access_rule,
    account,
    activity_clock,
    assignment,
    attendance,
    benefit_episode,
    calendar_subscription,
    caseload_norm,
    caseload_terms,
    catalogue_entry,
    catalogue_excludes,
    catalogue_places,
    catalogue_presumes,
    coordination,
    correction,
    cover,
    deadline_rule,
    education_and_work,
    education_handover,
    education_order,
    employee,
    employee_role,
    event,
    external_disclosure,
    external_participant,
    follow_up,
    goal,
    goal_history,
    goal_progress,
    group_member,
    group_session,
    guardian,
    hotline_caller,
    hotline_contact,
    hotline_duty,
    hotline_entry,
    hotline_word,
    idempotency_key,
    installation,
    installation_key,
    intake_assessment,
    intake_entry,
    intervention,
    intervention_company,
    intervention_extension,
    intervention_group,
    intervention_history,
    intervention_hours,
    intervention_session,
    job,
    journal_correction,
    journal_entry,
    legal_basis,
    meeting,
    meeting_decision,
    meeting_minutes,
    meeting_move,
    meeting_participant,
    meeting_room,
    meeting_slot,
    meeting_task,
    meeting_window,
    merge,
    merge_row,
    past_stop,
    person_identifier,
    plan,
    plan_exemption,
    plan_history,
    plan_indicators,
    plan_link,
    plan_participant,
    plan_review,
    plan_role,
    pregnancy,
    readiness,
    refresh_token,
    residence,
    responsibility_agreement,
    rights_request,
    role_reads,
    sanction,
    school_holiday,
    serving_level,
    session,
    special_education,
    sql_object,
    statutory_responsibility,
    support_need,
    support_remark,
    task,
    transition_committee,
    transition_guide,
    transition_need,
    transition_referral,
    unit,
    young_person,
);
