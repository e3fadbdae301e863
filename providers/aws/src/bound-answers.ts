import { pipeline, Readable, Transform } from 'node:stream';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ProviderFailure } from '@latchkey/core';

// A secret of AWS has at most 64 KiB; as bytes it arrives in base64.
const largest = 1_048_576;

function bounded(body: Readable): Readable {
  let length = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      if (length <= largest) done(null, chunk);
      else done(new ProviderFailure('malformed', `AWS Secrets Manager answers more than ${largest} bytes.`));
    },
  });
  return pipeline(body, count, () => {});
}

/** Makes a client take bounded answers only, since whatever its endpoint sends would be kept in memory. */
export function boundAnswers(client: SecretsManagerClient): SecretsManagerClient {
  client.middlewareStack.add(
    (next) => async (request) => {
      const result = await next(request);
      const response = result.response as { body?: unknown };
      if (response.body instanceof Readable) response.body = bounded(response.body);
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'latchkeyBoundAnswers' },
  );
  return client;
}
