import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runHost, startHost, type HostProcess } from '../support/host-process';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';

jest.setTimeout(60_000);

const library = join(__dirname, '../fixtures/extensions/library');
const dataDir = temporaryFolder();
const janesToken = 'token-of-jane-who-reads-long-books';
let host: HostProcess;

beforeAll(async () => {
  host = await startHost({ dataDir, config: { plugins: { folders: [library] } } });
  await host.rest('POST', '/api/extras/tags/', { body: { name: 'classic', content_types: ['library.book'] } });
  await host.rest('POST', '/api/library/books/', {
    body: [
      { name: 'Structure and Interpretation', pages: 657, owner: { username: 'admin' }, tags: ['classic'] },
      { name: 'The Little Schemer', pages: 196 },
    ],
  });
});
afterAll(async () => {
  await host?.stop();
  removeTemporaryFolders();
});

const books = async (query = '') => {
  const { body } = await host.rest('GET', `/api/library/books/${query}`);
  return body.results?.map(({ name }: { name: string }) => name);
};

describe('a collection that a plugin brings, without a line of router code', () => {
  test('is listed in the maps of addresses', async () => {
    expect((await host.rest('GET', '/api/')).body.library).toBe(`${host.url}/api/library/`);
    expect((await host.rest('GET', '/api/library/')).body).toEqual({ books: `${host.url}/api/library/books/` });
  });

  test('has filters with their suffixes, the search, orders, tags and references', async () => {
    expect(await books('?pages__gt=200')).toEqual(['Structure and Interpretation']);
    expect(await books('?q=schemer')).toEqual(['The Little Schemer']);
    expect(await books('?sort=-pages')).toEqual(['Structure and Interpretation', 'The Little Schemer']);
    expect(await books('?tags=classic')).toEqual(['Structure and Interpretation']);
    expect(await books('?owner=admin')).toEqual(['Structure and Interpretation']);
    expect((await host.rest('GET', '/api/library/books/?shelf_mark=B')).status).toBe(400);
  });

  test('is read by a natural key, changed and deleted, with the messages of every collection', async () => {
    expect((await host.rest('GET', '/api/library/books/the-little-schemer/')).body.pages).toBe(196);
    const { status, body } = await host.rest('POST', '/api/library/books/', { body: { pages: 'many' } });
    expect([status, body]).toEqual([
      400,
      { name: ['This field is required.'], pages: ['A valid integer is required.'] },
    ]);
  });

  test('says in OPTIONS, CSV and OpenAPI what it holds, and never its sealed field', async () => {
    const { body } = await host.rest('OPTIONS', '/api/library/books/');
    expect(body.actions.POST.name).toMatchObject({ required: true, help_text: 'What stands on the spine' });
    const csv = (await host.rest('GET', '/api/library/books/?format=csv')).text;
    expect(csv).toContain('The Little Schemer');
    const document = (await host.rest('GET', '/api/openapi.json')).body;
    expect(Object.keys(document.paths)).toContain('/api/library/books/');
    for (const text of [JSON.stringify(body), csv, JSON.stringify(document)]) expect(text).not.toContain('shelf_mark');
  });

  test('has notes, and its changes are in the change log', async () => {
    const [{ id }] = (await host.rest('GET', '/api/library/books/?pages=196')).body.results;
    const note = await host.rest('POST', `/api/library/books/${id}/notes/`, { body: { note: 'Read twice.' } });
    expect(note.status).toBe(201);
    const changes = await host.rest('GET', `/api/extras/object-changes/?changed_object_id=${id}`);
    expect(changes.body.results[0]).toMatchObject({
      changed_object_type: 'library.book',
      object_repr: 'The Little Schemer',
    });
  });

  test('has custom fields, in rows, filters and CSV, because its type says so', async () => {
    const field = { label: 'Shelf', key: 'shelf', type: 'multi-select', content_types: ['library.book'] };
    const { id } = (await host.rest('POST', '/api/extras/custom-fields/', { body: field })).body;
    for (const value of ['attic', 'cellar'])
      await host.rest('POST', '/api/extras/custom-field-choices/', { body: { custom_field: id, value } });
    const values = (shelf: readonly string[]) => ({ body: { custom_fields: { shelf } } });
    const address = '/api/library/books/the-little-schemer/';
    expect((await host.rest('PATCH', address, values(['loft']))).status).toBe(400);
    expect((await host.rest('PATCH', address, values(['attic']))).body.custom_fields).toEqual({ shelf: ['attic'] });
    expect(await books('?cf_shelf=attic')).toEqual(['The Little Schemer']);
    expect(await books('?cf_shelf__n=attic')).toEqual(['Structure and Interpretation']);
    expect((await host.rest('GET', '/api/library/books/?format=csv')).text).toMatch(/,cf_shelf\r\n/);
    expect((await host.rest('DELETE', '/api/extras/custom-fields/shelf/')).status).toBe(204);
    expect((await host.rest('GET', address)).body.custom_fields).toEqual({});
  });

  test('is seen by who has a permission with constraints, and by nobody else', async () => {
    const user = { username: 'jane', is_active: true };
    await host.rest('POST', '/api/users/users/', { body: user });
    await host.rest('POST', '/api/users/tokens/', { body: { user: { username: 'jane' }, key: janesToken } });
    const asked = () => host.rest('GET', '/api/library/books/', { token: janesToken });
    expect((await asked()).status).toBe(403);
    const permission = {
      name: 'long books',
      object_types: ['library.book'],
      actions: ['view'],
      constraints: { pages__gte: 500 },
      users: [{ username: 'jane' }],
    };
    expect((await host.rest('POST', '/api/users/permissions/', { body: permission })).status).toBe(201);
    expect((await asked()).body.results).toHaveLength(1);
    const wrong = { ...permission, name: 'w', constraints: { shelf_mark: 'B' } };
    expect((await host.rest('POST', '/api/users/permissions/', { body: wrong })).status).toBe(400);
  });
});

