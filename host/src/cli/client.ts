import { request as send, type IncomingMessage } from 'node:http';
import { safeCause } from '@latchkey/core/kernel';
import { CommandError } from './exit-codes';
import { failureOfAnswer } from './failures';

/** The methods that the command uses. */
export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Speaks REST; an answer that refuses is thrown as a {@link CommandError}. */
export interface Client {
  request<T = unknown>(method: Method, path: string, body?: unknown): Promise<T>;
}

/** A client of the host that listens on a socket. */
export function socketClient(socketPath: string): Client {
  return {
    async request<T>(method: Method, path: string, body?: unknown): Promise<T> {
      const { status, text } = await exchange(socketPath, method, path, body);
      const answer = text === '' ? undefined : parse(text);
      if (status < 200 || status > 299) throw failureOfAnswer(status, answer);
      return answer as T;
    },
  };
}

/** Sends one request over a socket, and gives what is answered. */
export function exchange(socketPath: string, method: Method, path: string, body: unknown) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    Accept: 'application/json',
    ...(text !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
  };
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const gone = (error: unknown) =>
      reject(new CommandError('host', `The host broke off (${safeCause(error).message}).`, 'Try again.'));
    const request = send({ socketPath, method, path, headers, agent: false }, (answer) => {
      read(answer).then((all) => resolve({ status: answer.statusCode ?? 0, text: all }), gone);
    });
    request.once('error', gone).end(text);
  });
}

async function read(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

// V8's own message quotes the text, in which a value could stand.
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CommandError('host', 'The host answered something that is not JSON.', 'Check what listens there.');
  }
}
