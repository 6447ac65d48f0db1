{% from "access/macros.sql" import is_valid %}

{#- CL-9: is the assignment `s` to the employee `e` in the intake queue? It is if the employee cannot sign in, or no longer holds
    the position. -#}
{% macro on_nobodys_hands(s, e) -%}
({{ e }}.deactivated_at IS NOT NULL OR NOT EXISTS (SELECT FROM employee_role held
        WHERE held.employee_id = {{ s }}.employee_id AND held.unit_id = {{ s }}.unit_id AND held.role = {{ s }}.counts_as
          AND {{ is_valid("held") }}))
{%- endmacro %}