describe('what else a plugin adds', () => {
  test('a guard has its say on rows of the host, in its messages', async () => {
    const secret = { name: 'Necronomicon', provider: 'environment-variable', parameters: { variable: 'X' } };
    const { status, body } = await host.rest('POST', '/api/extras/secrets/', { body: secret });
    expect([status, body]).toEqual([400, { name: ['The library does not want this.'] }]);
  });

  test('changes are told in their transaction, and jobs go on beside requests', async () => {
    const find = async () =>
      (await host.rest('GET', '/api/library/events/')).body.find(
        ({ about }: { about: string }) => about === 'extras.tag made',
      );
    for (let i = 0; i < 100 && !(await find())?.ripe; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await find()).toEqual({ about: 'extras.tag made', ripe: true });
  });

  test('a route of its own writes through the host, with fields that no body can set', async () => {
    const [{ id }] = (await host.rest('GET', '/api/library/books/?pages=657')).body.results;
    const lend = (token?: string) => host.rest('POST', `/api/library/books/${id}/lend/`, token ? { token } : {});
    expect((await lend(janesToken)).status).toBe(403);
    expect((await lend()).body).toEqual({ name: 'Structure and Interpretation', is_lent: true });
    await host.rest('PATCH', `/api/library/books/${id}/`, { body: { shelf_mark: 'C 1', pages: 658 } });
    const log = await host.rest('GET', `/api/extras/object-changes/?changed_object_id=${id}&action=update`);
    expect(log.body.results.map((one: { secrets_changed: unknown }) => one.secrets_changed)).toEqual([
      [],
      ['shelf_mark'],
    ]);
    expect(log.text).not.toContain('B 12');
  });

  test('an authenticator of its own recognises a user, who may no more than it says', async () => {
    const card = { token: 'library-card-of-jane' };
    expect((await host.rest('GET', '/api/library/books/', card)).body.count).toBe(1);
    expect((await host.rest('POST', '/api/library/books/', { ...card, body: { name: 'X' } })).status).toBe(403);
    expect((await host.rest('GET', '/api/library/books/', { token: 'library-card-of-bob-no-one' })).status).toBe(403);
  });
});

describe('a command of a plugin', () => {
  const run = (...words: string[]) => {
    const file = join(dataDir, 'for-the-command.json');
    writeFileSync(file, JSON.stringify({ plugins: { folders: [library] } }));
    const env = { PATH: process.env.PATH, HOME: dataDir, LATCHKEY_CONFIG: file, LATCHKEY_DATA_DIR: dataDir };
    return spawnSync(process.execPath, [join(__dirname, '../../host/bin/latchkey.js'), ...words], {
      env,
      encoding: 'utf8',
    });
  };

  test('is in the help, and says how it is used', () => {
    expect(run('--help').stdout).toMatch(/library .*\n/);
    expect(run('library', 'lend', '--help').stdout).toContain('latchkey library lend "The Little Schemer"');
  });

  test('asks the running host as its superuser, and prints what it found', () => {
    const { stdout, stderr, status } = run('library', 'lend', 'The Little Schemer', '--output', 'json');
    expect([status, JSON.parse(stdout), stderr]).toEqual([
      0,
      { name: 'The Little Schemer', is_lent: true },
      'Please bring it back.\n',
    ]);
    expect(run('library', 'lend', 'Zhuangzi').status).toBe(1);
  });
});

test('the host starts without the plugin on a database that has its tables, and with it again', async () => {
  await host.stop();
  host = await startHost({ dataDir });
  expect((await host.rest('GET', '/api/library/books/')).status).toBe(404);
  expect((await host.rest('GET', '/api/users/permissions/')).status).toBe(200);
  await host.stop();
  host = await startHost({ dataDir, config: { plugins: { folders: [library] } } });
  expect(await books()).toHaveLength(2);
});

test('an extension that does not open stops the start, and the token of a first start is not lost with it', async () => {
  const env = { LATCHKEY_SUPERUSER_API_TOKEN: undefined };
  const folder = join(__dirname, '../fixtures/extensions/does-not-open');
  const failed = await runHost({ env, config: { plugins: { folders: [folder] } } });
  expect([failed.code, failed.stdout + failed.stderr]).toEqual([1, expect.not.stringContaining('superuser')]);
  const next = await startHost({ env, dataDir: failed.dataDir });
  try {
    const [, token] = await next.says(/Its token is shown now and never again:\s+(\S+)/);
    expect((await next.rest('GET', '/api/users/users/', { token: token ?? '' })).status).toBe(200);
  } finally {
    await next.stop();
  }
});
