import { compareCodePoints } from '../../permissions/constraints/compare';
import { prefixEnd } from './prefix-end';

test.each([
  ['a', 'b'],
  ['az', 'a{'],
  ['/opt/', '/opt0'],
  ['\u{1f600}', '\u{1f601}'],
  ['\ud7ff', '\ue000'],
  ['\uffff', '\u{10000}'],
  ['a\u{10ffff}', 'b'],
  ['\u{10ffff}', undefined],
  ['', undefined],
])('behind everything that begins with %j comes %j', (prefix, end) => {
  expect(prefixEnd(prefix)).toBe(end);
  if (end === undefined) return;
  expect(compareCodePoints(`${prefix}\u{10ffff}`, end)).toBeLessThan(0);
  expect(end.startsWith(prefix)).toBe(false);
});
