{% from "access/macros.sql" import protect %}

{{ protect("benefit_episode") }}
GRANT SELECT, INSERT, UPDATE ON benefit_episode TO enplan_app, enplan_worker;

-- Nothing is overwritten: no role changes an assessment of readiness.
{{ protect("readiness") }}
GRANT SELECT, INSERT ON readiness TO enplan_app, enplan_worker;

{{ protect("sanction") }}
GRANT SELECT, INSERT ON sanction TO enplan_app, enplan_worker;
