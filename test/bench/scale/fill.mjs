const time = '2026-11-24T21:27:15.123Z';
const chunk = 50_000;

/** What the engines say differently. */
const words = {
  sqlite: {
    numbers: (from, to) =>
      `WITH RECURSIVE "n"("i") AS (SELECT ${from} UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ${to})`,
    hex: (number, digits) => `printf('%0${digits}x', ${number})`,
    json: (text) => text,
  },
  postgres: {
    numbers: (from, to) => `WITH "n" AS (SELECT * FROM generate_series(${from}::bigint, ${to}::bigint) AS "s"("i"))`,
    hex: (number, digits) => `lpad(to_hex(${number}), ${digits}, '0')`,
    json: (text) => `(${text})::json`,
  },
};

const scatter = 2_654_435_761n;
const space = 4_294_967_296n;
const hex = (number, digits) => number.toString(16).padStart(digits, '0');
const scattered = (i) => hex((BigInt(i) * scatter) % space, 8);

/** The id of the ith secret, counted from one. */
export const idOf = (i) => `${scattered(i)}-0000-4000-8000-${hex(i, 12)}`;

/** Whether the ith secret has a value, in an environment variable; the others are in files and vaults, in ten areas. */
export const hasValue = (i) => i % 4 === 0;

/** The rows of some numbers, as the host's own writes would leave them, in two statements. */
function statements(engine, from, to, variable) {
  const { numbers, hex: inHex, json } = words[engine];
  const n = numbers(from, to);
  // In an order of names and ids that has nothing to do with that of the numbers.
  const random = inHex(`("i" * ${scatter}) % ${space}`, 8);
  const id = `${random} || '-0000-4000-8000-' || ${inHex('"i"', 12)}`;
  const name = `'Secret ' || ${random}`;
  const slug = `'secret-' || "i"`;
  const provider = `CASE "i" % 4 WHEN 0 THEN 'environment-variable' WHEN 1 THEN 'hashicorp-vault' ELSE 'text-file' END`;
  const key = `CASE "i" % 4 WHEN 0 THEN 'variable' ELSE 'path' END`;
  const text = `CASE "i" % 4 WHEN 0 THEN '${variable}'
    ELSE '/Opt/secrets/area-' || ("i" % 10) || '/team-' || ("i" % 97) || '/' || "i" END`;
  return [
    `${n} INSERT INTO "secrets" ("id", "number", "created", "last_updated", "name", "name_folded", "slug", "slug_folded",
      "description", "description_folded", "provider", "provider_folded", "parameters", "custom_fields")
      SELECT ${id}, "i", '${time}', '${time}', ${name}, lower(${name}), ${slug}, ${slug}, '', '', ${provider}, ${provider},
        ${json(`'{"' || ${key} || '":"' || ${text} || '"}'`)}, ${json(`'{}'`)} FROM "n"`,
    `${n} INSERT INTO "secrets_parameters_leaves" ("owner_id", "path", "kind", "text", "folded", "number")
      SELECT ${id}, '["' || ${key} || '"]', 'text', ${text}, lower(${text}), NULL FROM "n"`,
  ];
}

/** Fills the tables of an empty installation, which `query` asks, a part at a time. */
export async function fillSecrets({ engine, query }, { count, variable, progress = () => undefined }) {
  for (let from = 1; from <= count; from += chunk) {
    const to = Math.min(from + chunk - 1, count);
    await query('BEGIN');
    for (const statement of statements(engine, from, to, variable)) await query(statement);
    await query('COMMIT');
    progress(to);
  }
  await query(`INSERT INTO "latchkey_sequences" ("name", "last") VALUES ('extras.secret', ${count})
    ON CONFLICT ("name") DO UPDATE SET "last" = ${count}`);
}
