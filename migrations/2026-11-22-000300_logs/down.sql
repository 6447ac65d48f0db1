DROP TABLE job;
DROP TABLE idempotency_key;
DROP FUNCTION make_log_partitions(date, integer);
DROP TABLE access_entry;
DROP TABLE event;
