import { MemoryUnitOfWork } from '../../../test/support/memory-unit-of-work';
import { administratorsOnly } from '../../../test/support/policies';
import type { Principal } from '../domain/access';
import type { Change } from '../domain/changes';
import { customFieldChoiceType, customFieldType } from '../domain/custom-fields';
import { Conflict } from '../domain/failures';
import { secretType } from '../domain/secrets';
import { createWrites } from './create-writes';
import { mostCarried } from './custom-carry';
import { customGuards } from './custom-guards';

jest.setTimeout(60_000);

const admin: Principal = { id: 'a', name: 'admin', isSuperuser: true, mayWrite: true };
const choices = { accessTypes: {}, secretTypes: {} };
const everything = { scope: { kind: 'all' }, limit: 5000, offset: 0 } as const;

/** A selection, its choice, and so many secrets that have it beside another value. */
async function setup(count: number) {
  const unitOfWork = new MemoryUnitOfWork();
  const told: Change[] = [];
  const listeners = [async (change: Change) => void told.push(change)];
  const writes = createWrites({ unitOfWork, policy: administratorsOnly, choices, rules: {}, listeners });
  const about = { label: 'Class', key: 'class', type: 'select', content_types: ['extras.secret'] };
  const field = await writes.create(admin, customFieldType, about);
  const choice = await writes.create(admin, customFieldChoiceType, { custom_field: field.id, value: 'high' });
  const time = '2026-01-01T00:00:00.000Z';
  const custom_fields = { class: 'high', other: 1 };
  await unitOfWork.run(async (tx) => {
    for (let i = 0; i < count; i++) {
      const name = `s${i}`;
      const id = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
      const times = { created: time, last_updated: time };
      await tx.insert(secretType, { id, ...times, name, slug: name, provider: 'p', parameters: {}, custom_fields });
    }
  });
  told.length = 0;
  const values = async () =>
    (await unitOfWork.rows.list(secretType, everything)).rows.map((row) => JSON.stringify(row.custom_fields));
  return { writes, told, field, choice, values, rows: unitOfWork.rows };
}

test('every row loses its value with the field, page by page, and each change is told once', async () => {
  const { writes, told, field, values, rows } = await setup(700);
  await writes.remove(admin, customFieldType, field.id);
  expect(new Set(await values())).toEqual(new Set(['{"other":1}']));
  const changed = told.filter(({ type }) => type === secretType);
  expect([changed.length, new Set(changed.map(({ after }) => after?.id)).size]).toEqual([700, 700]);
  // A client that knows a row by its times learns that it changed.
  const { rows: now } = await rows.list(secretType, everything);
  expect(now.every(({ created, last_updated }) => last_updated > created)).toBe(true);
});

test('every row takes the new name of its choice', async () => {
  const { writes, choice, values } = await setup(550);
  await writes.update(admin, customFieldChoiceType, choice.id, { value: 'top' }, { partial: true });
  expect(new Set(await values())).toEqual(new Set(['{"other":1,"class":"top"}']));
});

test('a change that would carry too many rows along is refused, and changes none', async () => {
  const { writes, field, choice, values } = await setup(mostCarried + 1);
  await expect(writes.remove(admin, customFieldType, field.id)).rejects.toThrow(Conflict);
  const renamed = writes.update(admin, customFieldChoiceType, choice.id, { value: 'top' }, { partial: true });
  await expect(renamed).rejects.toThrow(Conflict);
  expect(new Set(await values())).toEqual(new Set(['{"class":"high","other":1}']));
});

test('nothing is carried where a change is about something else', async () => {
  const { writes, told, field, choice } = await setup(3);
  await writes.update(admin, customFieldType, field.id, { label: 'Klasse' }, { partial: true });
  await writes.update(admin, customFieldChoiceType, choice.id, { weight: 7 }, { partial: true });
  expect(told.map(({ type }) => type.name)).toEqual(['extras.customfield', 'extras.customfieldchoice']);
});

test('a field keeps the types that it had, though their plugin is away, and takes on no other that is not there', async () => {
  const { field } = await setup(0);
  const away = { ...field, content_types: ['extras.secret', 'library.book'] };
  const guard = customGuards[customFieldType.name];
  const asked = (after: object, before: object | undefined) =>
    guard?.({ principal: admin, rows: new MemoryUnitOfWork().rows, before: before as never, after: after as never });
  expect(await asked({ ...away, label: 'Klasse' }, away)).toBeUndefined();
  expect(await asked(away, field)).toEqual({ content_types: ['Invalid content type: library.book'] });
  expect(await asked(away, undefined)).toEqual({ content_types: ['Invalid content type: library.book'] });
});
