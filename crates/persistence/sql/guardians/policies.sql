{% from "access/macros.sql" import protect %}

{{ protect("guardian") }}
GRANT SELECT, INSERT, UPDATE ON guardian TO enplan_app, enplan_worker;
