import { generateKeyPairSync } from 'node:crypto';
import { createHost, type Host } from '../../host/src/compose';
import { pairs } from './encrypted-store';
import { adminToken } from './host-process';
import { localConfig } from './local-host';
import { restClient, type Rest, type RestAnswer } from './rest-client';

/** A host of this process with the encrypted store, spoken to over HTTP. */
export interface NetboxHost {
  readonly host: Host;
  readonly rest: Rest;
  /** Unlocks with the private key of one's own, and gives the session key. */
  unlock(token?: string, privateKey?: string): Promise<string>;
  /** Unlocks as the plugin does it, and gives the whole answer. */
  session(token?: string, privateKey?: string): Promise<RestAnswer>;
}

/** What a test says of such a host. */
export interface NetboxHostOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly plugins?: readonly string[];
  /** Configuration of other plugins. */
  readonly others?: Readonly<Record<string, unknown>>;
  readonly host?: Readonly<Record<string, unknown>>;
}

/** Opens a host with the encrypted store and serves it. */
export async function openNetboxHost({
  config,
  plugins = [],
  others,
  host: more,
}: NetboxHostOptions = {}): Promise<NetboxHost> {
  const host = await createHost(
    localConfig({
      plugins: {
        enabled: ['@latchkey/provider-environment-variable', '@latchkey/plugin-netbox-secrets', ...plugins],
        config: { ...others, 'netbox-secrets': { legacy_unlock: 'on', ...config } },
      },
      ...more,
    }),
  );
  const rest = restClient(await host.listen(), adminToken);
  const posted = (path: string) => (token: string, privateKey: string) =>
    rest('POST', path, { token, body: { private_key: privateKey } });
  const unlock = posted('/api/secrets/get-session-key/');
  const session = posted('/api/plugins/secrets/session-keys/');
  return {
    host,
    rest,
    session: (token = adminToken, privateKey = pairs.first.private) => session(token, privateKey),
    async unlock(token = adminToken, privateKey = pairs.first.private) {
      const { body, status, text } = await unlock(token, privateKey);
      if (status !== 200) throw new Error(`No session: ${status} ${text}`);
      return (body as { readonly session_key: string }).session_key;
    },
  };
}

/** A new key pair in PEM. */
export function newPair(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Makes a user with a token; a superuser where that is said. */
export async function newUser(
  rest: Rest,
  username: string,
  isSuperuser = false,
): Promise<{ id: string; token: string }> {
  const token = `token-of-${username}-0123456789-0123456789`;
  const user = await rest('POST', '/api/users/users/', { body: { username, is_superuser: isSuperuser } });
  const made = await rest('POST', '/api/users/tokens/', { body: { user: user.body?.id, key: token } });
  if (made.status !== 201) throw new Error(`${user.text} ${made.text}`);
  return { id: user.body.id as string, token };
}

/** Lets a user give a key, and the administrator activate it; gives the number of the user key. */
export async function letIn(rest: Rest, token: string, publicKey = pairs.second.public): Promise<number> {
  const given = await rest('POST', '/api/plugins/secrets/user-keys/', { token, body: { public_key: publicKey } });
  const id = given.body?.id as number;
  const body = { user_key_ids: [id], private_key: pairs.first.private };
  const answer = await rest('POST', '/api/plugins/secrets/user-keys/activate/', { body });
  if (answer.status !== 200) throw new Error(`${given.text} ${answer.text}`);
  return id;
}
