{% from "access/macros.sql" import protect %}

{{ protect("education_and_work", also=["law"]) }}
GRANT SELECT, INSERT, UPDATE ON education_and_work TO enplan_app, enplan_worker;
