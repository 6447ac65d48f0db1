{% from "access/macros.sql" import is_valid %}
{% from "calendar/macros.sql" import day_of %}

-- AC-19: links a contact to the young person who has its stored number. The job that runs after the response calls it. If
-- several have the number, it is the young person whom the employee who asked for the link sees, so that the link does not show
-- who else has it. A concern about a child is linked only to a young person under 18 on the date of the call. Returns the young
-- person; NULL if there is none.
CREATE FUNCTION tie_contact(of_contact uuid, asked_by uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    contact hotline_contact;
    person  uuid;
BEGIN
    SELECT y.id INTO person FROM hotline_contact c JOIN person_identifier n ON n.digest = c.tie_number
      JOIN young_person y ON y.id = n.young_person_id WHERE c.id = of_contact
     ORDER BY EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = y.id AND {{ is_valid("b") }}
                      AND (b.holder_id = asked_by OR works_for(asked_by, b.holder_id))) DESC, n.contested
     LIMIT 1 FOR NO KEY UPDATE OF y;
    SELECT * INTO contact FROM hotline_contact c WHERE c.id = of_contact FOR NO KEY UPDATE;
    -- Read again after both are locked, because the contact may have been linked to another young person meanwhile.
    SELECT y.id INTO person FROM person_identifier n JOIN young_person y ON y.id = n.young_person_id
     WHERE n.digest = contact.tie_number AND y.id = person
       AND (contact.concern = 'under-18' AND age_on(y.birth_date, {{ day_of("contact.called_at") }}) >= 18) IS NOT TRUE;
    UPDATE hotline_contact SET young_person_id = person, tie_number = NULL WHERE id = of_contact AND tie_number IS NOT NULL;
    RETURN CASE WHEN contact.tie_number IS NOT NULL THEN person END;
END $$;
GRANT EXECUTE ON FUNCTION tie_contact(uuid, uuid) TO enplan_worker;

-- HL-6: ends the tasks to answer a contact and the notice to the contact person, because the contact was answered, by an
-- employee who sees the contact but perhaps not the young person.
CREATE FUNCTION contact_is_answered(contact uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE task SET done_at = acting_now(), ended = CASE kind WHEN 'answer-hotline' THEN 'act' ELSE 'lapsed' END
     WHERE subject_id = contact AND done_at IS NULL AND sees_contact(contact)
$$;
GRANT EXECUTE ON FUNCTION contact_is_answered(uuid) TO enplan_app;

-- HL-6: creates the task to answer a contact that is linked to a young person, for the employee who has the case (DL-7)
-- and sees the contact's area, otherwise for the unit that has the case. The contact person gets a notice without
-- content. Nothing happens if the task exists, if the contact is not linked or is over, or if it is not visible to the
-- caller.
CREATE FUNCTION ask_to_answer(task_id uuid, notice_id uuid, contact uuid, due date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    about  hotline_contact;
    of_one plan;
    person young_person;
    helper uuid;
BEGIN
    SELECT * INTO about FROM hotline_contact c
     WHERE c.id = contact AND c.state IN ('open', 'taken') AND c.concern IS NULL
       AND (c.topic = 'drop-out-risk' OR c.plan_not_followed) AND sees_contact(c.id);
    SELECT * INTO person FROM young_person WHERE id = about.young_person_id;
    IF person.id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO of_one FROM plan WHERE young_person_id = person.id AND state <> 'closed';
    INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
    SELECT task_id, person.id, about.information_area, coalesce(of_one.writing_unit_id, person.writing_unit_id), 'answer-hotline', contact,
           has_case_in(person.id, of_one.id, coalesce(of_one.writing_unit_id, person.writing_unit_id), about.information_area), due, acting_now()
        ON CONFLICT DO NOTHING;
    SELECT r.employee_id INTO helper FROM plan_role r
     WHERE r.plan_id = of_one.id AND r.kind = 'contact-person' AND r.from_at <= acting_now() ORDER BY r.from_at DESC LIMIT 1;
    IF helper IS NOT NULL THEN
        INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
        VALUES (notice_id, person.id, 2, of_one.writing_unit_id, 'hotline-notice', contact, helper, due, acting_now())
            ON CONFLICT DO NOTHING;
    END IF;
END $$;
GRANT EXECUTE ON FUNCTION ask_to_answer(uuid, uuid, uuid, date) TO enplan_worker;

-- HL-9: a contact about a 15-17-year-old who does not follow the plan starts the deadlines, from the day of the call on,
-- as a record of the case, which the hotline does not see. Returns the deadline that runs, a new one or an earlier one.
-- NULL if the law does not apply to the young person, or if no such contact is visible to the caller.
CREATE FUNCTION start_clocks_of_contact(clock_id uuid, of_contact uuid) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    contact hotline_contact;
    called  date;
    years   integer;
    running uuid;
BEGIN
    SELECT * INTO contact FROM hotline_contact c WHERE c.id = of_contact AND c.plan_not_followed AND sees_contact(c.id);
    called := {{ day_of("contact.called_at") }};
    UPDATE young_person SET version = version WHERE id = contact.young_person_id RETURNING age_on(birth_date, called) INTO years;
    IF years IS NULL OR years NOT BETWEEN 15 AND 17 THEN
        RETURN NULL;
    END IF;
    SELECT c.id INTO running FROM clock_of_activity c WHERE c.young_person_id = contact.young_person_id AND c.runs LIMIT 1;
    IF running IS NOT NULL THEN
        RETURN running;
    END IF;
    INSERT INTO activity_clock (id, young_person_id, writing_unit_id, contact_id, from_day, started_by_id, started_at)
    VALUES (clock_id, contact.young_person_id, case_unit(contact.young_person_id), of_contact, called, acting_employee(), acting_now());
    PERFORM reckon_deadlines(contact.young_person_id);
    RETURN clock_id;
END $$;
GRANT EXECUTE ON FUNCTION start_clocks_of_contact(uuid, uuid) TO enplan_worker;
