-- Everything in the catalogue that is ours, a line each: what the migrations leave behind.
WITH ours AS (
    SELECT c.oid::regclass::text AS name, c.* FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE '\_\_diesel%'
), from_extension AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
)
SELECT format('%s %s owned by %s, security %s %s, options %s, grants %s', relkind, name, relowner::regrole,
              relrowsecurity, relforcerowsecurity, reloptions, relacl) AS line
  FROM ours
UNION ALL SELECT format('column %s.%s %s %s default %s grants %s', ours.name, attname, format_type(atttypid, atttypmod),
              attnotnull, pg_get_expr(adbin, adrelid), attacl)
  FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
UNION ALL SELECT format('constraint %s on %s: %s', quote_ident(conname), conrelid::regclass, pg_get_constraintdef(c.oid))
  FROM pg_constraint c WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE '\_\_diesel%'
UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN ours ON ours.oid = indrelid
UNION ALL SELECT pg_get_viewdef(ours.oid) FROM ours WHERE relkind = 'v'
UNION ALL SELECT format('policy %s on %s for %s to %s: %s / %s', polname, polrelid::regclass, polcmd, polroles::regrole[],
              pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy
UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT tgisinternal
UNION ALL SELECT format('%s grants %s', pg_get_functiondef(p.oid), proacl)
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND ('pg_proc'::regclass, p.oid) NOT IN (TABLE from_extension)
UNION ALL SELECT format('type %s %s', typname, typtype)
  FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype IN ('d', 'e') AND ('pg_type'::regclass, t.oid) NOT IN (TABLE from_extension)
UNION ALL SELECT format('extension %s', extname) FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL SELECT format('default privileges of %s: %s', defaclrole::regrole, defaclacl) FROM pg_default_acl
UNION ALL SELECT format('schema public grants %s', grants::text) FROM pg_namespace CROSS JOIN LATERAL unnest(nspacl) grants
  WHERE nspname = 'public' AND grants::text LIKE 'enplan%' AND grants::text NOT LIKE 'enplan_owner%'
 ORDER BY 1
