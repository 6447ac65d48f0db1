-- Whose writing a row is, and about what, is decided once (D-8): who sees it follows from it.
CREATE FUNCTION writer_and_area_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'writing unit and information area are set once';
END $$;

-- A written record is not changed by anybody. A merge may move it to another young person (D-8). A correction is
-- stored alongside.
CREATE FUNCTION stays_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'young_person_id' <> to_jsonb(OLD) - 'young_person_id' THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'what was written stays; a correction stands beside it';
    END IF;
    RETURN NEW;
END $$;
