import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMasterKey } from './keyring';
import { fingerprintOf } from './public-key';
import { createRecoveryKey, readRecoverySheet, recoverMasterKey } from './recovery';
import { printLines } from './sheet';
import { wrapMasterKey } from './user-keys';

const master = createMasterKey(1);
const entries = [{ version: 1, mark: master.mark }];
const fixture = (name: string) => readFileSync(join(__dirname, 'fixtures', name), 'utf8');
const publicKey = createPublicKey(fixture('recovery.pub.pem'));
const sheet = fixture('recovery-sheet.txt').trim();
const wrapped = wrapMasterKey(publicKey, master);
const printed = sheet.split('\n').slice(2);

const codeAndText = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return error as { code: string; message: string };
  }
  return undefined;
};

test('a sheet printed by an earlier version opens the master key', async () => {
  const found = await recoverMasterKey({ sheet, wrapped, entries });
  expect(found.version).toBe(1);
  expect(found.key.equals(master.key)).toBe(true);
});

test('a new recovery key has a sheet that opens what its public half wrapped', async () => {
  const recovery = await createRecoveryKey();
  const own = { sheet: recovery.sheet, wrapped: wrapMasterKey(recovery.publicKey, master), entries };
  expect((await recoverMasterKey(own)).key.equals(master.key)).toBe(true);
  expect(recovery.sheet.split('\n')[0]).toBe(`LATCHKEY RECOVERY KEY ${fingerprintOf(recovery.publicKey).slice(0, 16)}`);
  // Nor does that of another store open anything here.
  await expect(recoverMasterKey({ ...own, wrapped })).rejects.toMatchObject({ code: 'wrap' });
}, 60_000);

test('the sheet is a page of lines that can be typed', () => {
  expect(printed).toHaveLength(16);
  for (const line of printed) expect(line).toMatch(/^\d\d( [0-9A-HJKMNP-TV-Z]{5}){8} [0-9A-HJKMNP-TV-Z]{2}$/);
});

test('lines in another order, in small letters, with lookalikes and without the words open it too', async () => {
  const typed = printed
    .toReversed()
    .map((line) => `  ${line.slice(0, 2)}  ${line.slice(3).replaceAll('0', 'o').replaceAll('1', 'l').toLowerCase()} `);
  const found = await recoverMasterKey({ sheet: typed.join('\n'), wrapped, entries });
  expect(found.key.equals(master.key)).toBe(true);
});

test('a mistyped line and a missing line are told by their number, and not shown', () => {
  const other = (letter = '') => (letter === '7' ? '8' : '7');
  const faults = printed.map((right, i) => {
    const wrong = right.slice(0, 10) + other(right[10]) + right.slice(11);
    const mistyped = codeAndText(() => readRecoverySheet(printed.with(i, wrong).join('\n')));
    const missing = codeAndText(() => readRecoverySheet(printed.toSpliced(i, 1).join('\n')));
    return [mistyped?.message, missing?.message];
  });
  const lines = printed.map((_, i) => `Line ${i + 1} of the recovery sheet is mistyped.`);
  expect(faults).toEqual(lines.map((line) => [line, line]));
});

test.each([1, 5, 16])('a line %d of another sheet, though it passes its own check, makes no sheet', (line) => {
  const other = printLines(Buffer.alloc(25 * line, 7)).split('\n')[line - 1] ?? '';
  expect(codeAndText(() => readRecoverySheet(printed.with(line - 1, other).join('\n')))?.code).toBe('recovery-sheet');
});

test('two lines exchanged, with their numbers kept, are noticed', () => {
  const [first = '', second = ''] = printed;
  const exchanged = [first.slice(0, 2) + second.slice(2), second.slice(0, 2) + first.slice(2), ...printed.slice(2)];
  expect(codeAndText(() => readRecoverySheet(exchanged.join('\n')))?.code).toMatch(/^recovery-/);
});

test('a master key that is not of the house is refused', async () => {
  const foreign = wrapMasterKey(publicKey, createMasterKey(1));
  await expect(recoverMasterKey({ sheet, wrapped: foreign, entries })).rejects.toMatchObject({
    code: 'integrity-keyring',
  });
});

test('an RSA key in PEM serves where the operator has one of his own', async () => {
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const found = await recoverMasterKey({ sheet: pem, wrapped: wrapMasterKey(own.publicKey, master), entries });
  expect(found.mark).toBe(master.mark);
});
