-- The holders for whom the caller acts: the employee, and the units of their roles. NULL if nobody acts.
CREATE FUNCTION acting_holders() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(NULLIF(current_setting('app.holders', true), ''), ',')::uuid[];
GRANT EXECUTE ON FUNCTION acting_holders() TO enplan_app, enplan_worker;

-- AC-4: is the caller an administrator, who manages employees? The same as the policy.
CREATE FUNCTION acting_administrator() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.roles', true), '') ~ '(^|,)administrator@[^,@]*@administration(,|$)';
GRANT EXECUTE ON FUNCTION acting_administrator() TO enplan_app;

-- Does the caller lead this unit, in one of these roles?
CREATE FUNCTION acting_leads(unit uuid, roles text DEFAULT 'team-leader|department-head') RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('app.roles', true), '') ~ format('(^|,)(%s)@%s@', roles, unit);
GRANT EXECUTE ON FUNCTION acting_leads(uuid, text) TO enplan_app;
