import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { examples } from '../../host/src/http/openapi/examples';
import { openLocalHost } from '../support/local-host';
import { adminToken } from '../support/host-process';
import { restClient, type Rest } from '../support/rest-client';
import { temporaryFolder, removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const run = promisify(execFile);

let rest: Rest;
let close: () => Promise<void>;
let file: string;
// oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
let document: any;

beforeAll(async () => {
  const host = await openLocalHost();
  close = () => host.close();
  rest = restClient(await host.listen(), adminToken);
  const { status, body, text } = await rest('GET', '/api/openapi.json');
  if (status !== 200) throw new Error(`${status} ${text}`);
  document = body;
  file = join(temporaryFolder(), 'openapi.json');
  writeFileSync(file, text);
});
afterAll(async () => {
  await close?.();
  removeTemporaryFolders();
});

// It is an ES module, which the tests cannot import.
test('is valid by an independent validator', async () => {
  const validator = require.resolve('@seriousme/openapi-schema-validator/bin/validate-api-cli.js');
  const { stdout } = await run(process.execPath, [validator, file]).catch((error: { stdout: string }) => error);
  expect(JSON.parse(stdout)).toEqual({ valid: true });
});

interface Schema {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}
const schema = (name: string): Schema => document.components.schemas[name] as Schema;
const referred = ({ $ref }: { $ref: string }): string => $ref.split('/').at(-1) as string;

/** Each collection that can be made, with the names of its schemas. */
const writable = () =>
  Object.entries<{ post?: { requestBody: { content: Record<string, { schema: { anyOf?: { $ref: string }[] } }> } } }>(
    document.paths,
  ).flatMap(([path, { post }]) => {
    const [first] = post?.requestBody.content['application/json']?.schema.anyOf ?? [];
    return first?.$ref !== undefined && path.endsWith('/') ? [{ path, name: referred(first).slice('New'.length) }] : [];
  });

test('every example works, and what it makes is as the document says', async () => {
  const collections = writable();
  expect(collections.length).toBeGreaterThanOrEqual(Object.keys(examples).length);
  for (const [type, example] of Object.entries(examples)) {
    const at = collections.find(({ name }) => schema(name).properties.object_type && typeOf(name) === type);
    const { path, name } = at ?? objects();
    const { status, body } = await rest('POST', path, { body: example });
    expect([type, status]).toEqual([type, 201]);

    const shown = await rest('GET', `${path}${body.id}/?include=computed_fields,relationships&exclude_m2m=false`);
    expect(Object.keys(schema(name).properties)).toEqual(expect.arrayContaining(Object.keys(shown.body as object)));
    expect(Object.keys(shown.body as object)).toEqual(expect.arrayContaining([...schema(name).required]));
  }
});

const typeOf = (name: string): unknown =>
  (schema(name).properties.object_type as { readonly const?: string } | undefined)?.const;
const objects = () => {
  const found = writable().find(({ path }) => path === '/api/inventory/objects/');
  if (!found) throw new Error('Objects are not told.');
  return found;
};

test('every name that a body may hold is known to the host', async () => {
  for (const { path, name } of writable()) {
    const { body: page } = await rest('GET', `${path}?limit=1`);
    const [row] = page.results as readonly { readonly id: string }[];
    if (!row || schema(`${name}Changes`) === undefined) continue;
    for (const given of Object.keys(schema(`${name}Changes`).properties)) {
      const { body } = await rest('PATCH', `${path}${row.id}/`, { body: { [given]: null } });
      expect([name, given, body?.[given]]).not.toEqual([name, given, ['Unknown field.']]);
    }
    // So that the loop above can fail.
    const unknown = await rest('PATCH', `${path}${row.id}/`, { body: { unheard_of: null } });
    expect(unknown.body).toEqual({ unheard_of: ['Unknown field.'] });
  }
});

test('every filter that is told is taken', async () => {
  const lists = Object.entries<{ get?: { operationId: string; parameters: { name?: string; $ref?: string }[] } }>(
    document.paths,
  );
  for (const [path, { get }] of lists) {
    if (!get?.operationId.endsWith('_list') || path.includes('{')) continue;
    for (const { $ref = '', name = referred({ $ref }) } of get.parameters) {
      const { status } = await rest('GET', `${path}?limit=1&${name}=`);
      expect([path, name, status]).toEqual([path, name, name === 'api_version' ? 404 : 200]);
    }
  }
});
