import type { Rest, RestAnswer } from './rest-client';

/** Sends a creation that must work, and gives the row. */
export async function create(rest: Rest, collection: string, body: unknown): Promise<RestAnswer['body']> {
  const answer = await rest('POST', `/api/${collection}/`, { body });
  if (answer.status !== 201) throw new Error(`${collection}: ${answer.status} ${answer.text}`);
  return answer.body;
}

/** The rows of the story: one group with an SSH password and an enable secret, and a device that uses it. */
export interface Spine {
  readonly password: { readonly id: string };
  readonly enable: { readonly id: string };
  readonly group: { readonly id: string };
  readonly device: { readonly id: string };
}

/** Where csr1's enable secret lies below a folder, as its template says. */
export const enableFile = 'iad/csr1.txt';

/** Makes the story's rows over REST: a variable and a file, both templated by the device. */
export async function makeSpine(rest: Rest, folder: string): Promise<Spine> {
  const password = await create(rest, 'extras/secrets', {
    name: 'SSH password',
    provider: 'environment-variable',
    parameters: { variable: "SSH_{{ obj.slug | replace('-', '_') | upper }}" },
  });
  const enable = await create(rest, 'extras/secrets', {
    name: 'Enable secret',
    provider: 'text-file',
    parameters: { path: `${folder}/{{ obj.site.slug }}/{{ obj.name }}.txt` },
  });
  const group = await create(rest, 'extras/secrets-groups', { name: 'Core routers' });
  const slot = { secrets_group: group.id, access_type: 'SSH' };
  await create(rest, 'extras/secrets-groups-associations', { ...slot, secret_type: 'password', secret: password.id });
  await create(rest, 'extras/secrets-groups-associations', { ...slot, secret_type: 'secret', secret: enable.id });
  const device = await create(rest, 'inventory/objects', {
    object_type: 'dcim.device',
    name: 'csr1',
    attributes: { site: { slug: 'iad' }, secret_note: 'attribute-that-is-rendered' },
    secrets_group: group.id,
  });
  return { password, enable, group, device };
}
