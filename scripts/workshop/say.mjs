/** Tells the person at the terminal; on stderr, since stdout belongs to what is started. */
export function say(line) {
  process.stderr.write(`latchkey: ${line}\n`);
}

/** A failure that the person at the terminal can mend; printed without a stack. */
export class WorkshopError extends Error {}

/** Runs a script's body; its failure is printed and becomes the exit code. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (error instanceof WorkshopError) say(error.message);
    else process.stderr.write(`${error?.stack ?? error}\n`);
    process.exitCode = 1;
  }
}
