const newline = 0x0a;

/** The lines of a text of bytes without their ends, as many at a time as a chunk completes. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer[], void, undefined> {
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const part = chunk.subarray(start, end);
      lines.push(begun.length > 0 ? Buffer.concat([...begun, part]) : part);
      begun = [];
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (begun.length > 0) yield [Buffer.concat(begun)];
}
