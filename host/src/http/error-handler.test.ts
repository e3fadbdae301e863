import { silentLogger } from '../../../core/src/logger';
import { hostError } from '../errors';
import { answerFailure } from './error-handler';

test('a database that another process holds is no fault of the host: come back', () => {
  const answer = answerFailure(hostError('database-busy'), { logger: silentLogger, requestId: 'r' });
  expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': '1' }, body: { detail: expect.any(String) } });
});
