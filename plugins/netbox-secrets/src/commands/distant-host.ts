import type { PluginCall, PluginFailure } from '@latchkey/host/extend';
import { needed } from './private-key';

const kinds: Readonly<Record<number, PluginFailure>> = {
  400: 'invalid',
  401: 'refused',
  403: 'refused',
  404: 'not-found',
  409: 'conflict',
};

const textOf = (body: string): string => {
  try {
    const { detail } = JSON.parse(body) as { readonly detail?: unknown };
    return typeof detail === 'string' ? detail : body;
  } catch {
    // NetBox's refusals are bare text.
    return body;
  }
};

/** Asks a host over HTTP, with the token of a file; redirects are not followed, since the token would go along. */
export function distantHost(call: PluginCall, url: string): PluginCall['request'] {
  const { failure, note } = call;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw failure('usage', `--url ${url} is no address of a host.`, 'Write it as https://secrets.example.com.');
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname))
    note(`${url} is not encrypted: whoever listens on the way sees the token and the session key.`);
  needed(call, 'tokenFile', '--token-file');
  const token = (call.fileText('tokenFile') ?? '').trim();
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { Authorization: `Token ${token}`, Accept: 'application/json', 'Content-Type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    let answer: Response;
    try {
      answer = await fetch(new URL(path, url), { method, headers, redirect: 'error', ...sent });
    } catch {
      // Its own message may quote a header, in which the token stands.
      throw failure('host', `${url} does not answer.`, 'Check the address, the network and the certificate.');
    }
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text) as T;
    const kind = kinds[answer.status] ?? 'host';
    throw failure(kind, `${url} answered ${answer.status}: ${textOf(text).slice(0, 500)}`, 'Correct what is named.');
  };
}
