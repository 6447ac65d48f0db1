-- AC-19: a new number for a young person is accepted whether another young person has it or not. The application refuses it only
-- if the other young person is visible to the caller. The first number comes from the registration and is unique.
CREATE FUNCTION number_may_be_contested() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('person_identifier'), hashtext(encode(NEW.digest, 'hex')));
    NEW.contested := EXISTS (SELECT FROM person_identifier n WHERE n.young_person_id = NEW.young_person_id)
        AND EXISTS (SELECT FROM person_identifier n WHERE n.digest = NEW.digest AND n.young_person_id <> NEW.young_person_id);
    RETURN NEW;
END $$;
CREATE TRIGGER number_may_be_contested BEFORE INSERT ON person_identifier FOR EACH ROW EXECUTE FUNCTION number_may_be_contested();

-- AC-19, YP-2: creates the task to check a number that another young person also received, in the case of the young person who
-- had it first.
CREATE FUNCTION ask_to_check_number(task_id uuid, given uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO task (id, young_person_id, information_area, writing_unit_id, kind, subject_id, employee_id, original_due_on, made_at)
    SELECT task_id, y.id, 1, y.writing_unit_id, 'check-number', y.id, task_holder(y.id), deadline_of('check-number', acting_today()), acting_now()
      FROM person_identifier g JOIN person_identifier n ON n.digest = g.digest AND NOT n.contested
      JOIN young_person y ON y.id = n.young_person_id
     WHERE g.id = given AND g.contested
        ON CONFLICT DO NOTHING
$$;
GRANT EXECUTE ON FUNCTION ask_to_check_number(uuid, uuid) TO enplan_worker;
