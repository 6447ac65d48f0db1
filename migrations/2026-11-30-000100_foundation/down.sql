DROP TABLE serving_level;
DROP FUNCTION acting_today();
DROP FUNCTION acting_now();
DROP FUNCTION acting_employee();
DROP DOMAIN information_area;
REVOKE USAGE ON SCHEMA public FROM enplan_app, enplan_worker, enplan_figures;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
DROP EXTENSION pg_trgm;
DROP EXTENSION btree_gist;
