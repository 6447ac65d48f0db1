DROP TABLE job;
DROP TABLE idempotency_key;
DROP FUNCTION attach_log_partition(text, date);
DROP FUNCTION copy_to_log_partition(text, date, integer);
DROP FUNCTION make_log_partition(text, date);
DROP FUNCTION log_partitions_ahead(date);
DROP FUNCTION missing_log_partitions(date, integer);
DROP FUNCTION has_log_partition(text, date);
DROP FUNCTION log_partition(text, date);
DROP FUNCTION tell_of_session(uuid, uuid, text, text, timestamptz, uuid);
DROP TABLE access_entry;
DROP TABLE event;
-- The tables that were created for a log but not yet attached to it.
DO $$ DECLARE waiting text; BEGIN
    FOR waiting IN SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relname ~ '^(event|access_entry)_\d{4}_\d\d$' LOOP
        EXECUTE format('DROP TABLE %s', waiting);
    END LOOP;
END $$;
DROP FUNCTION event_stands_with_its_subject();
