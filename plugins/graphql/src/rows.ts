import { GraphQLError } from 'graphql';
import {
  Forbidden,
  InvalidInput,
  listAs,
  type AnyRow,
  type HostAccess,
  type OpenCollection,
  type Page,
  type Principal,
} from '@latchkey/host/extend';
import type { Budget } from './budget';
import { limits } from './limits';

/** What of a host rows are read from. */
export type HostOfRows = Pick<HostAccess, 'collections' | 'policy'>;

/** A row that may be viewed, with what its collection shows in the place of fields. */
export interface Seen {
  readonly row: AnyRow;
  readonly beside: Readonly<Record<string, unknown>> | undefined;
}

/** Reads rows for one request, and nothing that whoever asks may not view. */
export interface RowsOfRequest {
  /** A page of a list, asked for as in REST. */
  list(collection: OpenCollection, query: URLSearchParams): Promise<readonly Seen[]>;
  /** All rows whose field has this value; what is asked for at the same time is read in one list. */
  where(collection: OpenCollection, field: string, value: string): Promise<readonly Seen[]>;
  /** The rows with these ids, in their order; an id that is there twice gives its row twice, and null gives none. */
  byIds(collection: OpenCollection, ids: readonly unknown[]): Promise<readonly Seen[]>;
}

interface Waiting {
  readonly resolve: (rows: readonly Seen[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Loader {
  readonly known: Map<string, Promise<readonly Seen[]>>;
  readonly waiting: Map<string, Waiting>;
}

// The most values that one statement looks for.
const most = 500;

/** Makes what reads rows for a principal, within a budget. */
export function rowsFor(host: HostOfRows, principal: Principal, budget: Budget): RowsOfRequest {
  const viewer = { principal, policy: host.policy };
  const loaders = new Map<string, Loader>();

  async function page(...asked: [OpenCollection, URLSearchParams, Parameters<typeof listAs>[3]?]) {
    if (budget.exceeded) return { count: 0, rows: [] };
    const [collection] = asked;
    const { rows, count } = await listAs(viewer, ...asked).catch(refused);
    const beside =
      budget.spend(rows.length) && rows.length > 0
        ? await collection.beside?.(rows, { ...surroundings(collection), viewer })
        : undefined;
    return { count, rows: rows.map((row, i): Seen => ({ row, beside: beside?.[i] })) };
  }

  const surroundings = ({ definitions }: OpenCollection) => {
    const addressOf = (type: string): string | undefined =>
      host.collections.find((one) => one.type.name === type && one.within === undefined)?.address;
    const reference = (type: string, id: string | null): unknown => {
      const address = addressOf(type);
      const url = address === undefined ? null : `/api/${address}/${id}/`;
      return id === null ? null : { id, object_type: type, url };
    };
    return { definitions, addressOf, reference };
  };

  async function flush(collection: OpenCollection, field: string, { waiting }: Loader): Promise<void> {
    const asked = [...waiting];
    waiting.clear();
    for (let i = 0; i < asked.length; i += most) {
      const part = new Map(asked.slice(i, i + most));
      try {
        const found = new Map([...part.keys()].map((value) => [value, [] as Seen[]]));
        for (const seen of await all(collection, field, [...part.keys()]))
          found.get(String(seen.row[field]))?.push(seen);
        for (const [value, { resolve }] of part) resolve(found.get(value) ?? []);
      } catch (error) {
        for (const { reject } of part.values()) reject(error);
      }
    }
  }

  async function all(collection: OpenCollection, field: string, values: readonly string[]): Promise<readonly Seen[]> {
    const found: Seen[] = [];
    for (;;) {
      const query = new URLSearchParams({ limit: String(limits.rows), offset: String(found.length) });
      const { rows } = await page(collection, query, [{ field, values }]);
      found.push(...rows);
      if (rows.length < limits.rows) return found;
    }
  }

  function where(collection: OpenCollection, field: string, value: string): Promise<readonly Seen[]> {
    const key = `${collection.address} ${field}`;
    const loader = loaders.get(key) ?? { known: new Map(), waiting: new Map() };
    loaders.set(key, loader);
    let rows = loader.known.get(value);
    if (rows) return rows;
    // Everything that is asked for in this turn of the event loop is read together.
    if (loader.waiting.size === 0) setImmediate(() => void flush(collection, field, loader));
    rows = new Promise((resolve, reject) => loader.waiting.set(value, { resolve, reject }));
    loader.known.set(value, rows);
    return rows;
  }

  return {
    where,
    async byIds(collection, ids) {
      // Paid for at once, since many rows may lead to many each.
      if (!budget.spend(ids.length)) return [];
      const given = ids.filter((id) => typeof id === 'string');
      return (await Promise.all(given.map((id) => where(collection, 'id', id)))).flat();
    },
    async list(collection, query) {
      // Values may come by the thousand, in a variable that thirty lists share.
      if (!budget.spend(query.size * limits.value)) return [];
      const whole = !Number(query.get('limit'));
      if (whole) query.set('limit', String(limits.rows));
      const { rows, count } = await page(collection, query);
      const rest = count - Number(query.get('offset') ?? 0);
      if (whole && rest > limits.rows)
        throw new GraphQLError(`There are ${rest} rows, and a list gives ${limits.rows}: use "limit" and "offset".`);
      return rows;
    },
  };
}

const none: Page<AnyRow> = { count: 0, rows: [] };

/** What REST refuses: of what may not be viewed there is nothing, and a wrong filter is told. */
function refused(error: unknown): Page<AnyRow> {
  if (error instanceof Forbidden) return none;
  throw error instanceof InvalidInput ? new GraphQLError(error.message) : error;
}
