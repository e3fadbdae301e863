import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { createHost, type ReadOptions } from '../../../host/src/index';
import { readConfig } from '../../../host/src/config';
import { restClient } from '../../support/rest-client';
import { makeTour, secretsOf, tourObject } from './tour';

// The host as a library, and everything that it returns or throws printed in every way that there is.
const [folder = '', dataDir = '', token = ''] = process.argv.slice(2);

const show = (text: string): void => void process.stdout.write(`${text}\n`);

function showAll(thing: unknown): void {
  const options = { depth: 6, showHidden: true, getters: true, maxArrayLength: null, maxStringLength: null } as const;
  show(inspect(thing, options));
  show(inspect(thing, { ...options, customInspect: false }));
  show(format('%s %o %O %j %d %i', thing, thing, thing, thing, thing, thing));
  for (const convert of [
    () => JSON.stringify({ thing }),
    () => String(thing),
    () => `${Object.prototype.toString.call(thing)} ${Object.entries(thing as object).join()}`,
    () => inspect(structuredClone(thing), options),
    () => serialize(thing).toString('latin1'),
    () => JSON.stringify(Object.getOwnPropertyDescriptors(thing)),
  ]) {
    try {
      show(convert());
    } catch (failure) {
      show(inspect(failure, options));
    }
  }
  process.emitWarning(`${inspect(thing)} ${String(thing)}`);
}

async function main(): Promise<void> {
  const host = await createHost(readConfig(process.env, { data_dir: dataDir, port: 0 }));
  showAll(host);
  await makeTour(restClient(await host.listen(), token), folder);
  const session = host.as('admin');
  const object = await session.objects.get(tourObject);
  showAll(session);
  for (const [name] of secretsOf(folder)) {
    const secret = await session.secrets.get({ name });
    const group = await session.groups.get({ name: `Group of ${name}` });
    showAll(secret);
    showAll(group);
    const slot = { accessType: 'Generic', secretType: 'secret' };
    const whens: readonly ReadOptions[] = [{ obj: object }, { object: tourObject }, {}];
    for (const when of whens) {
      for (const read of [() => secret.getValue(when), () => group.getSecretValue({ ...slot, ...when })]) {
        try {
          const value = await read();
          showAll(value);
          showAll(Promise.resolve(value));
          const digest = createHash('sha256').update(value.revealBytes()).digest('hex');
          show(`VALUE ${name}: ${digest}`);
          // What the caller does wrong with bytes must not print them either.
          if (value.kind === 'bytes') value.reveal();
        } catch (failure) {
          showAll(failure);
          for (let at = failure as Error | undefined; at; at = at.cause as Error | undefined) showAll(at.stack);
        }
      }
      const told = [
        await secret.check(when),
        await secret.explain(when),
        await group.check({ ...slot, ...when }),
        await group.explain({ ...slot, ...when }),
      ];
      show(JSON.stringify(told));
    }
  }
  await host.close();
  show('THE END');
}

main().catch((failure: unknown) => {
  showAll(failure);
  process.exit(1);
});
