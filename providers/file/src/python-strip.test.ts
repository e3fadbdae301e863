import { pythonStrip } from './python-strip';

// What CPython's str.strip() takes: the 29 characters of str.isspace().
const spaces = [
  0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003,
  0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
];

test('takes exactly the characters that Python takes, of the whole basic plane', () => {
  const taken = Array.from({ length: 0x1_0000 }, (_, code) => code).filter(
    (code) => pythonStrip(String.fromCharCode(code)) === '',
  );
  expect(taken).toEqual(spaces);
});

test.each([
  [' Hello world!  \n\n', 'Hello world!'],
  ['\r\na\r\nb\r\n', 'a\r\nb'],
  ['\u00a0secret\u00a0', 'secret'],
  ['\ufeffsecret\n', '\ufeffsecret'],
  ['\u200bsecret\u200b', '\u200bsecret\u200b'],
  ['\0secret\0', '\0secret\0'],
  ['', ''],
  [' \t\n\x1c\x85', ''],
  ['\n\u{1F511}\n', '\u{1F511}'],
])('strips %j to %j', (text, stripped) => expect(pythonStrip(text)).toBe(stripped));
