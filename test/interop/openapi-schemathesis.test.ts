import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { examples } from '../../host/src/http/openapi/examples';
import { openLocalHost } from '../support/local-host';
import { adminToken } from '../support/host-process';
import { pythonEnvironment } from '../support/python-env';
import { restClient, type Rest } from '../support/rest-client';
import { create } from '../support/spine';
import { temporaryFolder, removeTemporaryFolders } from '../support/temporary-folder';

const isFull = process.env.LATCHKEY_TEST_SCHEMATHESIS === 'full';
jest.setTimeout(isFull ? 7_200_000 : 900_000);

const python = pythonEnvironment(['openapi-spec-validator==0.9.0', 'schemathesis==4.32.5']);

const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
];

// One router answers for every collection, so that every value of every field is tried at these addresses alone, and a
// few at all others; with LATCHKEY_TEST_SCHEMATHESIS=full at all of them, for an hour.
const thoroughly = isFull ? '^/' : '^/api/(extras/secrets-groups-ass|users/tokens)';

const addresses: Readonly<Record<string, string>> = {
  'extras.customfield': 'extras/custom-fields',
  'extras.customfieldchoice': 'extras/custom-field-choices',
  'extras.tag': 'extras/tags',
  'extras.secret': 'extras/secrets',
  'extras.secretsgroup': 'extras/secrets-groups',
  'extras.secretsgroupassociation': 'extras/secrets-groups-associations',
  'inventory.object': 'inventory/objects',
  'auth.group': 'users/groups',
  'users.user': 'users/users',
  'users.token': 'users/tokens',
  'users.objectpermission': 'users/permissions',
};

(python === undefined ? describe.skip : describe)('what schemathesis sends, with data of its own making', () => {
  let url: string;
  let rest: Rest;
  let close: () => Promise<void>;
  let folder: string;
  let file: string;
  let settingsFile: string;

  beforeAll(async () => {
    folder = temporaryFolder();
    const host = await openLocalHost();
    close = () => host.close();
    url = await host.listen();
    rest = restClient(url, adminToken);
    for (const [type, example] of Object.entries(examples)) await create(rest, String(addresses[type]), example);
    const { text: document } = await rest('GET', '/api/openapi.json');
    file = join(folder, 'openapi.json');
    writeFileSync(file, document);
    settingsFile = join(folder, 'schemathesis.toml');
    writeFileSync(settingsFile, await settings());
  });
  afterAll(async () => {
    await close?.();
    removeTemporaryFolders();
  });

  /** Runs a module of the environment, and gives how it ended and what it said. */
  async function run(module: string, ...given: readonly string[]) {
    const child = spawn(join(String(python), 'bin/python'), ['-m', module, ...given], { cwd: folder });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, said: (await said).join('\n') };
  }

  /** The ids that there are, so that half of what is sent is about rows that are there. */
  async function settings(): Promise<string> {
    const lines = ['[generation]', 'with-security-parameters = false', 'database = "none"'];
    for (const address of Object.values(addresses)) {
      const { body } = await rest('GET', `/api/${address}/?limit=5`);
      const rows = body.results as readonly {
        readonly id: string;
        readonly username?: string;
        write_enabled?: boolean;
      }[];
      // Not the account that everything is sent by, nor its token.
      const ids = rows
        .filter(({ username, write_enabled }) => username !== 'admin' && !write_enabled)
        .map(({ id }) => id);
      const name = address.replace(/\W/g, '_');
      lines.push(`[dictionaries.${name}]`, `values = ${JSON.stringify(ids)}`);
      lines.push('[[operations]]', `include-path-regex = "^/api/${address}/[{]id"`);
      lines.push(`parameters = { "path.id" = { dictionary = "${name}", probability = 0.5 } }`);
    }
    lines.push('[[operations]]', `exclude-path-regex = "${thoroughly}"`, 'phases.coverage.enabled = false');
    return lines.join('\n');
  }

  function send(document: string, ...given: readonly string[]) {
    const before = ['--config-file', settingsFile, 'run', document, '-u', url];
    const about = ['-H', `Authorization: Token ${adminToken}`, '--checks', checks.join(',')];
    const how = ['--no-color', '--no-shrink', '--continue-on-failure', '--seed', '1', '--workers', '1'];
    // The files of the pages are large, and the same for everybody.
    const less = ['--exclude-path-regex', '^/api/docs/.'];
    return run('schemathesis.cli', ...before, ...about, ...how, ...less, ...given);
  }

  test('is answered as the document says, and never by a fault of the host', async () => {
    const { code, said } = await send(file, '--phases', 'examples,coverage,fuzzing', '--max-examples', '3');
    // The whole report, where there is one to read.
    expect(code === 0 ? '' : said).toBe('');
    const [, generated = 0] = /(\d+) generated, \d+ passed/.exec(said) ?? [];
    expect(Number(generated)).toBeGreaterThan(1500);
  });

  test('is noticed where the document says less', async () => {
    const { text: whole } = await rest('GET', '/api/openapi.json');
    const less = join(folder, 'less.json');
    writeFileSync(less, whole.replaceAll('"404":', '"410":'));
    const only = ['--include-operation-id', 'extras_secrets_retrieve'];
    const { code, said } = await send(less, ...only, '--phases', 'fuzzing', '--max-examples', '20');
    expect(said).toContain('Undocumented status code: 1');
    expect(code).toBe(1);
  });

  test('is described by a document that another validator finds valid', async () => {
    const { said } = await run('openapi_spec_validator', file);
    expect(said).toMatch(/openapi\.json: OK/);
  });
});
