{% from "access/macros.sql" import protect, protect_fact %}

CREATE POLICY app_read ON meeting_room FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON meeting_room FOR INSERT TO enplan_app WITH CHECK (acting_leads(unit_id));
CREATE POLICY app_update ON meeting_room FOR UPDATE TO enplan_app USING (acting_leads(unit_id));
CREATE POLICY worker ON meeting_room TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON meeting_room TO enplan_app;
GRANT SELECT, INSERT ON meeting_room TO enplan_worker;

CREATE POLICY app_read ON meeting_window FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON meeting_window FOR INSERT TO enplan_app WITH CHECK (acting_leads(unit_id));
CREATE POLICY app_update ON meeting_window FOR UPDATE TO enplan_app USING (acting_leads(unit_id));
CREATE POLICY worker ON meeting_window TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON meeting_window TO enplan_app;
GRANT SELECT, INSERT ON meeting_window TO enplan_worker;

CREATE POLICY app_read ON meeting_slot FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY app_insert ON meeting_slot FOR INSERT TO enplan_app WITH CHECK (EXISTS (SELECT FROM meeting_window w
    WHERE w.id = window_id AND acting_leads(w.unit_id)));
CREATE POLICY app_update ON meeting_slot FOR UPDATE TO enplan_app USING (EXISTS (SELECT FROM meeting_window w
    WHERE w.id = window_id AND acting_leads(w.unit_id)));
CREATE POLICY worker ON meeting_slot TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON meeting_slot TO enplan_app;
GRANT SELECT, INSERT ON meeting_slot TO enplan_worker;

{{ protect("pregnancy") }}
{{ protect_fact("pregnancy") }}
GRANT SELECT, INSERT, UPDATE (born_on, ended_on, end_reason, network_map, version) ON pregnancy TO enplan_app;
GRANT SELECT, INSERT ON pregnancy TO enplan_worker;
CREATE TRIGGER pregnancy_is_known BEFORE INSERT ON pregnancy FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('known_on');
CREATE TRIGGER pregnancy_birth_is_told BEFORE INSERT OR UPDATE OF born_on ON pregnancy FOR EACH ROW
    WHEN (NEW.born_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('born_on');
CREATE TRIGGER pregnancy_end_is_told BEFORE INSERT OR UPDATE OF ended_on ON pregnancy FOR EACH ROW
    WHEN (NEW.ended_on IS NOT NULL) EXECUTE FUNCTION day_is_not_ahead('ended_on');

{{ protect("meeting", also=["law"]) }}
{{ protect_fact("meeting") }}
GRANT SELECT, INSERT, UPDATE (slot_id, room_id, starts_at, ends_at, outside_because, place_protected, state,
        cancelled_at, cancel_reason, held_at, changed_at, version) ON meeting TO enplan_app;
GRANT SELECT, INSERT ON meeting TO enplan_worker;

{{ protect("meeting_move", also=["law"]) }}
{{ protect_fact("meeting_move") }}
GRANT SELECT, INSERT ON meeting_move TO enplan_app, enplan_worker;

{{ protect("meeting_participant", also=["law"]) }}
{{ protect_fact("meeting_participant") }}
GRANT SELECT, INSERT, UPDATE (invited_at, excused_at, excuse, came, absence_reason, minutes_sent_at, basis_kind,
        basis_paragraph, basis_words) ON meeting_participant TO enplan_app;
GRANT SELECT, INSERT ON meeting_participant TO enplan_worker;

{{ protect("meeting_minutes", also=["law"]) }}
{{ protect_fact("meeting_minutes") }}
GRANT SELECT, INSERT ON meeting_minutes TO enplan_app, enplan_worker;

{{ protect("meeting_decision", also=["law"]) }}
{{ protect_fact("meeting_decision") }}
GRANT SELECT, INSERT ON meeting_decision TO enplan_app, enplan_worker;

{{ protect("meeting_task", also=["law"]) }}
{{ protect_fact("meeting_task") }}
GRANT SELECT, INSERT ON meeting_task TO enplan_app, enplan_worker;

CREATE POLICY app_read ON calendar_subscription FOR SELECT TO enplan_app USING (employee_id = (SELECT acting_employee()));
CREATE POLICY app_insert ON calendar_subscription FOR INSERT TO enplan_app WITH CHECK (employee_id = (SELECT acting_employee()));
CREATE POLICY app_update ON calendar_subscription FOR UPDATE TO enplan_app
    USING (employee_id = (SELECT acting_employee()) AND withdrawn_at IS NULL) WITH CHECK (employee_id = (SELECT acting_employee()));
CREATE POLICY worker ON calendar_subscription TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (withdrawn_at) ON calendar_subscription TO enplan_app;
GRANT SELECT ON calendar_subscription TO enplan_worker;
