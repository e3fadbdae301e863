import { describeType } from '../domain/descriptor';
import { sealInputs } from './seals';

const type = describeType({
  name: 'library.door',
  label: 'door',
  table: 'library_doors',
  fields: {
    id: { kind: 'id' },
    code: {
      kind: 'secret',
      nullable: true,
      seal: (text) => (text === '0000' ? { fault: 'Too easy.' } : { value: `sealed ${text.length}` }),
    },
  },
  unique: [],
  order: ['id'],
  display: 'id',
});
const seals = { password: () => 'unused', token: () => 'unused' };
const sealed = async (code: unknown) => (await sealInputs(type, { code }, seals)).get('code');

test('a field is kept as what the function of its type makes of it, never as it was given', async () => {
  expect(await sealed('4711')).toEqual({ value: 'sealed 4' });
  expect(await sealed('0000')).toEqual({ fault: 'Too easy.' });
});

test('what is no text of a sensible length does not reach the function; null is left to the field', async () => {
  expect(await sealed(4711)).toEqual({ fault: 'Not a valid string.' });
  expect(await sealed('')).toEqual({ fault: 'This field may not be blank.' });
  expect(await sealed('x'.repeat(8193))).toEqual({ fault: 'Ensure this field has no more than 8192 characters.' });
  expect(await sealed(null)).toBeUndefined();
});
