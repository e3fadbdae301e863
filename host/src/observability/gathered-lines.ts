const most = 64 * 1024;

/**
 * Gathers the lines of one turn of the event loop into one write: a write for each costs as much as a request. What is
 * waiting when the process ends is written then.
 */
export function gatherLines(write: (text: string) => void): (line: string) => void {
  let waiting = '';
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    if (text !== '') write(text);
  };
  const begin = (): void => {
    setImmediate(flush);
    if (!heard) process.once('exit', flush);
    heard = true;
  };
  let heard = false;
  return (line) => {
    if (waiting === '') begin();
    waiting += line;
    if (waiting.length > most) flush();
  };
}

/** Standard error, a write for each turn; one for the whole process, so that lines stay in their order. */
export const gatheredStandardError = gatherLines((text) => void process.stderr.write(text));
