import { copyFileSync, writeFileSync } from 'node:fs';
import { recordingLogger } from '@latchkey/core/testing';
import { makeCertificate } from '../../../../test/support/certificates';
import { removeTemporaryFolders } from '../../../../test/support/temporary-folder';
import { loadCertificate } from './certificate';
import { keepRenewed } from './renewal';

afterAll(removeTemporaryFolders);

/** A renewal that looks when it is told to. */
async function arrange() {
  const files = { ...makeCertificate('first'), passphrase: undefined };
  const next = makeCertificate('second');
  const server = { setSecureContext: jest.fn() };
  const logger = recordingLogger();
  const renewal = keepRenewed({ server, files, loaded: await loadCertificate(files), logger, interval: 2 ** 30 });
  renewal.stop();
  const took = () => server.setSecureContext.mock.calls.length;
  const replace = {
    cert: () => copyFileSync(next.certFile, files.certFile),
    key: () => copyFileSync(next.keyFile, files.keyFile),
  };
  return { files, logger, renewal, took, replace };
}

test('files that changed are taken once they stand still, and once', async () => {
  const { logger, renewal, took, replace } = await arrange();
  await renewal.look();
  replace.cert();
  // The key is yet to come: nothing is taken, and nothing is complained of.
  await renewal.look();
  replace.key();
  await renewal.look();
  expect([took(), logger.lines]).toEqual([0, []]);
  for (const _ of [1, 2, 3]) await renewal.look();
  expect(took()).toBe(1);
  expect(logger.lines).toMatchObject([{ level: 'info', message: 'The certificate was read anew' }]);
});

test('what cannot be used is logged once, and the one before stays; a later mend is taken', async () => {
  const { files, logger, renewal, took, replace } = await arrange();
  writeFileSync(files.certFile, 'hello');
  for (const _ of [1, 2, 3, 4]) await renewal.look();
  expect(took()).toBe(0);
  expect(logger.lines.map(({ level }) => level)).toEqual(['error']);
  replace.cert();
  replace.key();
  for (const _ of [1, 2]) await renewal.look();
  expect(took()).toBe(1);
});

test('a reload takes what is there, at once', async () => {
  const { renewal, took, replace } = await arrange();
  replace.cert();
  replace.key();
  await renewal.reload();
  for (const _ of [1, 2, 3]) await renewal.look();
  expect(took()).toBe(1);
});
