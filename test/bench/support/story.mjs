/** The template of the story, and an object for it. */
export const variable = "GIT_TOKEN_{{ obj.slug | replace('-', '_') | upper }}";
export const object = {
  object_type: 'extras.gitrepository',
  name: 'Golden config',
  slug: 'golden-config',
  attributes: { branch: 'main', site: { name: 'Ashburn', slug: 'iad' }, tags: ['config', 'backup'] },
};
/** The variable that it becomes, and its value. */
export const environment = { GIT_TOKEN_GOLDEN_CONFIG: 'the value of the bench' };
export const token = 'bench-token-0123456789-0123456789';

/** The settings of a host that is measured. */
export const hostSettings = (dataDir) => ({
  LATCHKEY_PORT: '0',
  LATCHKEY_DATA_DIR: dataDir,
  LATCHKEY_SUPERUSER_API_TOKEN: token,
  LATCHKEY_LOG_LEVEL: 'warn',
});

export const headers = { Authorization: `Token ${token}`, 'Content-Type': 'application/json' };

/** Makes the story's rows in a host: a secret without a template, one with, the group and the object, and more secrets. */
export async function tell(url, more) {
  const create = async (collection, body) => {
    const answer = await fetch(`${url}/api/${collection}/`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status !== 201) throw new Error(`${collection}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()).id;
  };
  const secret = (name, text) =>
    create('extras/secrets', { name, provider: 'environment-variable', parameters: { variable: text } });
  const plain = await secret('Plain', 'GIT_TOKEN_GOLDEN_CONFIG');
  const templated = await secret('Templated', variable);
  const group = await create('extras/secrets-groups', { name: 'Repositories' });
  const slot = { access_type: 'HTTP(S)', secret_type: 'token' };
  await create('extras/secrets-groups-associations', { ...slot, secrets_group: group, secret: templated });
  const device = await create('inventory/objects', { ...object, secrets_group: group });
  const others = [];
  for (let i = 0; i < more; i += 1) others.push(await secret(`Other ${i}`, variable));
  return { plain, templated, group, slot, object: device, others };
}
