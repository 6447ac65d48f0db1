-- The writer of the access log acts as nobody, because it writes the entries of many requests at once. A request writes
-- only its own entries. No role may change or delete an entry.
CREATE POLICY app_insert ON access_entry FOR INSERT TO enplan_app
    WITH CHECK ((SELECT acting_employee()) IS NULL OR actor_id = (SELECT acting_employee()));
CREATE POLICY worker_read ON access_entry FOR SELECT TO enplan_worker USING (true);
GRANT INSERT ON access_entry TO enplan_app;
GRANT SELECT ON access_entry TO enplan_worker;
