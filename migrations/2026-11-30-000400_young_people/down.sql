DROP TABLE coordination;
DROP TABLE access_check;
DROP TABLE access_basis;
DROP TABLE access_rule;
DROP TABLE person_identifier;
DROP TABLE young_person;
DROP FUNCTION fold_name(text);
