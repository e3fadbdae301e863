import { describeProvider } from '@latchkey/core/testing';
import { pythonEnvironment } from '../../../test/support/python-env';
import { startOpenBao, type OpenBao } from '../../../test/support/real-servers';
import { startSilentServer } from '../../../test/support/silent-server';
import { hashicorpVault } from './index';

// Generous, for a machine that is busy.
jest.setTimeout(30_000);

const python = pythonEnvironment();

(python === undefined ? describe.skip : describe)('with a real OpenBao', () => {
  let bao: OpenBao;
  let silent: Awaited<ReturnType<typeof startSilentServer>>;
  const parameters = { path: 'app', key: 'password' };

  beforeAll(async () => {
    [bao, silent] = await Promise.all([startOpenBao(String(python)), startSilentServer()]);
    await fetch(`${bao.url}/v1/secret/data/app`, {
      method: 'POST',
      headers: { 'x-vault-token': bao.token },
      body: JSON.stringify({ data: { password: 'correct horse' } }),
    });
  }, 60_000);
  afterAll(async () => {
    await Promise.all([bao?.stop(), silent?.stop()]);
  });

  describeProvider(hashicorpVault, {
    store: () => ({ url: bao.url, token: bao.token }),
    present: { parameters, value: 'correct horse' },
    absent: { parameters: { path: 'absent', key: 'password' } },
    failing: { parameters, store: { url: 'http://127.0.0.1:1', token: 'any' } },
    hanging: () => ({ parameters, store: { url: silent.url, token: 'any' } }),
  });
});
