-- Writes src/schema.rs from the catalogue: every table but the partitions, in alphabetical order.
WITH relation AS (
    SELECT c.oid, c.relname FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname NOT LIKE '\_\_diesel%'
), relation_column AS (
    SELECT a.attrelid, a.attnum, a.attname,
           CASE WHEN a.attnotnull THEN kind ELSE format('Nullable<%s>', kind) END AS kind
      FROM pg_attribute a
      JOIN LATERAL (SELECT CASE format_type(a.atttypid, NULL)
               WHEN 'uuid' THEN 'Uuid' WHEN 'text' THEN 'Text' WHEN 'bytea' THEN 'Bytea' WHEN 'double precision' THEN 'Float8' WHEN 'boolean' THEN 'Bool'
               WHEN 'timestamp with time zone' THEN 'Timestamptz' WHEN 'date' THEN 'Date' WHEN 'interval' THEN 'Interval' WHEN 'json' THEN 'Json'
               WHEN 'smallint' THEN 'Int2' WHEN 'integer' THEN 'Int4' WHEN 'information_area' THEN 'Int4' WHEN 'case_function' THEN 'Text' WHEN 'bigint' THEN 'Int8'
               WHEN 'uuid[]' THEN 'Array<Uuid>' WHEN 'text[]' THEN 'Array<Text>' WHEN 'integer[]' THEN 'Array<Int4>' WHEN 'daterange' THEN 'Range<Date>'
               WHEN 'tstzrange' THEN 'Range<Timestamptz>'
               END AS kind) k ON true
     -- What the database alone searches is no column to the program.
     WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid <> 'tsvector'::regtype
), primary_key AS (
    SELECT i.indrelid, string_agg(a.attname, ', ' ORDER BY k.position) AS columns
      FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, position)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indisprimary GROUP BY i.indrelid
)
SELECT string_agg(format(E'diesel::table! {\n    %s (%s) {\n%s\n    }\n}\n', r.relname, p.columns, body), E'\n' ORDER BY r.relname)
       || format(E'\ndiesel::allow_tables_to_appear_in_same_query!(\n%s\n);\n', string_agg(format('    %s,', r.relname), E'\n' ORDER BY r.relname)) AS schema
  FROM relation r JOIN primary_key p ON p.indrelid = r.oid
  JOIN LATERAL (SELECT string_agg(format('        %s -> %s,', c.attname, c.kind), E'\n' ORDER BY c.attnum) AS body
                  FROM relation_column c WHERE c.attrelid = r.oid) b ON true;
