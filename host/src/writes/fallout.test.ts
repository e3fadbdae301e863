import { describeType, standardFields, type AnyRow, type TypeDescriptor } from '../domain/descriptor';
import type { ListQuery, Rows } from '../domain/ports';
import { dependantsOf } from './dependants';
import { falloutOf } from './fallout';

const { id } = standardFields;
const house = describeType({
  name: 't.house',
  label: 'house',
  table: 'h',
  fields: { id },
  unique: [],
  order: [],
  display: 'id',
});
const room = describeType({
  ...house,
  name: 't.room',
  fields: {
    id,
    house: { kind: 'reference', target: 't.house', onDelete: 'cascade' },
    twin: { kind: 'reference', target: 't.house', nullable: true, onDelete: 'set-null' },
  },
});
const guest = describeType({
  ...house,
  name: 't.guest',
  fields: {
    id,
    room: { kind: 'reference', target: 't.room', nullable: true, onDelete: 'set-null' },
    houses: { kind: 'references', target: 't.house' },
  },
});
const remark = describeType({
  ...house,
  name: 't.remark',
  fields: { id, on_type: { kind: 'text' }, on_id: { kind: 'text' } },
  about: { type: 'on_type', id: 'on_id' },
});
const types: readonly TypeDescriptor[] = [house, room, guest, remark];

function rowsWith(tables: Readonly<Record<string, readonly AnyRow[]>>): Rows {
  const list = async (type: TypeDescriptor, { filters = [], limit, offset }: ListQuery) => {
    const found = (tables[type.name] ?? []).filter((row) =>
      filters.every(({ field, values }) => [row[field]].flat().some((value) => values.includes(value as string))),
    );
    return { count: found.length, rows: found.slice(offset, offset + limit) };
  };
  return { get: () => Promise.resolve(undefined), list } as unknown as Rows;
}

const falls = async (tables: Readonly<Record<string, readonly AnyRow[]>>) => {
  const found = await falloutOf(rowsWith(tables), { type: house, id: 'h1', types });
  return found.map(({ type, before, after }) => [type.name, before.id, after]);
};

it('finds what goes with a row, what goes with that, and what is about any of them', async () => {
  const told = await falls({
    't.room': [
      { id: 'r1', house: 'h1', twin: null },
      { id: 'r2', house: 'h2', twin: null },
    ],
    't.guest': [
      { id: 'g1', room: 'r1', houses: [] },
      { id: 'g2', room: 'r2', houses: [] },
    ],
    't.remark': [
      { id: 'm1', on_type: 't.room', on_id: 'r1' },
      { id: 'm2', on_type: 't.house', on_id: 'h1' },
      { id: 'm3', on_type: 't.guest', on_id: 'h1' },
    ],
  });
  expect(told).toHaveLength(4);
  expect(told).toEqual(
    expect.arrayContaining([
      ['t.room', 'r1', undefined],
      ['t.guest', 'g1', { id: 'g1', room: null, houses: [] }],
      ['t.remark', 'm1', undefined],
      ['t.remark', 'm2', undefined],
    ]),
  );
});

it('tells once of a row that loses several references', async () => {
  const told = await falls({
    't.room': [{ id: 'r1', house: 'h1', twin: 'h1' }],
    't.guest': [{ id: 'g1', room: 'r1', houses: ['h0', 'h1'] }],
  });
  expect(told).toEqual([
    ['t.room', 'r1', undefined],
    ['t.guest', 'g1', { id: 'g1', room: null, houses: ['h0'] }],
  ]);
});

it('tells of a row that goes only that it goes, whichever reference is met first', async () => {
  const flipped = describeType({ ...room, fields: { id, twin: room.fields.twin, house: room.fields.house } });
  const rows = rowsWith({ 't.room': [{ id: 'r1', house: 'h1', twin: 'h1' }] });
  const [only, ...more] = await falloutOf(rows, { type: house, id: 'h1', types: [house, flipped] });
  expect([only?.before, only?.after, more]).toEqual([{ id: 'r1', house: 'h1', twin: 'h1' }, undefined, []]);
});

it('finds more rows than a page holds', async () => {
  const many = Array.from({ length: 2500 }, (_, i) => ({ id: `r${i}`, house: 'h1', twin: null }));
  expect(await falls({ 't.room': many })).toHaveLength(2500);
});

it('tells rows of two types apart that have one id', async () => {
  const told = await falls({
    't.room': [{ id: 'x', house: 'h1', twin: null }],
    't.guest': [{ id: 'x', room: 'x', houses: ['h1'] }],
    't.remark': [{ id: 'x', on_type: 't.room', on_id: 'x' }],
  });
  expect(told).toHaveLength(3);
  expect(told).toEqual(
    expect.arrayContaining([
      ['t.room', 'x', undefined],
      ['t.guest', 'x', { id: 'x', room: null, houses: [] }],
      ['t.remark', 'x', undefined],
    ]),
  );
});

it('counts rows of two types that keep another, though they have one id', async () => {
  const lease = { house: { kind: 'reference', target: 't.house', onDelete: 'restrict' } } as const;
  const owner = describeType({ ...house, name: 't.owner', fields: { id, ...lease } });
  const tenant = describeType({ ...house, name: 't.tenant', fields: { id, ...lease } });
  const rows = rowsWith({ 't.owner': [{ id: 'x', house: 'h1' }], 't.tenant': [{ id: 'x', house: 'h1' }] });
  const { count } = await dependantsOf(rows, { type: house, id: 'h1', types: [house, owner, tenant] });
  expect(count).toBe(2);
});
