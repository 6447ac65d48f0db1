DROP TABLE guardian;
DROP FUNCTION guardian_of_a_minor();
DROP TABLE residence;
DROP TABLE education_and_work;
DROP FUNCTION episode_days_stay();
DROP FUNCTION birthday(date, integer);
DROP FUNCTION age_on(date, date);
