import { readFileSync, writeFileSync } from 'node:fs';
import { at } from './workshop/tree.mjs';

const list = at('docs/reference/compatibility.json');
const page = at('docs/reference/compatibility.md');

const head = `# Where it differs from Nautobot

<!-- Made from compatibility.json by \`node scripts/compatibility.mjs\`; change that file and run it again. -->

A Nautobot 3.2.7 was asked some 500 things, step by step, and its answers were recorded. Latchkey gives the same answers, to the
word, save those in the table. Where Nautobot's answer is a fault, Latchkey's is the right one; where it is odd and a client may rely
on it, Latchkey's is as odd.

The steps are those of the recordings: the first word is the scenario (\`secrets\`, \`filters\`, \`groups\`, \`access\`), the others say
what is asked. A step that differs and is not in the table is an error, and so is one in the table that does not differ.

`;

const tail = `
## Clients

pynautobot 3.2.0, the newest, and 2.1.1 manage secrets, groups, slots and custom fields on Latchkey as they are (\`test/interop\`).

- pynautobot 2.0.0 to 2.1.0 ask \`/api/\` for its version without their token, and are refused.
- \`choices()\` of a pynautobot before 2.5 does not understand what \`OPTIONS\` answers since Nautobot 2.4, and raises \`ValueError\`.
- \`choices()\` raises \`ValueError\` for who may add nothing, since \`OPTIONS\` then offers no action; so it does with Nautobot.
- What pynautobot has words for and Latchkey has not: \`config()\`, \`installed_plugins()\`, \`render_jinja_template()\`, jobs, saved
  GraphQL queries, dynamic groups. The address is 404, and the client raises \`RequestError\`.
- aiopynautobot 0.2.0 was tried by hand, and lists, creates, changes and deletes secrets as pynautobot does.
- The modules for Ansible (\`networktocode.nautobot\` 6.1.1) were tried by hand: \`secret\`, \`secrets_group\`,
  \`secrets_groups_association\`, \`tag\`, \`custom_field\`, \`custom_field_choice\`, \`admin_user\`, \`admin_group\`, \`admin_permission\` and
  the lookup work, and a second run changes nothing. No registry that the tests install from has a package of them, so that no test runs them.
`;

/** Rows of one topic stay together, and what follows from something else comes last. */
function differences(rows) {
  const topics = grouped(rows, ({ topic }) => topic);
  return [...topics]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([topic, own]) => {
      const reasons = [...grouped(own, ({ reason }) => reason)].map(([reason, some]) => [
        topic,
        reason,
        some.map(({ step }) => step),
      ]);
      const follows = ([, reason]) => Number(reason.startsWith('Follows'));
      return reasons.toSorted((a, b) => follows(a) - follows(b));
    });
}

function grouped(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

const cell = (text) => text.replaceAll('|', String.raw`\|`);
const rows = differences(JSON.parse(readFileSync(list, 'utf8'))).map(
  ([topic, reason, steps]) => `| ${topic} | ${cell(reason)} | ${steps.map((step) => `\`${step}\``).join(', ')} |`,
);
const text = `${head}| topic | the difference, and why | steps |\n| --- | --- | --- |\n${rows.join('\n')}\n${tail}`;

if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(page, text);
