import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, usage } from './arguments.mjs';
import { parts } from './figures.mjs';
import { measureScale } from './scale/main.mjs';
import { growthOf, scaleMarkdown, scaleText } from './scale/report.mjs';
import { loadedClient } from './support/load.mjs';
import { machineFacts } from './support/machine.mjs';
import { runPart } from './support/processes.mjs';
import { jsonOf, markdownOf, textOf } from './support/report.mjs';

/** Measures part by part, each in a process of its own, and tells figure, target, and whether it is met. */
async function main() {
  const asked = readArguments(process.argv.slice(2));
  if (asked.fault) {
    process.stderr.write(`${asked.fault}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  if (asked.help) return void process.stdout.write(usage);
  mkdirSync(asked.out, { recursive: true });
  // On the disk of the clone: a system's folder for temporary files may be memory, where a durable write costs nothing.
  const folder = mkdtempSync(join(asked.out, 'data-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

  const settings = { quick: asked.quick, client: asked.client ?? loadedClient(asked.quick), profile: asked.profile };
  const machine = machineFacts(folder);
  const write = (name, text) => writeFileSync(join(asked.out, name), text);
  if (asked.scale) {
    const measured = await measureScale({ quick: asked.quick, folder });
    const result = { ...machine, loadAfter: machineFacts.load(), quick: asked.quick, ...measured };
    const lines = result.lines.map((line) => ({ ...line, ...growthOf(line) }));
    write('scale.json', `${JSON.stringify({ ...result, lines }, null, 2)}\n`);
    write('scale.md', scaleMarkdown(result));
    return void process.stdout.write(asked.markdown ? scaleMarkdown(result) : scaleText(result));
  }
  const values = {};
  for (const part of asked.only ?? parts) {
    process.stderr.write(`bench: ${part} ...\n`);
    Object.assign(values, await runPart(part, { ...settings, folder }));
  }
  const result = { ...machine, loadAfter: machineFacts.load(), quick: asked.quick, client: settings.client, values };
  write('latest.json', `${JSON.stringify(jsonOf(result), null, 2)}\n`);
  write('latest.md', markdownOf(result));
  process.stdout.write(asked.markdown ? markdownOf(result) : textOf(result));
  if (asked.profile) cpSync(join(folder, 'profiles'), join(asked.out, 'profiles'), { recursive: true });
}

await main();
