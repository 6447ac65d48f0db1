{% from "access/macros.sql" import may_see, may_write, protect, protect_fact, reads_task %}

-- An employee may tick their own tasks with any access basis, and a provider may tick the tasks of its own interventions.
{{ protect("task", also=["law"],
           update=may_write("task", provider="task.writing_unit_id", also=["law"])
               ~ " OR employee_id = (SELECT acting_employee()) AND " ~ may_see("task")) }}
{{ protect_fact("task", reads_task("task")) }}
GRANT SELECT, INSERT, UPDATE ON task TO enplan_app, enplan_worker;
