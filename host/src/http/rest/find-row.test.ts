import { collectionsOf } from '../../collections/collections';
import { secretsGroupType } from '../../domain/secrets';
import { administratorsOnly } from '../../../../test/support/policies';
import { memoryServices, plainChoices } from '../../../../test/support/http-host';
import { findRow } from './find-row';

const principal = { id: 'u', name: 'admin', isSuperuser: true, mayWrite: true };
const ids = ['9a000000-0000-4000-8000-000000000001', '9a000000-0000-4000-8000-000000000002'] as const;

async function withGroups(...groups: readonly { readonly name: string; readonly slug: string }[]) {
  const { unitOfWork } = memoryServices();
  const { rows } = unitOfWork;
  const stamps = { description: '', created: '2026-01-01T00:00:00.000Z', last_updated: '2026-01-01T00:00:00.000Z' };
  await unitOfWork.run(async (tx) => {
    for (const [index, group] of groups.entries())
      await tx.insert(secretsGroupType, { id: ids[index] as string, ...stamps, ...group });
  });
  const collections = collectionsOf({ definitions: rows, accessEntries: rows, choices: plainChoices });
  const collection = collections.find(({ type }) => type === secretsGroupType);
  if (!collection) throw new Error('There is no collection of groups.');
  return async (key: string) =>
    findRow(collection, key, { principal, policy: administratorsOnly }).then(
      ({ id }) => id,
      (error: Error) => error.name,
    );
}

it('finds a row by id, name or slug', async () => {
  const find = await withGroups({ name: 'Core', slug: 'core' }, { name: 'edge', slug: 'edge' });
  expect([await find(ids[0]), await find('Core'), await find('core'), await find('edge')]).toEqual([
    ids[0],
    ids[0],
    ids[0],
    ids[1],
  ]);
});

it('finds nothing by what is the name of one row and the slug of another', async () => {
  const find = await withGroups({ name: 'Core routers', slug: 'core-routers' }, { name: 'core-routers', slug: 'x' });
  expect(await find('core-routers')).toBe('NotFound');
  expect([await find('Core routers'), await find('x')]).toEqual([...ids]);
});
