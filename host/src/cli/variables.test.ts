import { CommandError } from './exit-codes';
import { checkVariables, readVariable, variableOf, variableText } from './variables';

const slot = (access_type: string, secret_type: string) => ({ access_type, secret_type });

test.each([
  ['SSH', 'password', '', 'SSH_PASSWORD'],
  ['HTTP(S)', 'private-key', '', 'HTTPS_PRIVATE_KEY'],
  ['gNMI', 'token', 'CSR1_', 'CSR1_GNMI_TOKEN'],
  ['Web UI', 'key', '', 'WEB_UI_KEY'],
])('the slot %s %s with the prefix "%s" goes to %s', (access, type, prefix, name) => {
  expect(variableOf(slot(access, type), prefix)).toBe(name);
});

test('a variable is named with its slot', () => {
  expect(readVariable('PGPASSWORD=Generic/password')).toEqual({
    name: 'PGPASSWORD',
    slot: slot('Generic', 'password'),
  });
  expect(readVariable('A=a/b/key').slot).toEqual(slot('a/b', 'key'));
});

test.each(['PGPASSWORD', 'PGPASSWORD=Generic', '=Generic/password', 'A=Generic/', ''])('"%s" is refused', (text) => {
  expect(() => readVariable(text)).toThrow(CommandError);
});

test('two slots for one variable are refused, and both are named', () => {
  const variables = [slot('HTTP(S)', 'key'), slot('HTTPS', 'key')].map((one) => ({ name: variableOf(one), slot: one }));
  expect(() => checkVariables(variables)).toThrow('HTTP(S) key and HTTPS key would both be the variable HTTPS_KEY.');
});

test.each(['1A', 'A-B', 'Ä', ''])('"%s" is no name of a variable', (name) => {
  expect(() => checkVariables([{ name, slot: slot('SSH', 'key') }])).toThrow(CommandError);
});

describe('a value', () => {
  const bytes = (value: Uint8Array) =>
    variableText({ encoding: 'base64', value: Buffer.from(value).toString('base64') });

  test('is kept exactly', () => {
    expect(variableText({ encoding: 'text', value: ' a\n' })).toBe(' a\n');
    expect(bytes(Buffer.from('\ufeffgrüße\n'))).toBe('\ufeffgrüße\n');
  });

  test('that a variable cannot hold is none', () => {
    expect(variableText({ encoding: 'text', value: 'a\0b' })).toBeUndefined();
    expect(bytes(Buffer.from('a\0b'))).toBeUndefined();
    expect(bytes(Uint8Array.of(0xff, 0xfe))).toBeUndefined();
  });
});
