const entries: Readonly<Record<string, string>> = { 'routers/csr1': 'value-of-csr1' };

/** Stands for a backend's own client. */
export async function lookUp(key: string, { signal }: { readonly signal: AbortSignal }): Promise<string | undefined> {
  signal.throwIfAborted();
  return entries[key];
}
