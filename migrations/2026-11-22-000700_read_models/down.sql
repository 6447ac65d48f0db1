DROP FUNCTION search_young_people(text, integer);
DROP FUNCTION list_young_people(uuid, uuid, integer, integer);
DROP VIEW case_file;
DROP VIEW plan_file;
DROP VIEW goal_file;
DROP VIEW intervention_file;
