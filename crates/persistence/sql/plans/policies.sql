{% from "access/macros.sql" import is_own, may_write, protect, protect_fact %}

{{ protect("plan") }}
GRANT SELECT, INSERT, UPDATE ON plan TO enplan_app, enplan_worker;
CREATE TRIGGER plan_review_is_set_by_now BEFORE INSERT OR UPDATE OF review_set_on ON plan FOR EACH ROW
    WHEN (NEW.review_set_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('review_set_on');

{{ protect("goal") }}
GRANT SELECT, INSERT, UPDATE ON goal TO enplan_app, enplan_worker;
CREATE TRIGGER goal_in_open_plan BEFORE INSERT OR UPDATE ON goal FOR EACH ROW EXECUTE FUNCTION plan_is_open();

-- A step function: rows are only added.
{{ protect("plan_role") }}
GRANT SELECT, INSERT ON plan_role TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON plan_role TO enplan_worker;
CREATE TRIGGER plan_role_in_open_plan BEFORE INSERT OR UPDATE ON plan_role FOR EACH ROW EXECUTE FUNCTION plan_is_open();

-- TM-8: the unit that records the outcome of a transition meeting adds the receiver as a participant, also if it convened the
-- meeting by law. This ends no participation.
{{ protect("plan_participant",
           insert=is_own("writing_unit_id") ~ " AND " ~ may_write("plan_participant", also=["law"])) }}
GRANT SELECT, INSERT, UPDATE ON plan_participant TO enplan_app, enplan_worker;
CREATE TRIGGER plan_participant_in_open_plan BEFORE INSERT OR UPDATE ON plan_participant FOR EACH ROW EXECUTE FUNCTION plan_is_open();

{{ protect("plan_link") }}
GRANT SELECT, INSERT, UPDATE ON plan_link TO enplan_app, enplan_worker;
CREATE TRIGGER plan_link_in_open_plan BEFORE INSERT OR UPDATE ON plan_link FOR EACH ROW EXECUTE FUNCTION plan_is_open();

{{ protect("goal_progress") }}
GRANT SELECT, INSERT ON goal_progress TO enplan_app, enplan_worker;
CREATE TRIGGER goal_progress_in_open_plan BEFORE INSERT OR UPDATE ON goal_progress FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER goal_progress_day_fits BEFORE INSERT ON goal_progress FOR EACH ROW EXECUTE FUNCTION plan_day_fits();

{{ protect("plan_indicators") }}
GRANT SELECT, INSERT ON plan_indicators TO enplan_app, enplan_worker;
CREATE TRIGGER plan_indicators_in_open_plan BEFORE INSERT OR UPDATE ON plan_indicators FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER plan_indicators_day_fits BEFORE INSERT ON plan_indicators FOR EACH ROW EXECUTE FUNCTION plan_day_fits();

{{ protect("plan_review") }}
GRANT SELECT, INSERT ON plan_review TO enplan_app, enplan_worker;
CREATE TRIGGER plan_review_in_open_plan BEFORE INSERT OR UPDATE ON plan_review FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER plan_review_day_fits BEFORE INSERT ON plan_review FOR EACH ROW EXECUTE FUNCTION plan_day_fits();

{{ protect("plan_exemption") }}
GRANT SELECT, INSERT ON plan_exemption TO enplan_app, enplan_worker;
CREATE TRIGGER plan_exemption_from_now BEFORE INSERT ON plan_exemption FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('from_day');
CREATE TRIGGER plan_exemption_in_open_plan BEFORE INSERT ON plan_exemption FOR EACH ROW EXECUTE FUNCTION plan_is_open();

{{ protect("follow_up") }}
{{ protect_fact("follow_up") }}
GRANT SELECT, INSERT ON follow_up TO enplan_app, enplan_worker;
CREATE TRIGGER follow_up_is_taken_by_now BEFORE INSERT ON follow_up
    FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('taken_on');

{{ protect("plan_history") }}
GRANT SELECT ON plan_history TO enplan_app, enplan_worker;

{{ protect("goal_history") }}
GRANT SELECT ON goal_history TO enplan_app, enplan_worker;
