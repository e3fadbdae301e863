import { InvalidInput } from '../domain/failures';
import { secretType } from '../domain/secrets';
import { ReferenceViolation, UniqueViolation } from '../domain/ports';
import { failureOf } from './failures';

const told = (code: string | undefined, message = '', constraint?: string) =>
  Object.assign(new Error(message), { code, constraint });

test.each([
  ['SQLITE_BUSY', 'database-busy'],
  ['55P03', 'database-busy'],
  ['40P01', 'database-busy'],
  ['57014', 'database-busy'],
  ['57P01', 'database-unavailable'],
  ['57P03', 'database-unavailable'],
  ['08006', 'database-unavailable'],
  ['53300', 'database-unavailable'],
  ['25006', 'database-unavailable'],
  ['ECONNREFUSED', 'database-unavailable'],
  ['ECONNRESET', 'database-unavailable'],
  ['ENOTFOUND', 'database-unavailable'],
])('%s is told of as %s, which may be tried again', (code, expected) => {
  expect(failureOf(told(code))).toMatchObject({ code: expected, retriable: true });
});

test.each(['Connection terminated unexpectedly', 'Query read timeout', 'timeout exceeded when trying to connect'])(
  '"%s" of a driver without a code is a database that cannot be reached',
  (message) => {
    expect(failureOf(told(undefined, message))).toMatchObject({ code: 'database-unavailable' });
  },
);

test('what repeats, what is left without its row, and what no text can hold are the fault of the input', () => {
  expect(failureOf(told('23505', '', 'uq_secrets_slug'), secretType)).toEqual(new UniqueViolation(['slug']));
  expect(failureOf(told('23505', '', 'secrets_pkey'), secretType)).toEqual(new UniqueViolation(['id']));
  for (const code of ['23503', '23001']) expect(failureOf(told(code), secretType)).toBeInstanceOf(ReferenceViolation);
  for (const code of ['22021', '22P05']) expect(failureOf(told(code))).toBeInstanceOf(InvalidInput);
});

test('what TypeORM says of a statement, with its values, is dropped; what is not known stays as the driver said it', () => {
  const driverError = told('42P01');
  expect(failureOf({ driverError, parameters: ['canary'] })).toBe(driverError);
});
