DROP TRIGGER assignment_opens_while_the_role_is_held ON access_basis;
DROP TRIGGER assignments_end_with_the_role ON employee_role;
DROP TRIGGER role_keeps_the_norm ON employee_role;
DROP TRIGGER employee_keeps_the_norm ON employee;
DROP TRIGGER stop_is_kept ON employee;
DROP TRIGGER tasks_follow_who_is_there ON employee_role;
DROP TRIGGER tasks_follow_who_is_there ON employee;
DROP TRIGGER tasks_follow_the_assignment ON assignment;
DROP TRIGGER coordinator_keeps_the_case ON plan_participant;
DROP TRIGGER coordinator_keeps_the_case ON plan_role;
DROP TRIGGER coordinator_keeps_the_case ON plan;
DROP FUNCTION end_participation_access(uuid, timestamptz, text), is_inside(access_basis, uuid);
CREATE OR REPLACE FUNCTION tasks_follow_the_coordinator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE task t SET employee_id = task_holder(t.subject_id)
     WHERE t.done_at IS NULL AND t.young_person_id = NEW.young_person_id AND t.kind NOT IN ('contact-absent', 'guide-absentee')
       AND (t.subject_id IN (NEW.plan_id, NEW.young_person_id)
            OR t.subject_id IN (SELECT i.id FROM intervention i WHERE i.plan_id = NEW.plan_id));
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION task_holder(about uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coordinator_of(p.id) FROM plan p WHERE p.id = about
    UNION ALL
    SELECT CASE WHEN c.id IS NULL OR employee_sees(c.id, i.young_person_id, i.information_area) THEN c.id ELSE i.responsible_id END
      FROM intervention i CROSS JOIN LATERAL (SELECT coordinator_of(i.plan_id) AS id) c WHERE i.id = about
    UNION ALL
    SELECT CASE WHEN employee_sees(c.id, p.young_person_id, 4) THEN c.id END
      FROM plan p CROSS JOIN LATERAL (SELECT coordinator_of(p.id) AS id) c WHERE p.young_person_id = about AND p.state <> 'closed'
$$;
DROP FUNCTION tasks_follow_who_is_there();
DROP FUNCTION tasks_follow_the_assignment();
DROP FUNCTION tasks_follow_the_case(uuid[]);
DROP FUNCTION people_of(uuid);
DROP FUNCTION follows_the_case(text);
DROP FUNCTION has_case_in(uuid, uuid, uuid, information_area);
DROP FUNCTION has_case_of(uuid, uuid, information_area);
DROP FUNCTION coordinating_post(uuid, uuid);
DROP FUNCTION was_reserved(assignment);
DROP TABLE intake_entry;
DROP TABLE assignment;
DROP FUNCTION coordinator_keeps_the_case();
DROP FUNCTION coordinator_has_case(uuid);
DROP FUNCTION colleague_coordinates(uuid, uuid);
DROP FUNCTION coordinates(uuid, uuid);
DROP FUNCTION cases_to_come(uuid);
DROP TABLE cover;
DROP TABLE caseload_terms;
DROP TABLE caseload_norm;
DROP FUNCTION assignment_opens_while_the_role_is_held();
DROP FUNCTION assignments_end_with_the_role();
DROP FUNCTION role_keeps_the_norm();
DROP FUNCTION employee_keeps_the_norm();
DROP FUNCTION comes_back_within_the_norm(uuid, uuid, text);
DROP FUNCTION assignment_keeps_the_norm();
DROP FUNCTION intake_entry_waits();
DROP FUNCTION assignment_stays_ended();
DROP FUNCTION lock_employees(uuid[]);
DROP FUNCTION have_had(uuid[]);
DROP FUNCTION cases_in(uuid, uuid[]);
DROP FUNCTION caseload_of(uuid, date, timestamptz, uuid, boolean);
DROP FUNCTION caseload_limits(uuid, date, timestamptz, uuid);
DROP TABLE past_stop;
DROP FUNCTION stop_is_kept();
DROP FUNCTION counted_as(text, timestamptz, timestamptz);
DROP FUNCTION ramp_quarters(date, date);
DROP FUNCTION caseload_limit(integer, integer, integer, integer);
DROP FUNCTION caseload_day_is_not_past();
DROP DOMAIN case_function;
DROP FUNCTION coordinating_functions();
DROP FUNCTION case_functions();
