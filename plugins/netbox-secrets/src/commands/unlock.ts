import type { PluginCall, PluginCommand, PluginReport } from '@latchkey/host/extend';
import { distantHost } from './distant-host';
import { shownAs } from './long-work';
import { keyOptions, privateKeyOf, staysHere, unwrapped, type Wrapped } from './private-key';

const address = '/api/secrets/unlock/';

interface Challenge {
  readonly challenge: string;
  readonly wraps: readonly Wrapped[];
}

async function run(call: PluginCall): Promise<PluginReport> {
  const key = await privateKeyOf(call);
  const url = call.maybe('url');
  const ask = url === undefined ? call.request : distantHost(call, url);
  const { challenge, wraps } = await ask<Challenge>('GET', address);
  const masters = await unwrapped(call, '--private-key', key, wraps);
  const name = call.maybe('name');
  const body = { challenge, masters, preserve_key: call.isOn('preserve'), ...(name !== undefined && { name }) };
  return shownAs(await ask<Readonly<Record<string, unknown>>>('POST', address, body));
}

/** The command that gets a session key and keeps the private key at home. */
export const unlock: PluginCommand = {
  usage: 'netbox unlock',
  summary: 'get a session key for X-Session-Key, without sending the private key anywhere',
  options: [
    ...keyOptions,
    ['--url <url>', 'a host that is reached over HTTP, such as https://secrets.example.com'],
    ['--token-file <file>', 'the token to sign in with at --url'],
    ['--name <name>', 'what the session is called in the list of sessions'],
    ['--preserve', 'give the session key of an earlier unlock again, of that name if one is given'],
  ],
  examples: [
    'netbox unlock --url https://secrets.example.com --token-file token --private-key jane.pem',
    'netbox unlock --private-key admin.pem --output json',
  ],
  more: `${staysHere}\nWithout --url it asks the host of the data folder, as its superuser.`,
  run,
};
