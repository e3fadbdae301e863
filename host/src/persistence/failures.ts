import type { TypeDescriptor } from '../domain/descriptor';
import { InvalidInput } from '../domain/failures';
import { ReferenceViolation, UniqueViolation } from '../domain/ports';
import { hostError } from '../errors';
import { columnName } from './kinds';
import { uniqueNames } from './unique-names';

/** What a driver says of a failure. */
interface DriverError {
  readonly code?: string;
  readonly message?: string;
  readonly constraint?: string;
}

/**
 * Says in the domain's words what a statement failed of. TypeORM's error is dropped: it carries the values that were
 * written, key hashes among them.
 */
export function failureOf(error: unknown, type?: TypeDescriptor): unknown {
  const failure = (error as { driverError?: unknown } | undefined)?.driverError ?? error;
  const told = (failure ?? {}) as DriverError;
  if (isBusy(told)) return hostError('database-busy');
  if (isDisk(told)) return hostError('database-disk');
  if (isUnreachable(told)) return hostError('database-unavailable');
  // Writes refuse such texts before; what reaches this far came another way.
  if (told.code === '22021' || told.code === '22P05') {
    return new InvalidInput({ non_field_errors: ['Null characters are not allowed.'] });
  }
  return type === undefined ? failure : (violation(told, type) ?? failure);
}

const busy = new Set([
  'SQLITE_BUSY',
  // A lock was not to be had in time, or two transactions waited for each other.
  '55P03',
  '40P01',
  // A statement took longer than anybody waits.
  '57014',
  '40001',
]);

// PostgreSQL: its own disk is full, or fails.
const disk = /^(SQLITE_(FULL|IOERR)|53100|58030)$/;

const isDisk = ({ code = '' }: DriverError): boolean => disk.test(code);

const isBusy = ({ code = '' }: DriverError): boolean => busy.has(code);

// Of PostgreSQL: connection exceptions, too many connections, shut down or starting, a standby that takes no writes.
const unreachable = /^(08...|53300|57P0[1-5]|25006|E(CONN\w+|PIPE|HOST\w+|NET\w+|TIMEDOUT|NOTFOUND|AI_AGAIN))$/;
const unreachableWords =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered)/;

const isUnreachable = ({ code, message = '' }: DriverError): boolean =>
  code === undefined ? unreachableWords.test(message) : unreachable.test(code);

function violation({ code, message = '', constraint }: DriverError, type: TypeDescriptor): Error | undefined {
  if (code === '23503' || code === '23001') return new ReferenceViolation();
  if (code === '23505') {
    const fields = uniqueNames(type).get(constraint ?? '');
    return fields && new UniqueViolation(fields);
  }
  if (code !== 'SQLITE_CONSTRAINT') return undefined;
  if (message.includes('FOREIGN KEY')) return new ReferenceViolation();
  const columns = /UNIQUE constraint failed: (.*)$/.exec(message)?.[1]?.split(', ');
  return columns && new UniqueViolation(columns.map((column) => fieldAt(type, column)));
}

function fieldAt(type: TypeDescriptor, column: string): string {
  const name = column.slice(column.indexOf('.') + 1);
  return Object.keys(type.fields).find((field) => columnName(field, type.fields[field]!) === name) ?? name;
}
