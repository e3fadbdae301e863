import { LRUCache } from 'lru-cache';
import type { RowOf, TypeDescriptor } from '../domain/descriptor';
import type { ListQuery, Page, Rows, UnitOfWork } from '../domain/ports';
import { deepFreeze } from './deep-freeze';
import { createKeptAnswers } from './kept-answers';

/** Definitions by what they are looked up by, kept while the version of the database stands still. */
export interface Definitions extends Rows {
  /** The version that the kept rows belong to. */
  readonly version: number;
  /** The row with these field values, from memory when it is known to be current at {@link version}. */
  get: Rows['get'];
  /** A page as the database has it now; pages are not kept. */
  list: Rows['list'];
  /** The same rows with pages that are kept like rows: what decisions look through, which few rows ask for. */
  readonly related: Rows;
  /** The same for clients, in a memory of its own: see {@link createKeptAnswers}. */
  readonly pages: Rows;
  /** Keeps what is made of rows alone with those pages; no two makers have the same key. */
  remember<T>(key: string, make: () => Promise<T>): Promise<T>;
  /** Takes note of a version that was read; a new one drops every kept row. True when it was new. */
  observe(version: number): boolean;
  /** How many rows were asked for so far, and found in memory or not. */
  lookups(): { readonly hits: number; readonly misses: number };
  /** Asks the database for its version, so that what is read next is no older than this call. */
  refresh(): Promise<boolean>;
}

type Kept = LRUCache<string, Promise<unknown>>;

// Bounded by size and not by `max`, for which all of its memory would be laid out anew at each change: 2 ms.
const memory = (max: number): Kept => new LRUCache({ maxSize: max, sizeCalculation: () => 1 });

/** Opens the bounded memory of definitions over the database. */
export function createDefinitions(unitOfWork: Pick<UnitOfWork, 'rows' | 'version'>, max = 10_000): Definitions {
  // A load that began before a change ends up in the memory that the change has replaced, so it is never served again.
  let kept = memory(max);
  const answers = createKeptAnswers(unitOfWork.rows);
  let version = Number.NaN;
  let [hits, misses] = [0, 0];

  const { types } = unitOfWork.rows;
  const definitions: Definitions = {
    types,
    get version() {
      return version;
    },
    get<T extends TypeDescriptor>(type: T, by: Partial<RowOf<T>>): Promise<RowOf<T> | undefined> {
      let key = type.name;
      for (const field in by) {
        const value = String(by[field]);
        // With its length, so that no value can pass for another field.
        key += `\0${field}\0${value.length}\0${value}`;
      }
      const known = kept.get(key);
      if (known) {
        hits += 1;
        return known as Promise<RowOf<T> | undefined>;
      }
      misses += 1;
      const into = kept;
      const loaded = unitOfWork.rows.get(type, by).then((row) => row && deepFreeze(row));
      into.set(key, loaded);
      loaded.catch(() => into.delete(key));
      return loaded;
    },
    list: (type, query) => unitOfWork.rows.list(type, query),
    related: {
      types,
      get: (type, by) => definitions.get(type, by),
      list<T extends TypeDescriptor>(type: T, query: ListQuery): Promise<Page<RowOf<T>>> {
        const key = `${type.name}\0\0${JSON.stringify(query)}`;
        const known = kept.get(key);
        if (known) return known as Promise<Page<RowOf<T>>>;
        const into = kept;
        const loaded = unitOfWork.rows.list(type, query).then((page) => {
          // As large as the rows that it holds, now that they are known; the memory does not weigh anew what it has.
          if (into.peek(key) === loaded) {
            into.delete(key);
            into.set(key, loaded, { size: 1 + page.rows.length });
          }
          return deepFreeze(page);
        });
        into.set(key, loaded);
        loaded.catch(() => into.delete(key));
        return loaded;
      },
    },
    pages: answers.rows,
    remember: answers.remember,
    observe(seen) {
      if (seen === version) return false;
      version = seen;
      kept = memory(max);
      answers.forget();
      return true;
    },
    lookups: () => ({ hits, misses }),
    refresh: async () => definitions.observe(await unitOfWork.version()),
  };
  return definitions;
}
