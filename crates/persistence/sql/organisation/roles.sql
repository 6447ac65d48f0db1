{% from "access/macros.sql" import is_valid %}

-- The roles of an employee at a time. A leader holds the role in the units below as well, not in those above (decisions
-- 6). Only the owner's functions call it, and it is inlined there.
CREATE FUNCTION roles_at(who uuid, moment timestamptz) RETURNS TABLE (role text, unit_id uuid, department text)
LANGUAGE sql STABLE AS $$
    SELECT r.role, u.id, u.department
      FROM employee_role r
      JOIN unit u ON u.id = r.unit_id OR (r.role IN ('team-leader', 'department-head') AND u.path @> ARRAY[r.unit_id])
     WHERE r.employee_id = who AND r.valid_from <= moment AND r.valid_to > moment
$$;

-- Does an employee work for a unit now, in the unit itself or as a leader of a unit above?
CREATE FUNCTION works_for(who uuid, of_unit uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM roles_at(who, acting_now()) r WHERE r.unit_id = of_unit)
$$;

-- Does the employee work in the unit now, and can they sign in?
CREATE FUNCTION works_in(who uuid, in_unit uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM employee_role r JOIN employee e ON e.id = r.employee_id AND e.deactivated_at IS NULL
        WHERE r.employee_id = who AND r.unit_id = in_unit AND {{ is_valid("r") }})
$$;

-- Does an employee lead a unit directly or from a unit above?
CREATE FUNCTION leads(who uuid, led uuid) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM roles_at(who, acting_now()) r WHERE r.unit_id = led AND r.role IN ('team-leader', 'department-head'))
$$;

-- Does the employee work in the unit at a time?
CREATE FUNCTION is_of_unit(who uuid, of_unit uuid, moment timestamptz) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM employee_role r WHERE r.employee_id = who AND r.unit_id = of_unit AND r.valid_from <= moment AND r.valid_to > moment);
