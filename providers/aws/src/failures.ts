import { ProviderFailure, type ProviderFailureCode } from '@latchkey/core';

type Row = readonly [ProviderFailureCode, string];

const credentials: Row = ['denied', 'AWS does not accept the credentials of the store.'];
const throttled: Row = ['throttled', 'AWS asks for fewer requests.'];
const unreachable: Row = ['unavailable', 'AWS Secrets Manager cannot be reached.'];
const invalid: Row = ['misconfigured', 'AWS refuses the request as invalid; see name and region.'];

// By the name of the error and never by its text, which quotes the request.
const byName: Readonly<Record<string, Row>> = {
  AccessDeniedException: ['denied', 'AWS refuses access to this secret.'],
  DecryptionFailure: ['denied', 'AWS cannot decrypt this secret with its KMS key.'],
  InvalidRequestException: [
    'denied',
    'AWS refuses to read this secret in its present state; it may be marked deleted.',
  ],
  UnrecognizedClientException: credentials,
  InvalidClientTokenId: credentials,
  InvalidSignatureException: credentials,
  SignatureDoesNotMatch: credentials,
  IncompleteSignature: credentials,
  MissingAuthenticationToken: credentials,
  ExpiredTokenException: credentials,
  CredentialsProviderError: ['misconfigured', 'No AWS credentials were found for the store.'],
  InvalidParameterException: invalid,
  ValidationException: invalid,
  ThrottlingException: throttled,
  TooManyRequestsException: throttled,
  RequestLimitExceeded: throttled,
  LimitExceededException: throttled,
  InternalServiceError: ['unavailable', 'AWS Secrets Manager has an internal error.'],
  TimeoutError: ['timeout', 'AWS Secrets Manager did not answer in time.'],
};

const byStatus = (status: number): Row =>
  status === 403
    ? ['denied', 'AWS refuses access to this secret.']
    : status === 429
      ? throttled
      : status >= 500
        ? ['unavailable', `AWS Secrets Manager answers with status ${status}.`]
        : status >= 300 && status < 400
          ? ['misconfigured', 'The endpoint of the store redirects, which is not followed.']
          : ['malformed', `AWS Secrets Manager answers with status ${status}.`];

/** The failure that an error of the SDK stands for, or undefined when it says that the secret is not there. */
export function failureOf(error: unknown): ProviderFailure | undefined {
  const { name, code, $metadata } = error as { name?: string; code?: unknown; $metadata?: { httpStatusCode?: number } };
  if (name === 'ResourceNotFoundException') return undefined;
  // The SDK calls a reset connection a timeout.
  if (code === 'ECONNRESET' || code === 'EPIPE') return new ProviderFailure(...unreachable);
  const known = name !== undefined && Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (known) return new ProviderFailure(...known);
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return new ProviderFailure(...byStatus(status));
  return new ProviderFailure(...unreachable);
}
