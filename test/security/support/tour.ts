import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCanary } from '../../support/canaries';
import type { Rest } from '../../support/rest-client';
import { create } from '../../support/spine';
import { temporaryFolder } from '../../support/temporary-folder';

/** One canary for each place where a value, or a credential of the host, can be. */
export function makeCanaries() {
  return {
    environment: makeCanary(),
    file: makeCanary(),
    bytes: Uint8Array.from([0xff, 0xfe, ...Buffer.from(makeCanary()), 0, 0xff]),
    backend: makeCanary(),
    leaky: makeCanary(),
    store: makeCanary().replace(/[^\x21-\x7e]/g, ''),
    token: `token-${Buffer.from(makeCanary()).toString('hex')}`,
    password: makeCanary(),
  };
}

export type Canaries = ReturnType<typeof makeCanaries>;

/** The variables and the configuration of a host that holds every canary. */
export function hostOf(canaries: Canaries, backendUrl: string) {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'iad'));
  writeFileSync(join(folder, 'iad/csr1.txt'), canaries.file);
  writeFileSync(join(folder, 'bytes'), canaries.bytes);
  writeFileSync(join(folder, 'large'), canaries.file.repeat(2000));
  writeFileSync(join(folder, 'password'), canaries.password);
  return {
    folder,
    env: {
      CANARY: canaries.environment,
      LEAKY_VALUE: canaries.leaky,
      LATCHKEY_SUPERUSER_API_TOKEN: canaries.token,
      LATCHKEY_SUPERUSER_PASSWORD_FILE: join(folder, 'password'),
      LATCHKEY_LOG_LEVEL: 'debug',
    },
    config: {
      plugins: { folders: [join(__dirname, '../leaky-backend')] },
      stores: {
        'hashicorp-vault': { default: { url: backendUrl, token: canaries.store } },
        'aws-secrets-manager': {
          default: { endpoint: backendUrl, access_key_id: 'AKIA', secret_access_key: canaries.store },
        },
      },
    },
  };
}

/** Every kind of secret of the tour: whether it has a value, its provider and its parameters. */
export function secretsOf(folder: string): readonly (readonly [string, boolean, string, Record<string, unknown>])[] {
  const wrong = ['denied', 'broken', 'malformed', 'unlike', 'moved'];
  const aws = { region: 'eu-central-1' };
  return [
    ['variable', true, 'environment-variable', { variable: '{{ obj.attribute_of_the_tour }}' }],
    ['no variable', false, 'environment-variable', { variable: 'ABSENT' }],
    ['file', true, 'text-file', { path: `${folder}/{{ obj.site }}/{{ obj.name }}.txt` }],
    ['file as bytes', true, 'text-file', { path: join(folder, 'bytes'), raw: true }],
    ['file that is no text', false, 'text-file', { path: join(folder, 'bytes') }],
    ['file that is too large', false, 'text-file', { path: join(folder, 'large') }],
    ['file that is a folder', false, 'text-file', { path: folder }],
    ['template that fails', false, 'text-file', { path: '/{{ obj.nothing.more }}' }],
    ['template that divides', false, 'text-file', { path: '/{{ 1 // 0 }}' }],
    ['vault', true, 'hashicorp-vault', { path: 'good', key: 'password' }],
    ['vault whole', true, 'hashicorp-vault', { path: 'good' }],
    ['vault absent key', false, 'hashicorp-vault', { path: 'good', key: 'absent' }],
    ['vault absent store', false, 'hashicorp-vault', { path: 'good', vault: 'absent' }],
    ...wrong.map((way) => [`vault ${way}`, false, 'hashicorp-vault', { path: way, key: 'password' }] as const),
    ['aws', true, 'aws-secrets-manager', { ...aws, name: 'good', key: 'password' }],
    ['aws whole', true, 'aws-secrets-manager', { ...aws, name: 'good' }],
    ['aws absent key', false, 'aws-secrets-manager', { ...aws, name: 'good', key: 'absent' }],
    ...wrong.map(
      (way) => [`aws ${way}`, false, 'aws-secrets-manager', { ...aws, name: way, key: 'password' }] as const,
    ),
    ['leaky value', true, 'leaky-backend', { way: 'value' }],
    ...['error', 'cause', 'aggregate', 'name', 'text', 'object', 'list', 'number', 'nothing', 'getter'].map(
      (way) => [`leaky ${way}`, false, 'leaky-backend', { way }] as const,
    ),
  ];
}

/** The object that the templates of the tour are rendered for. */
export const tourObject = { object_type: 'dcim.device', name: 'csr1' };

/** Makes the rows of the tour: each secret, and each in a group of its own. */
export async function makeTour(rest: Rest, folder: string): Promise<Record<string, { secret: string; group: string }>> {
  await create(rest, 'inventory/objects', {
    ...tourObject,
    attributes: { site: 'iad', attribute_of_the_tour: 'CANARY' },
  });
  const made: Record<string, { secret: string; group: string }> = {};
  for (const [name, , provider, parameters] of secretsOf(folder)) {
    const { id: secret } = await create(rest, 'extras/secrets', { name, provider, parameters });
    const { id: group } = await create(rest, 'extras/secrets-groups', { name: `Group of ${name}` });
    const slot = { access_type: 'Generic', secret_type: 'secret', secret, secrets_group: group };
    await create(rest, 'extras/secrets-groups-associations', slot);
    made[name] = { secret, group };
  }
  return made;
}
