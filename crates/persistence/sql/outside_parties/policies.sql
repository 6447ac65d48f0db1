{% from "access/macros.sql" import protect %}

-- A disclosure is not changed. Only the acknowledgement, the answer and the end are recorded later.
{{ protect("education_order") }}
GRANT SELECT, INSERT, UPDATE (received_on, received_by, version) ON education_order TO enplan_app;
GRANT SELECT, INSERT ON education_order TO enplan_worker;
CREATE TRIGGER education_order_in_open_plan BEFORE INSERT OR UPDATE ON education_order FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER education_order_day_fits BEFORE INSERT ON education_order FOR EACH ROW EXECUTE FUNCTION plan_day_fits();

{{ protect("support_remark") }}
GRANT SELECT, INSERT, UPDATE (received_on, received_by, answered_on, answer, version) ON support_remark TO enplan_app;
GRANT SELECT, INSERT ON support_remark TO enplan_worker;
CREATE TRIGGER support_remark_in_open_plan BEFORE INSERT OR UPDATE ON support_remark FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER support_remark_day_fits BEFORE INSERT ON support_remark FOR EACH ROW EXECUTE FUNCTION plan_day_fits();

{{ protect("external_participant") }}
GRANT SELECT, INSERT, UPDATE (consent_withdrawn_on, ended_on, version) ON external_participant TO enplan_app;
GRANT SELECT, INSERT ON external_participant TO enplan_worker;
CREATE TRIGGER external_participant_in_open_plan BEFORE INSERT OR UPDATE ON external_participant FOR EACH ROW EXECUTE FUNCTION plan_is_open();

{{ protect("external_disclosure") }}
GRANT SELECT, INSERT ON external_disclosure TO enplan_app, enplan_worker;
CREATE TRIGGER external_disclosure_in_open_plan BEFORE INSERT OR UPDATE ON external_disclosure FOR EACH ROW EXECUTE FUNCTION plan_is_open();
CREATE TRIGGER external_disclosure_day_fits BEFORE INSERT ON external_disclosure FOR EACH ROW EXECUTE FUNCTION plan_day_fits();
