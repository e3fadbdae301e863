import type { DumpRow } from '../read/dump-row';
import { FieldFault, fromJson, fromSql, type FieldKind } from './field-kinds';
import { kindSpecs, type Kind, type NetboxRecord } from './record-kinds';

/** A row that cannot be read: where it stands, and what is wrong with which field; never a value. */
export interface RowFault {
  readonly kind: 'fault';
  /** Unknown where a row does not even tell its model. */
  readonly of: Kind | undefined;
  readonly pk: number | undefined;
  readonly place: string;
  readonly problem: string;
}

/** How rows become records: the names of tables and columns, and the readers, of one form of dump. */
export interface Dialect {
  /** The table of a kind's `application.model`. */
  readonly table: (name: string) => string;
  readonly value: (row: DumpRow, field: string, kind: FieldKind) => unknown;
  readonly hasLinks: boolean;
}

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Rows of SQL: references have `_id` behind their names, lists have tables of their own. */
export const sqlDialect: Dialect = {
  table: (name) => name.replace('.', '_'),
  value: ({ values }, field, kind) => {
    const column = kind === 'reference' || kind === 'type' ? `${field}_id` : field;
    const value = values[column];
    return isAbsent(value) ? undefined : fromSql[kind](value as string);
  },
  hasLinks: false,
};

/** Rows of dumpdata: references by number or by name, lists within the row. */
export const jsonDialect: Dialect = {
  table: (name) => name,
  value: ({ values }, field, kind) => {
    const value = values[field];
    return isAbsent(value) ? undefined : fromJson[kind](value);
  },
  hasLinks: true,
};

function readPk(pk: unknown): number | undefined {
  const number = typeof pk === 'string' ? Number(pk) : pk;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

function readFields(row: DumpRow, kind: Kind, { value }: Dialect): Record<string, unknown> {
  const { fields = {}, columns = {} } = kindSpecs.get(kind) ?? {};
  return Object.fromEntries(
    Object.entries(fields).map(([field, spec]) => {
      const read = (): unknown => {
        try {
          return value(row, columns[field] ?? field, spec.replace('?', '') as FieldKind);
        } catch (error) {
          throw error instanceof FieldFault ? new FieldFault(`${field} ${error.message}`) : error;
        }
      };
      const result = read();
      if (result === undefined && !spec.endsWith('?')) throw new FieldFault(`${field} is missing`);
      return [field, result];
    }),
  );
}

/** The records that the lists within a row of JSON stand for; in SQL they are rows themselves. */
function readLinks(row: DumpRow, kind: Kind, pk: number | undefined, owner: readonly string[]): NetboxRecord[] {
  return Object.entries(kindSpecs.get(kind)?.links ?? {}).flatMap(([field, [link, own, other]]) => {
    const list = row.values[field];
    if (!Array.isArray(list)) return [];
    return list.map((item) => {
      const record = {
        kind: link,
        table: row.table,
        pk: undefined,
        [own]: pk ?? owner,
        [other]: fromJson.reference(item),
      };
      return record as unknown as NetboxRecord;
    });
  });
}

/** What is told of a row that cannot be read. */
export const faultOf = (row: DumpRow, of: Kind | undefined, problem: string): RowFault => ({
  kind: 'fault',
  of,
  pk: readPk(row.pk),
  place: row.place,
  problem,
});

/** The records of a row, its links among them; or what is wrong with it. */
export function readRecords(row: DumpRow, kind: Kind, table: string, dialect: Dialect): (NetboxRecord | RowFault)[] {
  if (row.fault !== undefined) return [faultOf(row, kind, row.fault)];
  const pk = readPk(row.pk);
  try {
    const fields = readFields(row, kind, dialect);
    const record = { kind, table, pk, ...fields } as unknown as NetboxRecord;
    const owner = [fields.username ?? fields.name].filter((name) => typeof name === 'string');
    return [record, ...(dialect.hasLinks ? readLinks(row, kind, pk, owner) : [])];
  } catch (error) {
    if (error instanceof FieldFault) return [faultOf(row, kind, error.message)];
    throw error;
  }
}
