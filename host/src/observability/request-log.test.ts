import { gatherLines } from './gathered-lines';
import { createLogger, type LogLevel } from './logger';
import { createRequestLog, type Answered } from './request-log';

const answered: Answered = {
  method: 'GET',
  route: '/api/extras/secrets/:id/',
  status: 200,
  milliseconds: 1.2345,
  requestId: 'r1',
  user: 'u1',
  address: '192.0.2.1',
};

function linesOf(level: LogLevel, ...all: Answered[]): unknown[] {
  const lines: unknown[] = [];
  const log = createRequestLog(createLogger(level, (line) => lines.push(JSON.parse(line))));
  all.forEach(log);
  return lines;
}

test('a request is one line of JSON', () => {
  expect(linesOf('info', answered)).toEqual([
    {
      time: expect.any(String),
      level: 'info',
      message: 'Request',
      request: 'r1',
      method: 'GET',
      route: '/api/extras/secrets/:id/',
      status: 200,
      duration_ms: 1.2,
      user: 'u1',
      address: '192.0.2.1',
    },
  ]);
});

test('what is not known is left out, and the line stays one', () => {
  const [line] = linesOf('info', { ...answered, route: undefined, user: undefined, address: '' });
  expect(Object.keys(line as object)).toEqual([
    'time',
    'level',
    'message',
    'request',
    'method',
    'status',
    'duration_ms',
  ]);
});

test('health checks are told at debug alone, and no request at warn', () => {
  const health = { ...answered, route: '/readyz' };
  expect(linesOf('info', health)).toEqual([]);
  expect(linesOf('debug', health)).toHaveLength(1);
  expect(linesOf('warn', answered)).toEqual([]);
});

test('the lines of one turn are one write, in their order; long ones are not kept back', async () => {
  const written: string[] = [];
  const write = gatherLines((text) => written.push(text));
  write('a\n');
  write('b\n');
  expect(written).toEqual([]);
  await new Promise(setImmediate);
  expect(written).toEqual(['a\nb\n']);
  write('x'.repeat(70_000));
  expect(written).toHaveLength(2);
  await new Promise(setImmediate);
  expect(written).toHaveLength(2);
});
