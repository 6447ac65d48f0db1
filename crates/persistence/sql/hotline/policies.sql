{% from "access/macros.sql" import is_own, may_see, may_write, reads_fact %}

CREATE POLICY app_read ON hotline_duty FOR SELECT TO enplan_app USING ((SELECT acting_employee()) IS NOT NULL);
CREATE POLICY worker ON hotline_duty TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT ON hotline_duty TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON hotline_duty TO enplan_worker;

-- A contact is visible to the callers on whose list it is, and by the visibility predicate to those who see what it says of the
-- young person.
CREATE POLICY app_read ON hotline_contact FOR SELECT TO enplan_app
    USING ({{ is_own("writing_unit_id") }} OR ({{ may_see("hotline_contact") }} AND {{ reads_fact("'contact'", "hotline_contact.young_person_id") }}));
{% set writes = is_own("writing_unit_id") ~ " OR " ~ may_write("hotline_contact") %}
CREATE POLICY app_update ON hotline_contact FOR UPDATE TO enplan_app USING ({{ writes }}) WITH CHECK ({{ writes }});
-- A contact is logged by the hotline and is at once on the list of the unit to which it belongs: a concern belongs to
-- B&U.
CREATE POLICY app_insert ON hotline_contact FOR INSERT TO enplan_app WITH CHECK (
    logged_by_id = (SELECT acting_employee()) AND logged_at = (SELECT acting_now())
    AND {{ is_own("logging_unit_id") }}
    AND logging_unit_id = (SELECT d.unit_id FROM hotline_duty d WHERE d.duty = 'contacts')
    AND writing_unit_id = (SELECT d.unit_id FROM hotline_duty d
                            WHERE d.duty = CASE WHEN concern IS NULL THEN 'contacts' ELSE 'concerns' END));
CREATE POLICY worker ON hotline_contact TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (young_person_id, tie_asked, tie_number, assessed_at, receipted_at, state, owner_id,
        taken_at, answered_at, closed_at, version) ON hotline_contact TO enplan_app, enplan_worker;

CREATE POLICY app_insert ON hotline_entry FOR INSERT TO enplan_app WITH CHECK (entered_by_id = (SELECT acting_employee())
    AND entered_at = (SELECT acting_now()) AND EXISTS (SELECT FROM hotline_contact c WHERE c.id = contact_id
        AND ({{ is_own("c.writing_unit_id") }} OR {{ may_write("c") }})));
CREATE POLICY app_read ON hotline_entry FOR SELECT TO enplan_app
    USING (EXISTS (SELECT FROM hotline_contact c WHERE c.id = contact_id));
CREATE POLICY worker ON hotline_entry TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON hotline_entry TO enplan_app, enplan_worker;
CREATE TRIGGER hotline_entry_stays BEFORE UPDATE ON hotline_entry FOR EACH ROW EXECUTE FUNCTION stays_as_written();

CREATE POLICY app_read ON hotline_caller FOR SELECT TO enplan_app USING (EXISTS (SELECT FROM hotline_contact c
    WHERE c.id = contact_id AND (c.concern IS NULL OR {{ is_own("c.writing_unit_id") }})));
CREATE POLICY app_insert ON hotline_caller FOR INSERT TO enplan_app WITH CHECK (is_being_logged(contact_id));
CREATE POLICY worker ON hotline_caller TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON hotline_caller TO enplan_app, enplan_worker;
CREATE TRIGGER hotline_caller_stays BEFORE UPDATE ON hotline_caller FOR EACH ROW EXECUTE FUNCTION stays_as_written();
