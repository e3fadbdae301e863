import { resolve } from 'node:path';

const time = '2026-11-24T21:27:15.123Z';

/** Fills the database of a host that is not running, as its own writes would, but within seconds: a path in ten areas. */
export async function fillSecrets(file, count) {
  const { openSource } = await import(resolve(import.meta.dirname, '../../../host/dist/persistence/source.js'));
  const source = await openSource({ file, busyTimeout: 5000 });
  const numbers = `WITH RECURSIVE "n"("i") AS (SELECT 1 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${count})`;
  // In an order of names that has nothing to do with the areas.
  const name = `printf('secret %08x', ("i" * 2654435761) % 4294967296)`;
  const path = `'/opt/secrets/area-' || ("i" % 10) || '/team-' || ("i" % 97) || '/' || "i"`;
  const parameters = `json_object('path', ${path}, 'mount', 'kv-' || ("i" % 20))`;
  const provider = `CASE "i" % 4 WHEN 0 THEN 'vault' ELSE 'text-file' END`;
  const statements = [
    'BEGIN',
    `${numbers} INSERT INTO "secrets" ("id", "number", "created", "last_updated", "name", "name_folded", "slug",
      "slug_folded", "description", "description_folded", "provider", "provider_folded", "parameters")
      SELECT printf('%08x-0000-4000-8000-%012x', ("i" * 2654435761) % 4294967296, "i"), 1000000 + "i", '${time}', '${time}',
        ${name}, ${name}, 'many-' || "i", 'many-' || "i", '', '', ${provider}, ${provider}, ${parameters} FROM "n"`,
    ...['path', 'mount'].map(
      (key) => `INSERT INTO "secrets_parameters_leaves" ("owner_id", "path", "kind", "text", "folded")
        SELECT "id", '["${key}"]', 'text', "parameters" ->> '${key}', "parameters" ->> '${key}' FROM "secrets"
        WHERE "number" > 1000000`,
    ),
    'COMMIT',
  ];
  for (const statement of statements) await source.query(statement);
  await source.destroy();
}
