{% from "access/macros.sql" import protect_as_intervention %}

{{ protect_as_intervention("absence") }}
GRANT SELECT, INSERT, UPDATE ON absence TO enplan_app, enplan_worker;
CREATE TRIGGER absence_is_of_a_past_day BEFORE INSERT ON absence FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('from_day');
CREATE TRIGGER absence_ended_by_now BEFORE INSERT OR UPDATE OF to_day ON absence FOR EACH ROW
    WHEN (NEW.to_day IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('to_day');
CREATE TRIGGER absence_dropped_out_by_now BEFORE INSERT OR UPDATE OF dropped_out_on ON absence FOR EACH ROW
    WHEN (NEW.dropped_out_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('dropped_out_on');
