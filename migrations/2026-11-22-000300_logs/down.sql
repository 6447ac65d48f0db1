DROP TABLE job;
DROP TABLE idempotency_key;
DROP FUNCTION make_log_partitions(date, integer);
DROP FUNCTION tell_of_session(uuid, uuid, text, text, timestamptz, uuid);
DROP TABLE access_entry;
DROP TABLE event;
DROP FUNCTION event_stands_with_its_subject();
