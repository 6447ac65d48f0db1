-- An acknowledgement of receipt is recorded once, and not ahead.
CREATE FUNCTION is_received_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.received_on, OLD.received_by) IS DISTINCT FROM (NEW.received_on, NEW.received_by) THEN
        IF OLD.received_on IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure.already-received', MESSAGE = 'a receipt stays as it was told';
        ELSIF NEW.received_on > acting_today() THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure.day-out-of-range', MESSAGE = 'the day lies ahead';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER education_order_is_received BEFORE UPDATE ON education_order FOR EACH ROW EXECUTE FUNCTION is_received_once();
CREATE TRIGGER support_remark_is_received BEFORE UPDATE ON support_remark FOR EACH ROW EXECUTE FUNCTION is_received_once();

-- PL-15: an answer is recorded once, and not ahead.
CREATE FUNCTION is_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.answered_on, OLD.answer) IS DISTINCT FROM (NEW.answered_on, NEW.answer) THEN
        IF OLD.answered_on IS NOT NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure.already-answered', MESSAGE = 'an answer stays as it was told';
        ELSIF NEW.answered_on > acting_today() THEN
            RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure.day-out-of-range', MESSAGE = 'the day lies ahead';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER support_remark_is_answered BEFORE UPDATE ON support_remark FOR EACH ROW EXECUTE FUNCTION is_answered_once();
