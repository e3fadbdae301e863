import { randomBytes } from 'node:crypto';
import { createVault } from './sealing';

const vault = createVault(randomBytes(32));
const text = 'a key of signatures, w\u00efth signs';

test('what is sealed is read again, and looks different each time', () => {
  const sealed = vault.seal(text, 'secret');
  expect(vault.open(sealed, 'secret')).toBe(text);
  expect(vault.seal(text, 'secret')).not.toBe(sealed);
  expect(Buffer.from(sealed.slice(3), 'base64').includes(text)).toBe(false);
});

test('another key, another use or a changed byte opens nothing', () => {
  const sealed = vault.seal(text, 'secret');
  const bytes = Buffer.from(sealed.slice(3), 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  expect(createVault(randomBytes(32)).open(sealed, 'secret')).toBeUndefined();
  expect(vault.open(sealed, 'authorization')).toBeUndefined();
  expect(vault.open(`v1.${bytes.toString('base64')}`, 'secret')).toBeUndefined();
  for (const odd of ['', 'v1.', 'v2.AAAA', text]) expect(vault.open(odd, 'secret')).toBeUndefined();
});
