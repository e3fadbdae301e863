import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createHost, readConfig } from '@latchkey/host';
import { rateOf, repeat } from '../support/rate.mjs';
import { environment, hostSettings, tell } from '../support/story.mjs';

const callers = 64;

/** Resolves through a host: who may, the definitions in memory, the value, and its record on the disk before it leaves. */
export async function measure(settings) {
  Object.assign(process.env, environment);
  const config = readConfig(hostSettings(join(settings.folder, 'record')));
  const first = await createHost(config);
  const rows = await tell(await first.listen(), settings.quick ? callers : 2_000);
  await first.close();

  const host = await createHost(config);
  const session = host.as('admin');
  const obj = await session.objects.get({ id: rows.object });
  const cold = await coldRate(session, rows.others, obj);
  const secret = await session.secrets.get({ name: 'Templated' });
  const group = await session.groups.get({ name: 'Repositories' });
  const slot = { accessType: rows.slot.access_type, secretType: rows.slot.secret_type };
  const read = () => secret.getValue({ obj });
  const shared = await rateOf(repeat(read, callers), settings);
  const through = await rateOf(
    repeat(() => group.getSecretValue({ ...slot, obj }), callers),
    settings,
  );
  const alone = await rateOf(repeat(read), settings);
  await host.close();
  return {
    shared: shared.perSecond,
    sharedCpu: shared.perCpuSecond,
    group: through.perSecond,
    alone: alone.perSecond,
    cold,
  };
}

/** Each secret is read once: its definition comes from the database. */
async function coldRate(session, ids, obj) {
  const left = [...ids];
  const began = performance.now();
  const read = async () => {
    const secret = await session.secrets.get({ id: left.pop() });
    await secret.getValue({ obj });
  };
  await repeat(read, callers)(ids.length);
  return (ids.length / (performance.now() - began)) * 1000;
}
