import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createHost, readConfig } from '@latchkey/host';
import { median } from '../support/rate.mjs';
import { headers, hostSettings } from '../support/story.mjs';

const page = 50;
const plaintext = 'a password of some length';

/** The encrypted store over REST: a list with its values, what a session key costs, and creating. */
export async function measure(settings) {
  const host = await createHost(readConfig(hostSettings(join(settings.folder, 'store'))));
  const url = await host.listen();
  const rounds = settings.quick ? 3 : 200;
  const ask = async (method, path, { body, sessionKey } = {}) => {
    const given = { ...headers, Accept: 'application/json', ...(sessionKey && { 'X-Session-Key': sessionKey }) };
    const init = { method, headers: given, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${url}${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };
  const timed = async (work, times = rounds) => {
    const took = [];
    for (let i = 0; i < times; i += 1) {
      const began = performance.now();
      await work(i);
      took.push(performance.now() - began);
    }
    return median(took);
  };

  try {
    const sessionKey = await unlocked(ask);
    const role = (await ask('POST', '/api/secrets/secret-roles/', { body: { name: 'Login', slug: 'login' } })).id;
    const device = await ask('POST', '/api/inventory/objects/', { body: { object_type: 'dcim.device', name: 'r1' } });
    const secret = (name) => ({ device: device.number, role, name, plaintext });
    const create = await timed(
      (i) => ask('POST', '/api/secrets/secrets/', { sessionKey, body: secret(`one ${i}`) }),
      Math.max(page, rounds),
    );
    const listPath = `/api/secrets/secrets/?limit=${page}`;
    const list = await timed(async () => {
      const { results } = await ask('GET', listPath, { sessionKey });
      if (results.length !== page || results.some((one) => one.plaintext !== plaintext)) throw new Error('no values');
    });
    const plain = await timed(() => ask('GET', listPath));
    const bare = await timed(bareDecrypts());
    const rolesPath = '/api/secrets/secret-roles/';
    const without = await timed(() => ask('GET', rolesPath));
    const withKey = await timed(() => ask('GET', rolesPath, { sessionKey }));
    return {
      list,
      plain,
      bare,
      listRatio: list / bare,
      valuesRatio: Math.max(0, list - plain) / bare,
      session: Math.max(0, withKey - without),
      create,
    };
  } finally {
    await host.close();
  }
}

/** Gives the superuser a key, and opens a session with it. */
async function unlocked(ask) {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await ask('POST', '/api/plugins/secrets/user-keys/', { body: { public_key: pair.publicKey } });
  const body = { private_key: pair.privateKey };
  return (await ask('POST', '/api/secrets/get-session-key/', { body })).session_key;
}

/** What the same values cost without a host: AES-256-GCM and JSON. */
function bareDecrypts() {
  const key = randomBytes(32);
  const rows = Array.from({ length: page }, () => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const text = Buffer.concat([cipher.update(plaintext.padEnd(64)), cipher.final()]);
    return { nonce, text, tag: cipher.getAuthTag() };
  });
  return () =>
    JSON.stringify(
      rows.map(({ nonce, text, tag }) => {
        const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag);
        return { plaintext: Buffer.concat([decipher.update(text), decipher.final()]).toString() };
      }),
    );
}
