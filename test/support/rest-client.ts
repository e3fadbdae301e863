/** What a request may say beside its method and path. */
export interface RestRequest {
  /** The token that is sent; null for none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in the place of `body`. */
  readonly raw?: string;
}

/** What came back. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
  readonly body: any;
}

/** Sends one request; redirects are not followed. */
export type Rest = (method: string, path: string, request?: RestRequest) => Promise<RestAnswer>;

/** Speaks to a host with a token, in JSON. */
export function restClient(url: string, ownToken: string): Rest {
  return async (method, path, { token = ownToken, headers, body, raw } = {}) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token !== null && { Authorization: `Token ${token}` }),
        ...(sent !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  };
}
