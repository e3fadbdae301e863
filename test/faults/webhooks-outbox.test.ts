import { silentLogger, type Logger } from '../../core/src/logger';
import { systemPrincipal, type Principal } from '../../host/src/domain/access';
import type { UnitOfWork } from '../../host/src/domain/ports';
import { tagType } from '../../host/src/domain/annotations';
import { hostTypes } from '../../host/src/domain/types';
import { openDatabase, type Place } from '../../host/src/persistence/open-database';
import { collections } from '../../host/src/collections/collections';
import { createWrites } from '../../host/src/writes/create-writes';
import type { Outcome } from '../../plugins/webhooks/src/delivery/outcome';
import { migrationsOf } from '../../plugins/webhooks/src/migrations';
import { createFilling } from '../../plugins/webhooks/src/outbox/fill';
import { createOutbox, type Claimed, type Outbox } from '../../plugins/webhooks/src/outbox/outbox';
import { createWebhookType, deliveryType } from '../../plugins/webhooks/src/types';
import { describeEngines } from '../support/engines';
import { plainChoices } from '../support/http-host';
import { administratorsOnly } from '../support/policies';

const all = { scope: { kind: 'all' }, limit: 1000, offset: 0 } as const;
const principal: Principal = systemPrincipal;
const plain = (value: string) => ({ value });
const webhookType = createWebhookType({ secret: plain, authorization: plain });
const settings = { timeout: 10_000, attempts: 3, retryAfter: 10_000 };
const clock = { time: 0 };
const warned: unknown[] = [];
const logger: Logger = { ...silentLogger, warn: (...words) => void warned.push(words) };
let place: Place;
let open: UnitOfWork[] = [];
afterEach(async () => {
  for (const one of open) await one.close();
  open = [];
});

/** A host as far as the outbox goes; several of them on one database. */
async function hostOn() {
  const types = hostTypes.with([webhookType, deliveryType]);
  const unitOfWork = await openDatabase({ ...place, types, migrations: migrationsOf(webhookType) });
  open.push(unitOfWork);
  const offered = Object.values(collections) as never;
  const filling = createFilling(
    webhookType,
    () => ({ collections: offered }),
    () => new Date(clock.time),
  );
  const writes = createWrites({
    unitOfWork,
    policy: administratorsOnly,
    choices: plainChoices,
    rules: {},
    listeners: [filling],
  });
  const access = { rows: unitOfWork.rows, writes, principals: { system: async () => principal } as never, logger };
  const outbox = createOutbox({ host: access, webhookType, settings, now: () => clock.time });
  const hook = (name: string, more = {}) =>
    writes.create(principal, webhookType, {
      name,
      content_types: ['extras.tag'],
      type_create: true,
      type_delete: true,
      payload_url: 'https://example.net/',
      ...more,
    });
  const tag = (name: string) => writes.create(principal, tagType, { name, content_types: ['extras.secret'] });
  const waiting = async () => (await unitOfWork.rows.list(deliveryType, all)).rows;
  return { unitOfWork, writes, outbox, hook, tag, waiting };
}

const told = (claimed: Claimed | undefined) =>
  claimed && (JSON.parse(claimed.delivery.payload) as { data: { name: string } }).data.name;
const arrived: Outcome = { kind: 'arrived', status: 200 };
const refused: Outcome = { kind: 'failed', failure: 'status', status: 503 };
const emptied = async (outbox: Outbox, id: string): Promise<(string | undefined)[]> => {
  const names: (string | undefined)[] = [];
  for (let one = await outbox.next(id); one; one = await outbox.next(id, { claimed: one, outcome: arrived }))
    names.push(told(one));
  return names;
};

jest.setTimeout(60_000);

