import { LRUCache } from 'lru-cache';
import type { RowOf, TypeDescriptor } from '../domain/descriptor';
import type { ListQuery, Page, Rows } from '../domain/ports';
import { deepFreeze } from './deep-freeze';

/** What clients ask for again and again, kept until it is forgotten as a whole. */
export interface KeptAnswers {
  readonly rows: Rows;
  /** What is made of rows alone, made again when something was forgotten; no two makers have the same key. */
  remember<T>(key: string, make: () => Promise<T>): Promise<T>;
  forget(): void;
}

type Kept = LRUCache<string, Promise<unknown>>;

/** Of all that is kept, in KiB of JSON: rows may be large. */
const room = 8 * 1024;
const smallPage = 100;
const noted = Promise.resolve();
const memory = (): Kept => new LRUCache({ maxSize: room, sizeCalculation: () => 1 });
const kibibytes = (length: number): number => 1 + (length >> 10);

/**
 * Reads rows, and keeps them and small pages while nothing is forgotten. A page is kept from the second time on: who walks
 * through all of them asks for none twice, and would pay for the keeping.
 */
export function createKeptAnswers(rows: Rows): KeptAnswers {
  let [asked, kept] = [memory(), memory()];

  function keep<T>(key: string, load: () => Promise<T>, isSmall = (_answer: T) => true): Promise<T> {
    const known = kept.get(key);
    if (known) return known as Promise<T>;
    const into = kept;
    const loaded = load().then((answer) => {
      if (!isSmall(answer)) {
        into.delete(key);
        return answer;
      }
      // The memory does not weigh anew what it has.
      if (into.peek(key) === loaded) {
        into.delete(key);
        into.set(key, loaded, { size: kibibytes(key.length + (JSON.stringify(answer)?.length ?? 0)) });
      }
      return deepFreeze(answer);
    });
    into.set(key, loaded, { size: kibibytes(key.length) });
    loaded.catch(() => into.delete(key));
    return loaded;
  }

  return {
    rows: {
      types: rows.types,
      get: <T extends TypeDescriptor>(type: T, by: Partial<RowOf<T>>): Promise<RowOf<T> | undefined> =>
        keep(`${type.name}\0${JSON.stringify(by)}`, () => rows.get(type, by)),
      list<T extends TypeDescriptor>(type: T, query: ListQuery): Promise<Page<RowOf<T>>> {
        const load = () => rows.list(type, query);
        const key = `${type.name}\0\0${JSON.stringify(query)}`;
        if (asked.get(key)) return keep(key, load, ({ rows: { length } }) => length <= smallPage);
        asked.set(key, noted, { size: kibibytes(key.length) });
        return load();
      },
    },
    remember: (key, make) => keep(`\0${key}`, make),
    forget: () => void ([asked, kept] = [memory(), memory()]),
  };
}
