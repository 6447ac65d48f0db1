CREATE POLICY app ON idempotency_key TO enplan_app
    USING (actor_id = (SELECT acting_employee())) WITH CHECK (actor_id = (SELECT acting_employee()));
CREATE POLICY worker ON idempotency_key TO enplan_worker USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO enplan_app;
GRANT SELECT, DELETE ON idempotency_key TO enplan_worker;
