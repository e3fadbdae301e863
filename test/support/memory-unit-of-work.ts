import {
  defaultsOf,
  type AnyRow,
  type NewRowOf,
  type RowOf,
  type TypeDescriptor,
} from '../../host/src/domain/descriptor';
import { fold } from '../../host/src/domain/fold';
import {
  UniqueViolation,
  type Filter,
  type ListQuery,
  type Rows,
  type Transaction,
  type UnitOfWork,
} from '../../host/src/domain/ports';
import { definitionTypes, hostTypes } from '../../host/src/domain/types';
import { filterTest } from '../../host/src/persistence/filter-test';

type Tables = Map<string, Map<string, AnyRow>>;

const testOf = (type: TypeDescriptor, filter: Filter) => {
  const test = filterTest(type, filter);
  if (!test) throw new Error(`Memory does not follow "${filter.field}".`);
  return test;
};

const compare = (a: unknown, b: unknown): number => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0);

/** A {@link UnitOfWork} in memory: transactions run one at a time and are undone whole; references act as declared. */
export class MemoryUnitOfWork implements UnitOfWork {
  #tables: Tables = new Map();
  #version = 1;
  #turn: Promise<unknown> = Promise.resolve();
  readonly rows: Rows = this.#transaction(() => this.#tables);

  run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const result = this.#turn.then(async () => {
      const copy: Tables = new Map([...this.#tables].map(([name, rows]) => [name, new Map(rows)]));
      const value = await work(this.#transaction(() => copy));
      this.#tables = copy;
      this.#version += 1;
      return value;
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  version(): Promise<number> {
    return Promise.resolve(this.#version);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #transaction(tables: () => Tables): Transaction {
    const table = ({ name }: { name: string }): Map<string, AnyRow> => {
      const rows = tables().get(name) ?? new Map<string, AnyRow>();
      tables().set(name, rows);
      return rows;
    };
    const store = (type: TypeDescriptor, row: AnyRow): AnyRow => {
      const sets = [
        ...Object.keys(type.fields)
          .filter((f) => type.fields[f]?.unique)
          .map((f) => [f]),
        ...type.unique,
      ];
      for (const other of table(type).values())
        for (const set of sets)
          if (other.id !== row.id && set.every((field) => other[field] === row[field])) throw new UniqueViolation(set);
      table(type).set(row.id, Object.freeze({ ...row }));
      return row;
    };
    const remove = (type: TypeDescriptor, id: string): void => {
      table(type).delete(id);
      for (const other of definitionTypes)
        for (const [name, field] of Object.entries(other.fields)) {
          if (field.target !== type.name) continue;
          for (const row of [...table(other).values()].filter((r) => r[name] === id)) {
            if (field.onDelete === 'restrict') throw new Error('A reference restricts this removal.');
            if (field.onDelete === 'cascade') remove(other, row.id);
            else table(other).set(row.id, { ...row, [name]: null });
          }
        }
    };
    return {
      types: hostTypes,
      get: async <T extends TypeDescriptor>(type: T, by: Partial<RowOf<T>>) => {
        const wanted = Object.entries(by);
        if (wanted.length === 0) throw new Error('An empty criterion.');
        const matches = (row: AnyRow) => wanted.every(([name, value]) => row[name] === value);
        return [...table(type).values()].find(matches) as RowOf<T> | undefined;
      },
      list: async <T extends TypeDescriptor>(type: T, query: ListQuery) => {
        const { scope, filters = [], search, order = type.order, limit, offset } = query;
        const searchable = Object.keys(type.fields).filter((name) => type.fields[name]?.searchable);
        const all = scope.kind === 'none' ? [] : [...table(type).values()];
        const found = all
          .filter((row) => filters.every((filter) => testOf(type, filter)(row)))
          .filter((r) => search === undefined || searchable.some((n) => fold(String(r[n])).includes(fold(search))))
          .toSorted((a, b) => {
            for (const name of [...order, 'id']) {
              const field = name.replace(/^-/, '');
              const sign = compare(a[field], b[field]);
              if (sign !== 0) return name.startsWith('-') ? -sign : sign;
            }
            return 0;
          });
        return { count: found.length, rows: found.slice(offset, offset + limit) as unknown as RowOf<T>[] };
      },
      insert: async <T extends TypeDescriptor>(type: T, row: NewRowOf<T>) => {
        const whole = { ...defaultsOf(type), ...row };
        const numbered = type.fields.number ? { number: table(type).size + 1, ...whole } : whole;
        return store(type, numbered as unknown as AnyRow) as unknown as RowOf<T>;
      },
      update: async <T extends TypeDescriptor>(type: T, id: string, changes: Partial<RowOf<T>>) => {
        const before = table(type).get(id);
        if (!before) throw new Error('There is no such row.');
        return store(type, { ...before, ...changes } as AnyRow) as unknown as RowOf<T>;
      },
      remove: async (type, id) => remove(type, id),
    };
  }
}
