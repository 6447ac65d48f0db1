-- Extensions, who may call functions, the programs that may serve, information areas, and the settings of a transaction.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Only the roles to which a function is granted may call it.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO enplan_app, enplan_worker, enplan_figures;

CREATE DOMAIN information_area AS integer
    CONSTRAINT information_area_known CHECK (VALUE IN (1, 2, 4, 8, 16, 32));

-- The settings of the transaction, which `act_as` sets. `set_config(…, true)` leaves the empty string on a pooled
-- connection, hence NULLIF. Only the functions that defaults need are here; the others are in sql/access/acting.sql.
CREATE FUNCTION acting_employee() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.actor', true), '')::uuid;
GRANT EXECUTE ON FUNCTION acting_employee() TO enplan_app, enplan_worker;

CREATE FUNCTION acting_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    RETURN NULLIF(current_setting('app.now', true), '')::timestamptz;
GRANT EXECUTE ON FUNCTION acting_now() TO enplan_app, enplan_worker;

CREATE FUNCTION acting_today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.now', true), '')::timestamptz AT TIME ZONE 'Europe/Copenhagen')::date;
GRANT EXECUTE ON FUNCTION acting_today() TO enplan_app, enplan_worker;

-- F6: the programs that may serve the database. The level itself is the list of applied migrations and `applied_sql`.
CREATE TABLE serving_level (
    only_one       boolean PRIMARY KEY DEFAULT true CONSTRAINT serving_level_only_one CHECK (only_one),
    oldest_serving text NOT NULL CONSTRAINT serving_level_form CHECK (oldest_serving ~ '^[0-9]{14}$'),
    applied_sql    text[] NOT NULL
);

CREATE TABLE sql_object (
    identity text PRIMARY KEY,
    digest   bytea NOT NULL CONSTRAINT sql_object_digest_length CHECK (length(digest) = 32)
);
