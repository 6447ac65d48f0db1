-- The partitions of both logs, one for each month (D-26). Creating one takes no lock that a reader holds: a separate
-- table is created, filled with the rows of its month in the default partition, and attached. The attachment is tried for 100 ms
-- at most. `partitions.rs` calls each function in a separate transaction.
CREATE FUNCTION log_partition(log text, month date) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN format('%s_%s', log, to_char(month, 'YYYY_MM'));

CREATE FUNCTION has_log_partition(log text, month date) RETURNS boolean LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM pg_inherits WHERE inhparent = log::regclass AND inhrelid = to_regclass(log_partition(log, month)));

-- The months without a partition: among the next `months`, and among the rows in the default partitions.
CREATE FUNCTION missing_log_partitions(first date, months integer) RETURNS TABLE (log text, month date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT wanted.log, wanted.month FROM (
        SELECT logs.log, ahead.month::date
          FROM (VALUES ('event'), ('access_entry')) logs (log),
               generate_series(date_trunc('month', first::timestamp),
                   date_trunc('month', first::timestamp) + make_interval(months => months - 1), interval '1 month') ahead (month)
        UNION SELECT 'event', date_trunc('month', recorded_at AT TIME ZONE 'UTC')::date FROM event_default WHERE isfinite(recorded_at)
        UNION SELECT 'access_entry', date_trunc('month', recorded_at AT TIME ZONE 'UTC')::date FROM access_entry_default
               WHERE isfinite(recorded_at)
    ) wanted (log, month) WHERE NOT has_log_partition(wanted.log, wanted.month)
    ORDER BY wanted.month, wanted.log
$$;
GRANT EXECUTE ON FUNCTION missing_log_partitions(date, integer) TO enplan_worker;

-- The number of whole months, beginning with that of `first`, for which both logs have partitions, and the number of rows
-- outside.
CREATE FUNCTION log_partitions_ahead(first date) RETURNS TABLE (months integer, rows_outside bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(min(ahead.n), 120), (SELECT count(*) FROM event_default) + (SELECT count(*) FROM access_entry_default)
      FROM (VALUES ('event'), ('access_entry')) logs (log), generate_series(0, 119) ahead (n)
     WHERE NOT has_log_partition(logs.log, (date_trunc('month', first::timestamp) + make_interval(months => ahead.n))::date)
$$;
GRANT EXECUTE ON FUNCTION log_partitions_ahead(date) TO enplan_worker;

-- Creates the separate table. A table left by an earlier attempt is created again, because it contains only copies. A CHECK
-- states its range, so that the attachment does not scan it.
CREATE FUNCTION make_log_partition(log text, month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part text := log_partition(log, month);
BEGIN
    IF log NOT IN ('event', 'access_entry') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'no log';
    END IF;
    IF has_log_partition(log, month) THEN
        RETURN;
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', part);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING COMMENTS)', part, log);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT of_its_month CHECK (recorded_at >= %L AND recorded_at < %L)', part,
        month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
END $$;
GRANT EXECUTE ON FUNCTION make_log_partition(text, date) TO enplan_worker;

-- Copies at most `most` rows of the month from the default partition, from which they are still read. Returns the number of
-- copied rows.
CREATE FUNCTION copy_to_log_partition(log text, month date, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part   text := log_partition(log, month);
    copied integer;
BEGIN
    IF log NOT IN ('event', 'access_entry') OR has_log_partition(log, month) THEN
        RETURN 0;
    END IF;
    EXECUTE format('INSERT INTO %I SELECT r.* FROM %I r
        WHERE r.recorded_at >= greatest($1, (SELECT max(recorded_at) FROM %I)) AND r.recorded_at < $2
          AND NOT EXISTS (SELECT FROM %I c WHERE c.recorded_at = r.recorded_at AND c.id = r.id)
        ORDER BY r.recorded_at, r.id LIMIT $3', part, log || '_default', part, part)
        USING (month || ' 00:00:00+00')::timestamptz, ((month + interval '1 month')::date || ' 00:00:00+00')::timestamptz, most;
    GET DIAGNOSTICS copied = ROW_COUNT;
    RETURN copied;
END $$;
GRANT EXECUTE ON FUNCTION copy_to_log_partition(text, date, integer) TO enplan_worker;

-- Attaches the table, with the rows that are still in the default partition. An open transaction that has read the default
-- partition prevents this. The function then fails after 100 ms and delays no other transaction.
CREATE FUNCTION attach_log_partition(log text, month date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '100ms' AS $$
DECLARE
    part  text := log_partition(log, month);
    first timestamptz := month || ' 00:00:00+00';
    after timestamptz := (month + interval '1 month')::date || ' 00:00:00+00';
BEGIN
    IF log NOT IN ('event', 'access_entry') OR has_log_partition(log, month) THEN
        RETURN;
    END IF;
    EXECUTE format('LOCK TABLE ONLY %I IN SHARE UPDATE EXCLUSIVE MODE', log);
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', log || '_default');
    EXECUTE format('INSERT INTO %I SELECT r.* FROM %I r WHERE r.recorded_at >= $1 AND r.recorded_at < $2
        AND NOT EXISTS (SELECT FROM %I c WHERE c.recorded_at = r.recorded_at AND c.id = r.id)', part, log || '_default', part)
        USING first, after;
    EXECUTE format('DELETE FROM %I WHERE recorded_at >= $1 AND recorded_at < $2', log || '_default') USING first, after;
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', log, part, first, after);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT of_its_month', part);
END $$;
GRANT EXECUTE ON FUNCTION attach_log_partition(text, date) TO enplan_worker;
