import { createHost, type Host } from '../../host/src/compose';
import { main } from '../../host/src/cli/main';
import { localConfig } from '../support/local-host';
import { removeTemporaryFolders } from '../support/temporary-folder';

jest.setTimeout(60_000);

const config = localConfig();
let host: Host;
beforeAll(async () => {
  host = await createHost(config);
  await host.listen();
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await host.close();
  removeTemporaryFolders();
});

/** Runs a command line as the shell would, on the host that runs on the data folder. */
async function latchkey(...parameters: string[]) {
  const said = { out: '', err: '' };
  const into = (stream: 'out' | 'err') => (text: unknown) => {
    said[stream] += String(text);
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(into('out'));
  jest.spyOn(process.stderr, 'write').mockImplementation(into('err'));
  const code = await main(parameters, { LATCHKEY_DATA_DIR: config.dataDir, LATCHKEY_LOG_LEVEL: 'silent' });
  return { code, ...said };
}
const json = async (...parameters: string[]) => {
  const { code, out, err } = await latchkey(...parameters, '--output', 'json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
};

test('fields are made, given values, listed, changed and deleted from the command line', async () => {
  const owner = await json('custom-field', 'create', 'Owner team', 'text');
  expect(owner).toMatchObject({ key: 'owner_team', content_types: ['extras.secret'], required: false, choices: [] });
  const types = ['--content-type', 'extras.secret', '--content-type', 'extras.secretsgroup'];
  const made = await json('custom-field', 'create', 'Class', 'select', '--choice', 'z', '--choice', 'a', ...types);
  expect(made.choices.map(({ value }: { value: string }) => value)).toEqual(['z', 'a']);
  await json('custom-field', 'create', 'Free', 'json');

  const variable = ['--provider', 'environment-variable', '--param', 'variable=A'];
  const fields = ['--field', 'owner_team=12', '--field', 'class=z', '--field', 'free={"a": [1]}'];
  const secret = await json('secret', 'create', 's', ...variable, ...fields);
  expect(secret.custom_fields).toEqual({ owner_team: '12', class: 'z', free: { a: [1] } });
  const changed = await json('secret', 'update', 's', '--field', 'class=a', '--unset-field', 'owner_team');
  expect(changed.custom_fields).toEqual({ owner_team: null, class: 'a', free: { a: [1] } });
  const group = await json('group', 'create', 'g', '--field', 'class=a');
  expect(group.custom_fields).toEqual({ class: 'a' });
  expect((await json('group', 'update', 'g', '--unset-field', 'class')).custom_fields).toEqual({ class: null });

  const used = await latchkey('custom-field', 'update', 'class', '--remove-choice', 'a');
  expect([used.code, used.err]).toEqual([5, expect.stringContaining('in active use')]);
  const renewed = await json(
    'custom-field',
    'update',
    'class',
    '--choice',
    'm',
    '--remove-choice',
    'z',
    '--label',
    'C',
  );
  expect([renewed.label, renewed.choices.map(({ value }: { value: string }) => value)]).toEqual(['C', ['a', 'm']]);
  expect((await latchkey('custom-field', 'show', 'class')).out).toMatch(/^choice +weight\na +\d+\nm +\d+$/m);
  expect((await latchkey('custom-field', 'list')).out).toContain('owner_team');
  expect((await latchkey('custom-field', 'delete', 'class')).out).toBe('Deleted the custom field "class".\n');
  expect((await json('secret', 'show', 's')).custom_fields).toEqual({ owner_team: null, free: { a: [1] } });
});

test.each([
  [['custom-field', 'show', 'none'], 'There is no custom-field "none"'],
  [['secret', 'create', 'x', '--field', 'none=1'], 'There is no custom-field "none"'],
  [['secret', 'create', 'x', '--field', 'free={'], 'The value of "free" is not JSON'],
  [['secret', 'create', 'x', '--field', 'free'], '--field takes key=value'],
  [['custom-field', 'create', 'x', 'colour'], '"colour" is not a valid choice'],
])('%j says what is wrong', async (line, message) => {
  const { code, err } = await latchkey(...line);
  expect([code === 0, err]).toEqual([false, expect.stringContaining(message)]);
});
