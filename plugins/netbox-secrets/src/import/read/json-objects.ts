const [quote, backslash, comma, newline] = [0x22, 0x5c, 0x2c, 0x0a];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];
const blanks = new Set([0x20, 0x09, 0x0d, newline]);

/**
 * Cuts a stream of bytes into the objects of its one list, or of no list where there is one object a line. Lines before
 * the first object are passed over. What stands within an object is not judged: that is for JSON.parse. An object in
 * which a text does not end with its line is cut there, and those that begin on later lines are read.
 */
export class JsonObjects {
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #begun: Buffer[] = [];
  #isList = false;
  #isClosed = false;
  #hasObject = false;
  #isForeign = false;
  #isLost = false;
  /** How far into its line the first object begins, and the place at hand between objects. */
  #indent = -1;
  #column = 0;

  /** The objects that the chunk completes. */
  take(chunk: Buffer): Buffer[] {
    const objects: Buffer[] = [];
    let start = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#depth === 0) {
        at = this.#between(chunk, at, byte);
        if (this.#depth > 0) start = at;
      } else if (this.#inside(byte) || this.#isLost) {
        objects.push(Buffer.concat([...this.#begun, chunk.subarray(start, at + 1)]));
        this.#begun = [];
        start = -1;
      }
    }
    if (start >= 0) this.#begun.push(chunk.subarray(start));
    return objects;
  }

  /** Why the text ends too early; undefined where it is whole. */
  end(): string | undefined {
    if (this.#depth > 0) return 'within a row';
    if (this.#isForeign) return 'where other text begins';
    return (this.#isList || !this.#hasObject) && !this.#isClosed ? 'before the end of the list' : undefined;
  }

  /** Between objects; answers where it goes on. */
  #between(chunk: Buffer, at: number, byte: number): number {
    const column = this.#column;
    this.#column = byte === newline ? 0 : column + 1;
    if (blanks.has(byte) || byte === comma || this.#isForeign) return at;
    if (this.#isLost && !(byte === openObject && column === this.#indent) && !(byte === closeList && column === 0))
      return at;
    this.#isLost = false;
    if (byte === openObject && this.#indent < 0) this.#indent = column;
    if (byte === openObject && !this.#isClosed) this.#depth = 1;
    else if (byte === openList && !this.#isList && !this.#hasObject) this.#isList = true;
    else if (byte === closeList && this.#isList && !this.#isClosed) this.#isClosed = true;
    else return this.#foreign(chunk, at);
    this.#hasObject ||= this.#depth === 1;
    return at;
  }

  #foreign(chunk: Buffer, at: number): number {
    if (this.#hasObject || this.#isClosed) {
      this.#isForeign = !this.#isClosed;
      return this.#isClosed ? chunk.length : at;
    }
    this.#isList = false;
    this.#column = 0;
    const end = chunk.indexOf(newline, at);
    return end < 0 ? chunk.length : end;
  }

  #lose(): void {
    this.#depth = 0;
    this.#column = 0;
    this.#isText = false;
    this.#isLost = true;
  }

  /** Within an object; whether the byte ends it. */
  #inside(byte: number): boolean {
    if (this.#isText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) this.#isText = false;
      else if (byte === newline) this.#lose();
      return false;
    }
    if (byte === quote) this.#isText = true;
    else if (byte === openObject || byte === openList) this.#depth += 1;
    else if (byte === closeObject || byte === closeList) this.#depth -= 1;
    return this.#depth === 0;
  }
}
