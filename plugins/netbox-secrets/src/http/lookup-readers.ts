import type { AnyRow, CustomField, Filter, HostAccess, Principal, TypeDescriptor } from '@latchkey/host/extend';
import { filterSuffixes, InvalidInput } from '@latchkey/host/extend';
import { where } from '../service/rows';
import { roleType } from '../types';
import { choicesOf } from './custom-fields';
import { idFilter } from './references';
import { isWhole } from './text';

/** Reads one parameter of a list into filters; undefined where it means no row at all, or that it means nothing here. */
export type Read = (values: readonly string[], lookup: Lookup) => Promise<readonly Filter[] | 'unknown' | undefined>;

interface Lookup {
  readonly name: string;
  readonly suffix: string;
}

/** What NetBox asks of texts; each means what it means on every list of the host. */
const ofTexts: ReadonlySet<string> = new Set(['', 'n', 'ic', 'nic', 'isw', 'nisw', 'iew', 'niew', 'ie', 'nie']);
const orders: ReadonlySet<string> = new Set(['', 'n', 'lt', 'lte', 'gt', 'gte']);

const isTrue = (value = ''): boolean => ['true', 't', 'yes', 'y', 'on', '1'].includes(value.toLowerCase());

/** Refuses the value of a parameter. */
export const refuse = (name: string, fault: string): never => {
  throw new InvalidInput({ [name]: [fault] });
};
const noChoice = (value: string): string =>
  `Select a valid choice. ${value.slice(0, 100)} is not one of the available choices.`;
const noValue = (value: string): string => `“${value.slice(0, 100)}” is not a valid value.`;

/** Makes the readers of parameters that lists share: texts, numbers, dates. */
export function plainLookups() {
  const text =
    (field: string): Read =>
    async (values, { name, suffix }) => {
      if (values.some((value) => value.includes('\0'))) return refuse(name, 'Null characters are not allowed.');
      if (suffix === 'empty') return [{ field, values: [''], ...(!isTrue(values.at(-1)) && { negated: true }) }];
      if (!ofTexts.has(suffix)) return 'unknown';
      return [{ field, values, ...filterSuffixes[suffix as keyof typeof filterSuffixes] }];
    };
  const number: Read = async (values, { name, suffix }) => {
    if (!orders.has(suffix)) return 'unknown';
    const filters = values.map(
      (value) => idFilter(value.trim()) ?? (isWhole(value) ? undefined : refuse(name, 'Enter a number.')),
    );
    const known = filters.filter((filter) => filter !== undefined);
    if (suffix === '' && known.length === 0) return undefined;
    const [first] = known;
    // A number that no row can have is below all of them, or above.
    const isBelow = values.at(-1)?.trim().startsWith('-') === true;
    if (!first) return (isBelow ? ['lt', 'lte'] : ['gt', 'gte']).includes(suffix) ? undefined : [];
    const all: Filter = {
      field: first.field,
      values: known.filter(({ field }) => field === first.field).flatMap((one) => one.values),
    };
    if (suffix === 'n') return [{ ...all, negated: true }];
    return [suffix === '' ? all : { ...all, lookup: suffix as 'lt' }];
  };
  const day =
    (field: string): Read =>
    async (values, { name, suffix }) => {
      if (!orders.has(suffix) || suffix === 'n') return 'unknown';
      const value = values.at(-1) ?? '';
      const time = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00.000Z`) : Number.NaN;
      if (Number.isNaN(time)) return refuse(name, 'Enter a valid date.');
      const [from, to] = [new Date(time).toISOString(), new Date(time + 86_400_000).toISOString()];
      const at = (lookup: 'lt' | 'gte', edge: string): Filter => ({ field, lookup, values: [edge] });
      if (suffix === '') return [at('gte', from), at('lt', to)];
      if (suffix === 'gte' || suffix === 'gt') return [at('gte', suffix === 'gte' ? from : to)];
      return [at('lt', suffix === 'lte' ? to : from)];
    };
  const time =
    (field: string): Read =>
    async (values, { name, suffix }) => {
      if (!orders.has(suffix) || suffix === 'n') return 'unknown';
      const parsed = Date.parse((values.at(-1) ?? '').replace(' ', 'T'));
      if (Number.isNaN(parsed)) return refuse(name, 'Enter a valid date/time.');
      const edge = new Date(parsed).toISOString();
      return [{ field, values: [edge], ...(suffix !== '' && { lookup: suffix as 'lt' }) }];
    };
  return { text, number, day, time };
}

/** Makes the readers of parameters that name rows, of those that the principal may view; of roles, as NetBox, all. */
export function choiceLookups({ kept, policy }: HostAccess, principal: Principal) {
  const chosen = async (type: TypeDescriptor, filters: readonly Filter[]): Promise<readonly AnyRow[]> => {
    const query = {
      scope: type === roleType ? ({ kind: 'all' } as const) : policy.scope(principal, 'view', type),
      filters,
      limit: 1000,
      offset: 0,
      count: 'none',
    } as const;
    return (await kept.list(type, query)).rows as unknown as readonly AnyRow[];
  };
  return (
    field: string,
    type: TypeDescriptor,
    by: 'id' | 'name' | 'slug',
    within: readonly Filter[] = [],
    all = false,
  ): Read =>
    async (values, { name, suffix }) => {
      if (suffix !== '' && suffix !== 'n') return 'unknown';
      const sets: string[][] = [];
      for (const value of values) {
        const filter = by === 'id' ? idFilter(value.trim()) : value.includes('\0') ? undefined : where(by, value);
        if (!filter && by === 'id' && !isWhole(value)) return refuse(name, noValue(value));
        const found = filter ? await chosen(type, [...within, filter]) : [];
        if (found.length === 0) return refuse(name, noChoice(value));
        sets.push(found.map(({ id }) => id));
      }
      const negated = suffix === 'n' && { negated: true };
      if (all) return sets.map((ids) => ({ field, values: ids, ...negated }));
      return [{ field, values: sets.flat(), ...negated }];
    };
}

const exactly: ReadonlySet<string> = new Set(['select', 'boolean', 'integer', 'date']);
const typed: Readonly<Record<string, (value: string) => string | number | boolean>> = {
  integer: Number,
  boolean: isTrue,
};

/** Makes the reader of a parameter that asks for the value of a custom field; of a choice, its text or its number. */
export function customLookup({ kept }: HostAccess, field: CustomField): Read {
  const { id, key, type, filter_logic } = field;
  const lookup = exactly.has(type) || filter_logic === 'exact' ? 'exact' : 'icontains';
  return async (values, { suffix }) => {
    if (suffix !== '') return 'unknown';
    const offered = type === 'select' ? ((await choicesOf(kept, [field])).get(id) ?? []) : [];
    const meant = (value: string) =>
      offered.some((one) => one.value === value)
        ? value
        : (offered.find(({ number }) => String(number) === value)?.value ?? typed[type]?.(value) ?? value);
    return [{ field: 'custom_fields', keys: [key], lookup, values: values.map(meant) }];
  };
}
