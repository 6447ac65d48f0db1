{% from "access/macros.sql" import protect %}

GRANT SELECT ON deadline_rule TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON deadline_rule TO enplan_worker;

GRANT SELECT ON school_holiday TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON school_holiday TO enplan_worker;

{{ protect("activity_clock") }}
GRANT SELECT, INSERT ON activity_clock TO enplan_app, enplan_worker;
CREATE TRIGGER activity_clock_of_a_past_day BEFORE INSERT ON activity_clock FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('from_day');
