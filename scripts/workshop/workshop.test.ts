import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
const running = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-workshop-'));
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a script that may import the workshop's modules by `./name.mjs`; `heard` waits for a text on its outputs. */
function start(script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: __dirname });
  running.add(child);
  let output = '';
  let check = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += String(data);
      check();
    });
  }
  const heard = (text: string) =>
    new Promise<void>((resolve) => {
      check = () => output.includes(text) && resolve();
      check();
    });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? ''));
  });
  return { child, heard, ended, output: () => output };
}

const run = (script: string) => spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: __dirname });

const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('the lock', () => {
  const holder = (name: string, body: string) =>
    `import { withLock } from './lock.mjs';
     import { appendFileSync } from 'node:fs';
     await withLock(${JSON.stringify(join(folder, 'build/lock'))}, async () => {
       appendFileSync(${JSON.stringify(join(folder, 'order'))}, '${name} in, ');
       console.log('${name} is in');
       ${body}
       appendFileSync(${JSON.stringify(join(folder, 'order'))}, '${name} out, ');
     });`;
  const untilTold = "await new Promise((resolve) => process.stdin.once('end', resolve).resume());";
  const order = () => readFileSync(join(folder, 'order'), 'utf8');

  test('lets one process in; another says that it waits, and comes after it', async () => {
    const first = start(holder('a', untilTold));
    await first.heard('a is in');
    const second = start(holder('b', ''));
    await second.heard(`process ${first.child.pid} is installing or building here`);
    first.child.stdin.end();
    expect([await first.ended, await second.ended]).toEqual([0, 0]);
    expect(order()).toBe('a in, a out, b in, b out, ');
  });

  test('is taken over from a process that was killed', async () => {
    const first = start(holder('a', untilTold));
    await first.heard('a is in');
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start(holder('b', ''));
    expect(await second.ended).toBe(0);
    expect(second.output()).toContain(`taking over from process ${first.child.pid}`);
    expect(order()).toBe('a in, b in, b out, ');
  });

  test('leaves nothing behind when its body fails', () => {
    const { status } = run(holder('a', "throw new Error('no');"));
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'build/lock'))).toBe(false);
  });

  test('is entered when whoever took it over died before it got in', () => {
    mkdirSync(join(folder, 'build/lock'), { recursive: true });
    expect(run(holder('a', '')).status).toBe(0);
  });
});

describe('a child', () => {
  const handOver = (code: string) =>
    `import { handOver } from './children.mjs'; await handOver(process.execPath, ['-e', ${JSON.stringify(code)}]);`;

  test('gives its exit code', () => {
    expect(run(handOver('process.exit(7)')).status).toBe(7);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('gets %s, and decides how it ends', async (signal) => {
    const wait = `process.on('${signal}', () => process.exit(9)); setInterval(() => {}, 1000); console.log('up ' + process.pid)`;
    const parent = start(handOver(wait));
    await parent.heard('up ');
    parent.child.kill(signal);
    expect(await parent.ended).toBe(9);
    expect(alive(Number(/up (\d+)/.exec(parent.output())?.[1]))).toBe(false);
  });

  test('of a step ends with all that it started', async () => {
    const grandchild = "console.log('grandchild ' + process.pid); setInterval(() => {}, 1000)";
    const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    const parent = start(
      `import { step } from './children.mjs'; await step(process.execPath, ['-e', ${JSON.stringify(child)}]);`,
    );
    await parent.heard('grandchild ');
    parent.child.kill('SIGTERM');
    expect(await parent.ended).toBe(143);
    expect(alive(Number(/grandchild (\d+)/.exec(parent.output())?.[1]))).toBe(false);
  });
});

describe('the kept sqlite3', () => {
  const archive = (damage: string) =>
    `import { isWhole, tarOf } from './sqlite-cache.mjs';
     import { gzipSync } from 'node:zlib';
     import { writeFileSync } from 'node:fs';
     const good = gzipSync(tarOf('build/Release/node_sqlite3.node', Buffer.alloc(5000, 'addon')));
     const kept = ${damage};
     writeFileSync(${JSON.stringify(join(folder, 'kept.tar.gz'))}, kept);
     console.log(isWhole(kept));`;
  const isWhole = (damage: string) => String(run(archive(damage)).stdout).trim();

  test('is a tar archive that other tools read', () => {
    expect(isWhole('good')).toBe('true');
    const tar = spawnSync('tar', ['-xzOf', join(folder, 'kept.tar.gz'), 'build/Release/node_sqlite3.node']);
    expect(tar.stdout.equals(Buffer.alloc(5000, 'addon'))).toBe(true);
  });

  test.each([
    ['cut short', 'good.subarray(0, good.length - 20)'],
    ['changed in the middle', 'Buffer.concat([good.subarray(0, 40), Buffer.alloc(9), good.subarray(49)])'],
    ['empty', 'Buffer.alloc(0)'],
    ['no archive', "gzipSync('something else')"],
    ['an archive of something else', "gzipSync(tarOf('other', Buffer.from('x')))"],
    [
      'an archive without content',
      "gzipSync(tarOf('build/Release/node_sqlite3.node', Buffer.from('x')).subarray(0, 512))",
    ],
  ])('is not used when it is %s', (_, damage) => {
    expect(isWhole(damage)).toBe('false');
  });
});

test.each(['start', 'test', 'build', 'dev', 'bench'])(
  'npm run %s tells a Node that is too old what is wanted',
  (name) => {
    const fake = join(folder, 'fake.cjs');
    writeFileSync(fake, "Object.defineProperty(process.versions, 'node', { value: '18.20.1' });");
    const { status, stderr } = spawnSync(process.execPath, ['--require', fake, join(__dirname, `../${name}.mjs`)]);
    expect(String(stderr)).toContain('latchkey needs Node 20.19 or newer; this is 18.20.1');
    expect(status).toBe(1);
  },
);
