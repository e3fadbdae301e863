import { MemoryUnitOfWork } from '../../../test/support/memory-unit-of-work';
import { tokenType, userType } from '../domain/access';
import { createLastUsed } from './last-used';

const time = '2026-11-24T12:00:00.000Z';
const clock = { time: Date.parse(time) };
const now = () => clock.time;

let unitOfWork: MemoryUnitOfWork;
beforeEach(async () => {
  unitOfWork = new MemoryUnitOfWork();
  await unitOfWork.run(async (tx) => {
    const times = { created: time, last_updated: time };
    await tx.insert(userType, { id: 'u', ...times, username: 'maria' });
    for (const id of ['t1', 't2']) await tx.insert(tokenType, { id, ...times, user: 'u', key_hash: id });
  });
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => jest.useRealTimers());

const lastUsed = async (id: string) => (await unitOfWork.rows.get(tokenType, { id }))?.last_used;
const settled = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
};

test('any number of uses is written once a minute, in one transaction', async () => {
  const uses = createLastUsed(unitOfWork, { now });
  const before = await unitOfWork.version();
  for (let use = 0; use < 1000; use += 1) {
    uses.token('t1');
    uses.token('t2');
    uses.login('u');
  }
  jest.advanceTimersByTime(59_999);
  await settled();
  expect(await unitOfWork.version()).toBe(before);
  jest.advanceTimersByTime(1);
  await settled();
  expect(await unitOfWork.version()).toBe(before + 1);
  expect([await lastUsed('t1'), await lastUsed('t2')]).toEqual([time, time]);
  expect((await unitOfWork.rows.get(userType, { id: 'u' }))?.last_login).toBe(time);
  jest.advanceTimersByTime(600_000);
  await settled();
  expect(await unitOfWork.version()).toBe(before + 1);
});

test('a token that is gone by then is passed over', async () => {
  const uses = createLastUsed(unitOfWork, { now });
  uses.token('t1');
  uses.token('t2');
  await unitOfWork.run((tx) => tx.remove(tokenType, 't1'));
  await uses.close();
  expect([await lastUsed('t1'), await lastUsed('t2')]).toEqual([undefined, time]);
});

test('what cannot be written is kept for the next minute, and nobody is told', async () => {
  let broken = true;
  const run: typeof unitOfWork.run = (work) =>
    broken ? Promise.reject(new Error('The disk is full.')) : unitOfWork.run(work);
  const uses = createLastUsed({ run }, { now });
  uses.token('t1');
  jest.advanceTimersByTime(60_000);
  await settled();
  expect(await lastUsed('t1')).toBeNull();
  broken = false;
  jest.advanceTimersByTime(60_000);
  await settled();
  expect(await lastUsed('t1')).toBe(time);
});

test('no more than five hundred tokens are written at once', async () => {
  const ids: string[] = [];
  const run = ((work: (tx: unknown) => Promise<unknown>) =>
    work({ get: (_: unknown, { id }: { id: string }) => Promise.resolve(void ids.push(id)) })) as never;
  const uses = createLastUsed({ run }, { now });
  for (let index = 0; index < 2000; index += 1) uses.token(`token ${index}`);
  await uses.close();
  expect(ids).toHaveLength(500);
});
