import { addressRules } from '../delivery/addresses';
import { hostOf, urlFault } from './target';

const strict = { addresses: addressRules([]), allowInsecure: false };
const lax = { addresses: addressRules(['127.0.0.0/8']), allowInsecure: true };

test.each([
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://017700000001/',
  'https://127.0.0.1./',
  'https://%31%32%37.0.0.1/',
  'https://0/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:7f00:1]/',
  'https://[0:0:0:0:0:ffff:7f00:1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://[fe80::1]/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[fd00:ec2::254]/',
  'https://10.0.0.1:8443/hook',
  'https://192.168.1.1#@example.net/',
])('%s is refused before anything is resolved', (url) => {
  expect(urlFault(url, strict)).toBe('This address is not public, and the operator does not allow it.');
});

test.each([
  ['http://example.net/', 'Only https:// is sent to, unless the operator sets allow_insecure.'],
  ['ftp://example.net/', 'Only https:// is sent to.'],
  ['file:///etc/passwd', 'Only https:// is sent to.'],
  ['https://jane:s3cret@example.net/', 'A name and a password do not belong into the URL.'],
  ['https://example.net@127.0.0.1/', 'A name and a password do not belong into the URL.'],
  ['example.net', 'Enter a valid URL.'],
  ['https://', 'Enter a valid URL.'],
  ['https://example.net/a\r\nX-Injected: 1', 'Enter a valid URL.'],
  ['https://１２７.0.0.1/', 'Enter a valid URL.'],
])('%j is refused: %s', (url, message) => {
  expect(urlFault(url, strict)).toBe(message);
});

test('a public address and a name are taken, and what the operator allows', () => {
  expect(urlFault('https://example.net/hook?a=b', strict)).toBeUndefined();
  expect(urlFault('https://1.1.1.1/', strict)).toBeUndefined();
  expect(urlFault('http://127.0.0.1:8080/', lax)).toBeUndefined();
  expect(urlFault('http://10.0.0.1/', lax)).toBeDefined();
});

test('the host of an address of IPv6 has no brackets', () => {
  expect(hostOf(new URL('https://[2606:4700::1111]/'))).toBe('2606:4700::1111');
});
