-- Is a legal basis in force on the day of a decision, for the age that a person born on another day has when it takes
-- effect?
CREATE FUNCTION legal_basis_holds(asked text, decided_on date, born date, effect_on date) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM legal_basis l WHERE l.code = asked AND daterange(l.valid_from, l.valid_to, '[]') @> decided_on
        AND age_on(born, effect_on) BETWEEN l.from_age AND coalesce(l.to_age, age_on(born, effect_on)))
$$;
GRANT EXECUTE ON FUNCTION legal_basis_holds(text, date, date, date) TO enplan_app;

-- TM-2: the legal basis of a need of support was in force when it was assessed and applies to the age of the young
-- person.
CREATE FUNCTION support_need_stands_on_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM legal_basis l JOIN young_person y ON y.id = NEW.young_person_id
            WHERE l.code = NEW.legal_basis_code AND l.leads_to IS NOT NULL
              AND legal_basis_holds(l.code, NEW.judged_on, y.birth_date, greatest(NEW.from_day, birthday(y.birth_date, 18)))) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'legal-basis.not-valid', MESSAGE = 'no such law then, or not for them';
    ELSIF NEW.goes_on_after_18 AND NEW.to_day >= NEW.from_day AND NEW.to_day < (SELECT birthday(y.birth_date, 18) FROM young_person y WHERE y.id = NEW.young_person_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'support-need.days-contradict', MESSAGE = 'it ends before they are 18';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER support_need_stands_on_law BEFORE INSERT ON support_need
    FOR EACH ROW EXECUTE FUNCTION support_need_stands_on_law();

-- TM-9: a decision is for an age to which its legal basis applies, by a unit that decides under it. It has the area of
-- its legal basis (AC-3).
CREATE FUNCTION responsibility_stands_on_law() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    born date := (SELECT y.birth_date FROM young_person y WHERE y.id = NEW.young_person_id);
BEGIN
    IF NOT legal_basis_holds(NEW.legal_basis_code, NEW.decided_on, born, NEW.from_day) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'legal-basis.not-valid', MESSAGE = 'no such law then, or not for them';
    ELSIF NOT EXISTS (SELECT FROM legal_basis l JOIN unit u ON u.department = l.department AND u.operational
                       WHERE l.code = NEW.legal_basis_code AND u.id = NEW.unit_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'responsibility.other-department', MESSAGE = 'another department decides under it';
    END IF;
    SELECT l.area INTO NEW.information_area FROM legal_basis l WHERE l.code = NEW.legal_basis_code;
    RETURN NEW;
END $$;
CREATE TRIGGER responsibility_stands_on_law BEFORE INSERT ON statutory_responsibility FOR EACH ROW EXECUTE FUNCTION responsibility_stands_on_law();

-- TM-9: the last day of a decision. A decision for an age ends with that age, at midnight. NULL if it is ongoing.
CREATE FUNCTION decides_to(s statutory_responsibility) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT least(s.to_day, birthday(y.birth_date, l.to_age + 1) - 1)
      FROM young_person y, legal_basis l WHERE y.id = s.young_person_id AND l.code = s.legal_basis_code
$$;
GRANT EXECUTE ON FUNCTION decides_to(statutory_responsibility) TO enplan_app;

-- TM-14: the end of an aftercare: its last day, or the 23rd birthday.
CREATE FUNCTION aftercare_ends_on(to_day date, born date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(to_day, birthday(born, 23));
