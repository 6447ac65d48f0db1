DROP FUNCTION whom_to_ask(uuid[]);
DROP FUNCTION sees_behind(text, uuid[]);
DROP FUNCTION count_behind(text, uuid[]);
DROP FUNCTION rows_behind(text);
