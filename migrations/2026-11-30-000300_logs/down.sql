DROP TABLE job;
DROP TABLE idempotency_key;
DROP TABLE access_entry;
DROP TABLE event;
