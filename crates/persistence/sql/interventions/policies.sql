{% from "access/macros.sql" import is_own, protect, protect_as_intervention, recorded_while_it_runs %}

-- Everybody reads the catalogue. The leader of the providing unit edits it.
CREATE POLICY app_read ON catalogue_entry FOR SELECT TO enplan_app USING (true);
CREATE POLICY app_insert ON catalogue_entry FOR INSERT TO enplan_app
    WITH CHECK ({{ is_own("provider_unit_id") }});
CREATE POLICY app_update ON catalogue_entry FOR UPDATE TO enplan_app
    USING ({{ is_own("provider_unit_id") }})
    WITH CHECK ({{ is_own("provider_unit_id") }});
CREATE POLICY worker ON catalogue_entry TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON catalogue_entry TO enplan_app, enplan_worker;

CREATE POLICY app_read ON catalogue_places FOR SELECT TO enplan_app USING (true);
CREATE POLICY app_write ON catalogue_places TO enplan_app USING (EXISTS (SELECT FROM catalogue_entry e
    WHERE e.code = catalogue_places.code AND {{ is_own("e.provider_unit_id") }}));
CREATE POLICY worker ON catalogue_places TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON catalogue_places TO enplan_app, enplan_worker;

CREATE POLICY app_read ON catalogue_presumes FOR SELECT TO enplan_app USING (true);
CREATE POLICY app_write ON catalogue_presumes TO enplan_app USING (EXISTS (SELECT FROM catalogue_entry e
    WHERE e.code = catalogue_presumes.code AND {{ is_own("e.provider_unit_id") }}));
CREATE POLICY worker ON catalogue_presumes TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON catalogue_presumes TO enplan_app, enplan_worker;

CREATE POLICY app_read ON catalogue_excludes FOR SELECT TO enplan_app USING (true);
CREATE POLICY app_write ON catalogue_excludes TO enplan_app USING (EXISTS (SELECT FROM catalogue_entry e
    WHERE e.code = catalogue_excludes.code AND {{ is_own("e.provider_unit_id") }}));
CREATE POLICY worker ON catalogue_excludes TO enplan_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON catalogue_excludes TO enplan_app, enplan_worker;

{{ protect("intervention", provider="providing_unit_id") }}
GRANT SELECT, INSERT, UPDATE ON intervention TO enplan_app, enplan_worker;

-- Nothing is overwritten: no role changes an assessment.
{{ protect("intake_assessment") }}
GRANT SELECT, INSERT ON intake_assessment TO enplan_app, enplan_worker;
CREATE TRIGGER intake_assessment_is_made_by_now BEFORE INSERT ON intake_assessment
    FOR EACH ROW EXECUTE FUNCTION day_is_not_ahead('assessed_on');

{{ protect_as_intervention("intervention_extension") }}
{{ recorded_while_it_runs("intervention_extension") }}
GRANT SELECT, INSERT ON intervention_extension TO enplan_app, enplan_worker;

{{ protect_as_intervention("attendance") }}
GRANT SELECT, INSERT, UPDATE ON attendance TO enplan_app, enplan_worker;

{{ protect("intervention_history", provider="providing_unit_id") }}
GRANT SELECT ON intervention_history TO enplan_app, enplan_worker;
