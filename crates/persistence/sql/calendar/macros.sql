{#- The day of a timestamp, in Denmark. -#}
{% macro day_of(moment) -%}
({{ moment }} AT TIME ZONE 'Europe/Copenhagen')::date
{%- endmacro %}
