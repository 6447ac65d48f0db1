-- Events are only added: no role may change or delete one.
CREATE POLICY app_insert ON event FOR INSERT TO enplan_app WITH CHECK (actor_id = (SELECT acting_employee()));
CREATE POLICY worker_read ON event FOR SELECT TO enplan_worker USING (true);
CREATE POLICY worker_insert ON event FOR INSERT TO enplan_worker WITH CHECK (actor_id IS NULL);
GRANT INSERT ON event TO enplan_app;
GRANT SELECT, INSERT ON event TO enplan_worker;
