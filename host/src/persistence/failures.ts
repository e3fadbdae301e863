import type { TypeDescriptor } from '../domain/descriptor';
import { ReferenceViolation, UniqueViolation } from '../domain/ports';
import { hostError } from '../errors';
import { columnName } from './kinds';

/**
 * Says in the domain's words what a write failed of. TypeORM's error is dropped: it carries the values that were
 * written, key hashes among them.
 */
export function failureOf(error: unknown, type?: TypeDescriptor): unknown {
  const failure = (error as { driverError?: unknown } | undefined)?.driverError ?? error;
  const { code, message = '' } = (failure ?? {}) as { code?: string; message?: string };
  if (code === 'SQLITE_BUSY') return hostError('database-busy');
  if (code !== 'SQLITE_CONSTRAINT' || type === undefined) return failure;
  if (message.includes('FOREIGN KEY')) return new ReferenceViolation();
  const columns = /UNIQUE constraint failed: (.*)$/.exec(message)?.[1]?.split(', ');
  return columns ? new UniqueViolation(columns.map((column) => fieldAt(type, column))) : failure;
}

function fieldAt(type: TypeDescriptor, column: string): string {
  const name = column.slice(column.indexOf('.') + 1);
  return Object.keys(type.fields).find((field) => columnName(field, type.fields[field]!) === name) ?? name;
}
