DROP TABLE journal_correction;
DROP TABLE journal_entry;
DROP TABLE guardian;
DROP TABLE residence;
DROP TABLE education_and_work;
