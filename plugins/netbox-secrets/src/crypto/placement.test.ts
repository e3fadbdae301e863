import { createSecretKey, randomBytes } from 'node:crypto';
import { deriveHostKeys } from './host-keys';
import { checkPlacement, signPlacement, type Placement } from './placement';

const keys = deriveHostKeys(createSecretKey(randomBytes(32)));
const placement: Placement = {
  id: 's1',
  revision: 4,
  objects: [
    { type: 'dcim.device', id: 'd1' },
    { type: 'virtualization.virtualmachine', id: 'v1' },
  ],
  role: 'login',
  name: 'admin',
};
const signature = signPlacement(keys, placement);
const refused = expect.objectContaining({ code: 'integrity-placement' });

test('a placement that was signed is accepted, its objects in any order', () => {
  expect(() => checkPlacement(keys, placement, signature)).not.toThrow();
  const turned = { ...placement, objects: placement.objects.toReversed() };
  expect(() => checkPlacement(keys, turned, signature)).not.toThrow();
});

test.each<[string, Partial<Placement>]>([
  ['the secret', { id: 's2' }],
  ['the revision', { revision: 3 }],
  ['the role', { role: 'snmp' }],
  ['the name', { name: '' }],
  ['role and name, read in a row alike', { role: 'loginadmin', name: '' }],
  ['an object', { objects: [{ type: 'dcim.device', id: 'd2' }, ...placement.objects.slice(1)] }],
  ['the type of an object', { objects: [{ type: 'dcim.site', id: 'd1' }, ...placement.objects.slice(1)] }],
  ['one object less', { objects: placement.objects.slice(1) }],
  ['no object', { objects: [] }],
  ['the same object twice', { objects: [...placement.objects, ...placement.objects.slice(1)] }],
])('a change of %s is refused', (_, change) => {
  expect(() => checkPlacement(keys, { ...placement, ...change }, signature)).toThrow(refused);
});

test('a signature of another host, a cut one and an empty one are refused', () => {
  const other = deriveHostKeys(createSecretKey(randomBytes(32)));
  expect(() => checkPlacement(keys, placement, signPlacement(other, placement))).toThrow(refused);
  expect(() => checkPlacement(keys, placement, signature.subarray(1))).toThrow(refused);
  expect(() => checkPlacement(keys, placement, Buffer.alloc(0))).toThrow(refused);
});
