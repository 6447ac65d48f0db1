DROP TABLE past_stop;
DROP TABLE intake_entry;
DROP TABLE assignment;
DROP TABLE cover;
DROP TABLE caseload_terms;
DROP TABLE caseload_norm;
DROP DOMAIN case_function;
DROP FUNCTION case_functions();