describeEngines('the outbox of webhooks', ({ newDatabase }) => {
  beforeEach(async () => {
    clock.time = Date.parse('2026-11-25T12:00:00Z');
    warned.length = 0;
    place = await newDatabase();
  });

  test('each webhook that asks for it is told of a change, in the order of the changes', async () => {
    const { hook, tag, outbox, waiting } = await hostOn();
    const [a, b] = [await hook('a'), await hook('b')];
    await hook('off', { enabled: false });
    await hook('deletions', { type_create: false });
    for (const name of ['one', 'two', 'three']) await tag(name);
    expect(await waiting()).toHaveLength(6);
    expect(new Set((await waiting()).map(({ event }) => event)).size).toBe(3);
    expect((await outbox.due(8, [])).toSorted()).toEqual([a.id, b.id].toSorted());
    expect(await outbox.due(8, [a.id])).toEqual([b.id]);
    expect(await emptied(outbox, a.id)).toEqual(['one', 'two', 'three']);
    expect(await emptied(outbox, b.id)).toEqual(['one', 'two', 'three']);
    expect(await waiting()).toEqual([]);
  });

  test('a change that is undone leaves nothing to tell; one webhook that is made with it is told of what follows', async () => {
    const { writes, waiting, hook } = await hostOn();
    await hook('a');
    const undone = writes.together({ principal }, async (changes) => {
      await changes.create(tagType, { name: 'gone', content_types: ['extras.secret'] });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    expect(await waiting()).toEqual([]);
    await writes.together({ principal }, async (changes) => {
      await changes.create(tagType, { name: 'kept', content_types: ['extras.secret'] });
      const more = { name: 'b', content_types: ['extras.tag'], type_create: true, payload_url: 'https://example.net/' };
      await changes.create(webhookType, more);
      await changes.create(tagType, { name: 'after', content_types: ['extras.secret'] });
    });
    expect(await waiting()).toHaveLength(3);
  });

  test('of hosts on one database, one sends for a webhook, and another goes on where it was killed', async () => {
    const [one, other] = [await hostOn(), await hostOn()];
    const { id } = await one.hook('a');
    for (const name of ['one', 'two']) await one.tag(name);
    const both = await Promise.all([one.outbox.next(id), other.outbox.next(id)]);
    const claimed = both.filter((found) => found !== undefined);
    expect(claimed.map(told)).toEqual(['one']);
    clock.time += settings.timeout + 4_000;
    expect(await other.outbox.next(id)).toBeUndefined();
    clock.time += 1_001;
    const taken = await other.outbox.next(id);
    expect(told(taken)).toBe('one');
    // The first was only slow: what it says now is not about what the other sends.
    const late = claimed[0] as Claimed;
    expect(await one.outbox.next(id, { claimed: late, outcome: arrived })).toBeUndefined();
    expect(await one.waiting()).toHaveLength(2);
    expect(told(await other.outbox.next(id, { claimed: taken as Claimed, outcome: arrived }))).toBe('two');
  });

  test('what fails waits longer each time while the next goes first, and is a dead letter in the end', async () => {
    const { hook, tag, outbox, waiting } = await hostOn();
    const { id } = await hook('a');
    await tag('one');
    for (let attempts = 1; attempts <= settings.attempts; attempts += 1) {
      const claimed = (await outbox.next(id)) as Claimed;
      expect(told(claimed)).toBe('one');
      expect(await outbox.next(id, { claimed, outcome: refused })).toBeUndefined();
      const [row] = await waiting();
      expect(row).toMatchObject({ attempts, last_status: 503, last_failure: 'status', claim: null });
      expect(warned).toHaveLength(attempts < settings.attempts ? 0 : 1);
      expect(row?.state).toBe(attempts < settings.attempts ? 'pending' : 'dead');
      expect(await outbox.due(8, [])).toEqual([]);
      const wait = Date.parse(row?.next_at ?? '') - clock.time;
      expect(wait).toBeGreaterThanOrEqual((settings.retryAfter * 2 ** (attempts - 1)) / 2);
      await tag(`after ${attempts}`);
      expect(await emptied(outbox, id)).toEqual([`after ${attempts}`]);
      clock.time += wait;
    }
    clock.time += 86_400_000;
    expect(await outbox.due(8, [])).toEqual([]);
  });

  test('a stop gives back what it has, untried; a webhook that is switched off waits, and takes all along when it goes', async () => {
    const { hook, tag, outbox, waiting, writes } = await hostOn();
    const { id } = await hook('a');
    await tag('one');
    const claimed = (await outbox.next(id)) as Claimed;
    expect(await outbox.next(id, { claimed, outcome: { kind: 'stopped' } })).toBeUndefined();
    expect(await waiting()).toMatchObject([{ attempts: 0, claim: null, state: 'pending' }]);
    await writes.update(principal, webhookType, id, { enabled: false }, { partial: true });
    expect(await outbox.next(id)).toBeUndefined();
    await writes.update(principal, webhookType, id, { enabled: true }, { partial: true });
    expect(told(await outbox.next(id))).toBe('one');
    await writes.remove(principal, webhookType, id);
    expect(await waiting()).toEqual([]);
  });
});
