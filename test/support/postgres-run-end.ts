/** Ends what `postgres-run` started. */
export default async function endForRun(): Promise<void> {
  await (globalThis as { endPostgresOfRun?: () => Promise<void> }).endPostgresOfRun?.();
}
