/** The forms in which a value may lie in a text: as it is, JSON, URL, base64, base64url and hex. */
const forms = (value: string | Uint8Array): readonly string[] => {
  const bytes = Buffer.from(value as string);
  const text = bytes.toString('utf8');
  const json = JSON.stringify(text).slice(1, -1);
  const packed = (['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding));
  return [text, json, encodeURIComponent(text), ...packed.map((form) => form.replace(/=+$/, ''))];
};

/** Whether a text holds a value in one of its usual forms. */
export function holdsValue(text: string, value: string | Uint8Array): boolean {
  const lower = text.toLowerCase();
  return forms(value).some((form) => text.includes(form) || lower.includes(form.toLowerCase()));
}

const levels = ['debug', 'error', 'info', 'log', 'warn'] as const;

/** Runs work and gives what it wrote to the console, which stays silent meanwhile. */
export async function consoleOf(work: () => Promise<void>): Promise<readonly unknown[]> {
  const target = globalThis.console;
  const kept = levels.map((level) => [level, target[level]] as const);
  const written: unknown[] = [];
  for (const level of levels) target[level] = (...parts: unknown[]) => void written.push(...parts);
  try {
    await work();
  } finally {
    for (const [level, own] of kept) target[level] = own;
  }
  return written;
}
