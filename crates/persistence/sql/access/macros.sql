{#- Who sees a row, and who writes it: the visibility predicate. Policies, read views, lists and search are made of these macros. -#}

{#- Is the unit or employee in `column` one of those for which the caller acts? -#}
{% macro is_own(column) -%}
{{ column }} = ANY ((SELECT acting_holders())::uuid[])
{%- endmacro %}

{#- Is the row `row`, which has `valid_from` and `valid_to`, valid at `moment`? -#}
{% macro is_valid(row, moment="acting_now()") -%}
{{ row }}.valid_from <= {{ moment }} AND {{ row }}.valid_to > {{ moment }}
{%- endmacro %}

{#- Is the access basis `b` held by one of `holders`, and valid at `moment`? The defaults are for policies: each setting of the
    transaction is read once per statement. Read views pass columns instead. -#}
{% macro basis_is_mine(b, holders="(SELECT acting_holders())::uuid[]", moment="(SELECT acting_now())") -%}
{{ b }}.holder_id = ANY ({{ holders }}) AND {{ is_valid(b, moment) }}
{%- endmacro %}

{#- The same inside functions of the owner, which read the settings directly. -#}
{% macro basis_is_held(b) -%}
{{ basis_is_mine(b, "acting_holders()", "acting_now()") }}
{%- endmacro %}

{#- Does the access basis `b` open the information area of the row `row`: of every unit's writing, or only of its giver's writing? -#}
{% macro opens_row(b, row) -%}
({{ b }}.areas & {{ row }}.information_area) <> 0 AND ({{ b }}.giver_id IS NULL OR {{ b }}.giver_id = {{ row }}.writing_unit_id)
{%- endmacro %}

{#- AC-10: the one definition of who sees the row `row` of the young person `person`. A valid access basis exists, and one of
    these is true: it opens the row; one of the caller's units wrote the row; one of them provides (`provider`) the intervention
    that the row is about. -#}
{% macro may_see(row, person=none, provider=none) -%}
EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = {{ person or row ~ ".young_person_id" }} AND {{ basis_is_mine("b") }}
        AND ({{ opens_row("b", row) }}
            OR {{ is_own(row ~ ".writing_unit_id") }}
            {%- if provider %} OR {{ is_own(provider) }}{% endif %}))
{%- endmacro %}

{#- AC-16, enforced below the application's policy: may the caller write or change the row? One access basis must satisfy all of
    it: it is a basis for casework, or of the kinds `also`, and opens the row's area. In health, family and crime, casework also
    allows the unit's own rows (AC-3). The unit that provides the row's intervention may change it for that reason, but not
    because of a basis that only shows it. `kinds` is an SQL expression that replaces the list of kinds. -#}
{% macro may_write(row, person=none, provider=none, also=[], kinds=none) -%}
{%- set listed = "'{registration,participation,assignment" ~ ("," ~ also | join(",") if also else "") ~ "}'::text[]" -%}
EXISTS (SELECT FROM access_basis b WHERE b.young_person_id = {{ person or row ~ ".young_person_id" }} AND {{ basis_is_mine("b") }}
        AND (b.kind = ANY ({{ kinds or listed }}) AND ({{ opens_row("b", row) }}
                OR {{ row }}.information_area >= 8 AND {{ is_own(row ~ ".writing_unit_id") }})
            {%- if provider %} OR b.kind IN ('registration', 'participation', 'assignment', 'provision') AND {{ is_own(provider) }}{% endif %}))
{%- endmacro %}

{#- The caller's bases for a young person as one row, for read views, which ask for them once per young person instead of once
    per table. There is a row only if a valid basis exists. Used in `JOIN LATERAL … a ON true`. -#}
{% macro bases_of(person) -%}
(SELECT me.holders, (array_agg(b.id))[1] AS basis_id, bit_or(b.areas) AS areas,
            coalesce(bit_or(b.areas) FILTER (WHERE b.giver_id IS NULL), 0) AS wide,
            array_agg(b.giver_id) FILTER (WHERE b.giver_id IS NOT NULL) AS givers,
            array_agg(b.areas) FILTER (WHERE b.giver_id IS NOT NULL) AS given
       FROM (SELECT acting_holders() AS holders, acting_now() AS moment OFFSET 0) me
       JOIN access_basis b ON b.young_person_id = {{ person }} AND {{ basis_is_mine("b", "me.holders", "me.moment") }}
      GROUP BY me.holders)
{%- endmacro %}

{#- `may_see` for read views: `mine` is the row of `bases_of`. -#}
{% macro may_see_in_view(row, mine, provider=none) -%}
(({{ mine }}.wide & {{ row }}.information_area) <> 0 OR {{ row }}.writing_unit_id = ANY ({{ mine }}.holders)
        {%- if provider %} OR {{ provider }} = ANY ({{ mine }}.holders){% endif %}
        OR ({{ mine }}.givers IS NOT NULL AND EXISTS (SELECT FROM unnest({{ mine }}.givers, {{ mine }}.given) opened (giver, areas)
            WHERE opened.giver = {{ row }}.writing_unit_id AND (opened.areas & {{ row }}.information_area) <> 0)))
{%- endmacro %}

{#- `may_see` for lists and search, which begin with the caller's bases: does the valid basis `b` lead to the row of the young
    person? Almost always its own columns are sufficient. Otherwise the young person is read, as a scalar subquery: an EXISTS
    here may be planned as a hash of all young people. -#}
{% macro opens_identity(b) -%}
({{ b }}.areas & 1 <> 0 AND {{ b }}.giver_id IS NULL OR (SELECT {{ may_see("o", "o.id") }} FROM young_person o
        WHERE o.id = {{ b }}.young_person_id))
{%- endmacro %}

{#- AC-17: do the caller's roles read `fact`, an expression that returns the fact that a row reveals, or NULL? -#}
{% macro reads_fact(fact, person) -%}
((SELECT current_setting('app.blind', true)) IS DISTINCT FROM 'on' OR ({{ fact }}) IS NULL OR acting_reads({{ fact }}, {{ person }}))
{%- endmacro %}

{#- AC-17 for the task `t`. The employee who is responsible for a task always sees it. -#}
{% macro reads_task(t) -%}
({{ t }}.employee_id = (SELECT acting_employee()) OR {{ reads_fact("fact_of_task(" ~ t ~ ".kind, " ~ t ~ ".information_area)", t ~ ".young_person_id") }})
{%- endmacro %}

{#- Protects a table that belongs to a young person with these predicates. `also` are the kinds of access basis that may write
    it in addition to those of casework. The writing unit of a new row is one of the caller's. `insert` and `update` replace the
    condition of one policy. The worker (jobs, sealer, feed) has a separate policy. -#}
{% macro protect(table, person="young_person_id", provider=none, also=[], insert=none, update=none) -%}
{%- set whose = table ~ "." ~ person -%}
{%- set provides = table ~ "." ~ provider if provider else none -%}
{%- set writes = may_write(table, whose, provides, also) -%}
CREATE POLICY app_read ON {{ table }} FOR SELECT TO enplan_app USING ({{ may_see(table, whose, provides) }});
CREATE POLICY app_insert ON {{ table }} FOR INSERT TO enplan_app WITH CHECK ({{ insert or is_own("writing_unit_id") ~ " AND " ~ writes }});
CREATE POLICY app_update ON {{ table }} FOR UPDATE TO enplan_app USING ({{ update or writes }}) WITH CHECK ({{ update or writes }});
CREATE POLICY worker ON {{ table }} TO enplan_worker USING (true) WITH CHECK (true);
-- The writing unit and the information area of a row are set once (D-8): they decide who sees it.
CREATE TRIGGER writer_and_area_stay BEFORE UPDATE OF writing_unit_id, information_area ON {{ table }} FOR EACH ROW
    WHEN ((OLD.writing_unit_id, OLD.information_area) IS DISTINCT FROM (NEW.writing_unit_id, NEW.information_area))
    EXECUTE FUNCTION writer_and_area_stay();
{%- endmacro %}

{#- Protects a table that is part of an intervention: its rows have the area, writing unit and providing unit of the
    intervention (a foreign key holds them to it), regardless of the writing unit's caller. -#}
{% macro protect_as_intervention(table) -%}
{{ protect(table, provider="providing_unit_id",
           insert=may_write(table, table ~ ".young_person_id", table ~ ".providing_unit_id")) }}
{%- endmacro %}

{#- AC-17: hides the rows of a table if the caller's roles do not read their fact. `condition` replaces the one that follows
    from the table and the row's area. -#}
{% macro protect_fact(table, condition=none) -%}
CREATE POLICY reads_fact ON {{ table }} AS RESTRICTIVE FOR SELECT TO enplan_app
    USING ({{ condition or reads_fact("fact_of('" ~ table ~ "', " ~ table ~ ".information_area)", table ~ ".young_person_id") }});
{%- endmacro %}

{#- A part of an intervention is recorded while the intervention is not over, and so never in a closed plan (PL-9). It is
    stored as it was recorded (PL-11), except for the columns `ending`, which end it. -#}
{% macro recorded_while_it_runs(table, ending=none) -%}
-- PL-9, PL-11: a part of an intervention is recorded while the intervention is not over, and so never in a closed plan.
-- Used by the macro `recorded_while_it_runs`.
CREATE TRIGGER part_of_what_runs AFTER INSERT {% if ending %}OR UPDATE OF {{ ending }} {% endif %}ON {{ table }}
    FOR EACH ROW EXECUTE FUNCTION part_of_what_runs();
{%- endmacro %}
