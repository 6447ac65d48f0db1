CREATE POLICY worker ON account TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON account TO enplan_worker;

CREATE POLICY worker ON session TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON session TO enplan_worker;

CREATE POLICY worker ON refresh_token TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, DELETE ON refresh_token TO enplan_worker;
