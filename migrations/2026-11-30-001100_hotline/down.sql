DROP TABLE hotline_word;
DROP TABLE hotline_caller;
DROP TABLE hotline_entry;
DROP TABLE hotline_contact;
DROP TABLE hotline_duty;
DROP EXTENSION fuzzystrmatch;
