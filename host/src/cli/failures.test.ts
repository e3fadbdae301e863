import { LatchkeyError } from '@latchkey/core';
import { CommandError, exitCodes } from './exit-codes';
import { explainFailure, failureOfAnswer } from './failures';

test.each([
  [400, { name: ['This field is required.'] }, 'invalid', 'name: This field is required.'],
  [400, { non_field_errors: ['Give {"group"}.'] }, 'invalid', 'Give {"group"}.'],
  [400, { a: ['1.', '2.'], __all__: ['3.'] }, 'invalid', 'The input is not valid:\n  a: 1.\n  a: 2.\n  3.'],
  [400, { nets: { '1': ['Not one.'] } }, 'invalid', 'nets[1]: Not one.'],
  [403, { detail: 'Forbidden.' }, 'refused', 'Forbidden.'],
  [404, { detail: 'No Secret matches.' }, 'not-found', 'No Secret matches.'],
  [409, { detail: 'In use.' }, 'conflict', 'In use.'],
  [422, { detail: 'SecretError: x' }, 'no', 'SecretError: x'],
  [500, { detail: 'A server error occurred.', request_id: 'r1' }, 'host', 'A server error occurred. (request r1)'],
  [503, undefined, 'host', 'The host answered 503.'],
  [400, {}, 'invalid', 'The host answered 400.'],
  [418, 'text', 'host', 'The host answered 418.'],
])('an answer %i %j ends as %s', (status, body, ending, message) => {
  expect(failureOfAnswer(status, body)).toMatchObject({ ending, message });
});

test('a failure is told with what to do next, and ends with its code', () => {
  expect(explainFailure(new CommandError('conflict', 'In use.', 'Try again.'))).toEqual({
    code: exitCodes.conflict[0],
    text: 'latchkey: In use.\n  Try again.\n',
  });
  expect(explainFailure(new LatchkeyError('code', 'No disk.', 'Free space.'))).toEqual({
    code: exitCodes.host[0],
    text: 'latchkey: No disk.\n  Free space.\n',
  });
});

test('of an unknown failure only the class is told', () => {
  const { text, code } = explainFailure(new TypeError('canary-value'));
  expect(text).toContain('TypeError');
  expect(text).not.toContain('canary');
  expect(code).toBe(exitCodes.host[0]);
});

test('what a failure quotes cannot steer the terminal', () => {
  expect(explainFailure(new CommandError('no', '\u001b]0;x\u0007', '')).text).toContain('\\x1b]0;x\\x07');
});
