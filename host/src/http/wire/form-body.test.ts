import { formKind, readForm, type FormKind } from './form-body';

const parsed = (type: string, text: string) => readForm(formKind(type) as FormKind, text);

test('a form of pairs has pluses for spaces and keeps its lines', () => {
  expect(parsed('application/x-www-form-urlencoded; charset=utf-8', 'key=a+b%0Ac%2Bd&other=')).toEqual({
    key: 'a b\nc+d',
    other: '',
  });
});

const part = (head: string, value: string) => `--line\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;

test('a form of parts gives its text fields, byte for byte, and passes over files', () => {
  const text = `${part('name="key"', 'a\r\n--lin\r\nb')}${part('name="key2"; filename="k.pem"', 'file')}--line--\r\n`;
  expect(parsed('multipart/form-data; boundary=line', text)).toEqual({ key: 'a\r\n--lin\r\nb' });
  expect(parsed('multipart/form-data; boundary="line"', text)).toEqual({ key: 'a\r\n--lin\r\nb' });
});

test.each([
  ['cut off', part('name="key"', 'a')],
  ['without headers', '--line\r\nno headers\r\n--line--\r\n'],
])('a form of parts that is %s is refused', (_, text) => {
  expect(() => parsed('multipart/form-data; boundary=line', text)).toThrow('Multipart form parse error');
});

test('a form of too many fields is refused, and a name cannot reach a prototype', () => {
  const many = Array.from({ length: 101 }, (_, index) => `f${index}=1`).join('&');
  expect(() => parsed('application/x-www-form-urlencoded', many)).toThrow('at most 100 fields');
  expect(parsed('application/x-www-form-urlencoded', '__proto__=x')).not.toHaveProperty('toString', 'x');
});

test.each(['multipart/form-data', 'text/plain', 'application/json'])('%s is no form that can be read', (type) => {
  expect(formKind(type)).toBeUndefined();
});
