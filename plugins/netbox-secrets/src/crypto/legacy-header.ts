const smallest = 64;
const block = 16;

/** How many bytes NetBox makes of a header of two bytes, `length` bytes of text and the fill. */
export const legacyPaddedSize = (length: number): number => Math.max(smallest, Math.ceil((length + 2) / block) * block);

interface Header {
  readonly size: number;
  readonly length: number;
}

/** One code point of UTF-8 below 256, as each byte of the length was written before 2.4.8. */
function codePoint(bytes: Buffer, at: number): { readonly value: number; readonly size: number } | undefined {
  const [first = 0x100, second = 0] = bytes.subarray(at, at + 2);
  if (first < 0x80) return { value: first, size: 1 };
  const isTwoBytes = (first === 0xc2 || first === 0xc3) && second >> 6 === 0b10;
  return isTwoBytes ? { value: ((first & 0b11) << 6) | (second & 0b111111), size: 2 } : undefined;
}

function codePointHeader(padded: Buffer): Header | undefined {
  const high = codePoint(padded, 0);
  const low = high && codePoint(padded, high.size);
  return high && low && { size: high.size + low.size, length: (high.value << 8) | low.value };
}

const bytesOfCharacter = (first: number) => 1 + Number(first >= 0xc0) + Number(first >= 0xe0) + Number(first >= 0xf0);

/** Where `count` characters of UTF-8 that begin at `start` end; NaN where the bytes do not suffice. */
function endOfCharacters(padded: Buffer, start: number, count: number): number {
  let end = start;
  for (let left = count; left > 0; left -= 1) {
    const first = padded[end];
    if (first === undefined) return Number.NaN;
    end += bytesOfCharacter(first);
  }
  return end;
}

/**
 * The readings of a decrypted row that agree with its size to the byte, likeliest first: the length in two bytes, in
 * two code points (before 2.4.8), and either of them as a count of characters (before 2.2.7).
 */
export function legacyReadings(padded: Buffer): Buffer[] {
  const wide = codePointHeader(padded);
  const headers: Header[] = [{ size: 2, length: padded.readUInt16BE(0) }];
  if (wide && wide.size > 2) headers.push(wide);
  const inBytes = headers.map((header) => ({ ...header, end: header.size + header.length }));
  const inCharacters = headers.map((header) => ({
    ...header,
    end: endOfCharacters(padded, header.size, header.length),
  }));
  // The fill was reckoned from the length that the header tells, so that the bytes it does not count make a row longer.
  const isWhole = ({ size, length, end }: Header & { end: number }) =>
    padded.length === legacyPaddedSize(length) + (end - length - 2) && size < padded.length;
  const ends = new Map(
    [...inBytes, ...inCharacters].filter(isWhole).map(({ size, end }) => [`${size}-${end}`, { size, end }]),
  );
  return [...ends.values()].map(({ size, end }) => padded.subarray(size, end));
}
