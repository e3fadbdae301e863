import { bucketOf, longestValue, pad, unpad } from './padding';

test.each([
  [0, 64],
  [1, 64],
  [62, 64],
  [64, 64],
  [65, 128],
  [1000, 1024],
  [1024, 1024],
  [1025, 2048],
  [2048, 2048],
  [2049, 4096],
  [65_535, 65_536],
  [65_536, 65_536],
])('a value of %d bytes goes into the bucket of %d', (length, bucket) => {
  expect(bucketOf(length)).toBe(bucket);
  const value = Buffer.alloc(length, 0xff);
  expect(pad(value).length).toBe(bucket + 4);
  expect(unpad(pad(value))).toEqual(value);
});

test('no more than a few lengths of records exist', () => {
  const buckets = new Set(Array.from({ length: longestValue + 1 }, (_, length) => bucketOf(length)));
  expect(buckets.size).toBe(16 + 6);
});

test('a value over the limit is refused', () => {
  expect(() => pad(Buffer.alloc(longestValue + 1))).toThrow(expect.objectContaining({ code: 'value-size' }));
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['too little for a length', Buffer.alloc(3)],
  ['a length beyond the bucket', Buffer.alloc(68, 0xff)],
  ['a length of another bucket', Buffer.concat([Buffer.from([0, 0, 0, 65]), Buffer.alloc(64)])],
])('%s is not taken for a padded value', (_, padded) => {
  expect(() => unpad(padded)).toThrow(expect.objectContaining({ code: 'integrity-record' }));
});
