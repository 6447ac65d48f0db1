{% from "access/macros.sql" import is_own, may_see, protect %}

-- The access basis of a new young person is written right after the row (D-9). Every caller who sees a young person may
-- lock the row, in order to write elsewhere; `identity_is_changed_by_casework` checks a change of identity.
{{ protect("young_person", person="id", insert=is_own("writing_unit_id"),
           update=may_see("young_person", "young_person.id")) }}
GRANT SELECT, INSERT, UPDATE ON young_person TO enplan_app, enplan_worker;

{{ protect("person_identifier") }}
GRANT SELECT, INSERT, UPDATE ON person_identifier TO enplan_app, enplan_worker;

-- A step function: rows are only added.
{{ protect("coordination") }}
GRANT SELECT, INSERT ON coordination TO enplan_app;
GRANT SELECT, INSERT, UPDATE ON coordination TO enplan_worker;
