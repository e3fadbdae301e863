import { inspect } from 'node:util';
import {
  coreError,
  coreErrors,
  LatchkeyError,
  ProviderFailure,
  safeCause,
  SecretAccessDeniedError,
  SecretError,
  SecretParametersError,
  SecretProviderError,
  SecretValueNotFoundError,
} from './errors';

const about = { secret: 'NAPALM Secret', provider: 'EnvironmentVariableSecretsProvider' };

test.each([
  [SecretError, 'malformed'],
  [SecretParametersError, 'parameters'],
  [SecretValueNotFoundError, 'not-found'],
  [SecretProviderError, 'unavailable'],
  [SecretAccessDeniedError, 'forbidden'],
] as const)("%p prints as Nautobot's does", (Kind, code) => {
  const error = new Kind({ ...about, detail: 'Undefined environment variable "NAPALM_SECRET"!', code });
  expect(String(error)).toBe(
    `${Kind.name}: Secret "NAPALM Secret" (provider "EnvironmentVariableSecretsProvider"): Undefined environment variable "NAPALM_SECRET"!`,
  );
  expect(error).toBeInstanceOf(SecretError);
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: Kind.name,
    code,
    message: error.message,
    ...about,
    detail: 'Undefined environment variable "NAPALM_SECRET"!',
    remedy: coreErrors[code].remedy,
    retriable: coreErrors[code].retriable,
  });
});

test('fills the places of a message, and only those it has values for', () => {
  const error = coreError('plugin-core-range', { package: 'p', range: '^9' });
  expect(error.message).toBe('p asks for core ^9; this is {version}.');
  expect(error).toBeInstanceOf(LatchkeyError);
  expect(error.code).toBe('plugin-core-range');
});

test('keeps of a foreign error its class and system code, never its text', () => {
  const foreign = Object.assign(new TypeError('token=hunter2'), { code: 'ERR_INVALID_URL', input: 'hunter2' });
  const cause = safeCause(foreign);
  expect(cause.message).toBe('TypeError ERR_INVALID_URL');
  expect(inspect(cause, { showHidden: true, depth: 9 })).not.toContain('hunter2');
  expect(safeCause('hunter2').message).toBe('string');
  expect(safeCause({ name: 'hunter2 with a space', code: 7 }).message).toBe('object');
  expect(safeCause(undefined).message).toBe('undefined');
});

test("a provider's failure is known by its brand and has a text for every code", () => {
  expect(ProviderFailure.is(new ProviderFailure('denied'))).toBe(true);
  expect(new ProviderFailure('throttled').message).toBe(coreErrors.throttled.message);
  expect(ProviderFailure.is(new Error('denied'))).toBe(false);
  expect(ProviderFailure.is(null)).toBe(false);
  const foreign = Object.assign(new ProviderFailure('denied'), { code: 'from-a-later-core' });
  expect(ProviderFailure.is(foreign)).toBe(false);
});
