import { createCipheriv, randomBytes } from 'node:crypto';
import { dumpdata, sqlDump } from '../../../../../test/support/netbox-dump';
import { foobar, masterKey, plan, sealed, texts, world } from '../../../../../test/support/netbox-plan';
import type { NetboxWorldOptions } from '../../../../../test/support/netbox-world';
import { removeTemporaryFolders } from '../../../../../test/support/temporary-folder';
import { legacyHash } from '../../crypto/legacy';
import { reportText } from '../report';

afterAll(removeTemporaryFolders);

const other = randomBytes(32);
const flipped = (row: { ciphertext: Buffer; hash: string }, at: number) => {
  const ciphertext = Buffer.from(row.ciphertext);
  ciphertext.writeUInt8(ciphertext.readUInt8(at) ^ 1, at);
  return { ...row, ciphertext };
};
const broken = (text: string) => {
  const [plaintext, iv] = [Buffer.from(text), randomBytes(16)];
  const header = Buffer.from(String.fromCodePoint(plaintext.length >> 8, plaintext.length & 0xff));
  const fill = Buffer.alloc((16 - ((plaintext.length + 2) % 16)) % 16);
  const padded = Buffer.concat([header, plaintext, fill]);
  return {
    ciphertext: Buffer.concat([iv, createCipheriv('aes-256-cfb8', masterKey, iv).update(padded)]),
    hash: legacyHash(plaintext),
  };
};

const ill: NetboxWorldOptions['secrets'] = [
  { pk: 1, ...foobar },
  { pk: 2, ...sealed('hunter2 of another', other) },
  { pk: 3, ...flipped(sealed('hunter2 flipped'), 20) },
  { pk: 4, ...sealed('hunter2 short'), ciphertext: Buffer.alloc(20) },
  { pk: 5, ...sealed('hunter2 md5'), hash: 'md5$x$y' },
  { pk: 6, ...sealed('hunter2 orphan'), target: ['dcim.device', 99] },
  { pk: 7, ...sealed('hunter2 roleless'), role: 99 },
  { pk: 8, ...broken('B'.repeat(200)) },
  { pk: 9, ...sealed('last') },
];

test('are told apart, row by row, and stop nothing', async () => {
  for (const dump of [sqlDump(world({ secrets: ill })), dumpdata(world({ secrets: ill, release: '2.11' }))]) {
    const { of, findings } = await plan(dump);
    expect(texts(of('secret'))).toEqual(['foobar', 'B'.repeat(200), 'last']);
    expect(findings.filter((line) => line.startsWith('secret-'))).toEqual([
      'secret-damaged: secret 4 secret 4',
      'secret-hash: secret 3 secret 3',
      'secret-hash-form: secret 5 secret 5',
      'secret-other-key: secret 2 secret 2',
      'secret-without-object: secret 6 secret 6',
      'secret-without-role: secret 7 secret 7',
      'secret-healed: secret 8 secret 8',
    ]);
  }
});

test('no report holds a value, a hash, a ciphertext or a token', async () => {
  const { report } = await plan(sqlDump(world({ secrets: ill, changes: [{ secret: 1, ...sealed('older') }] })));
  const all = `${JSON.stringify(report)}${reportText(report)}`;
  const said = ['hunter2', 'foobar', 'older', '1111111111', 'pbkdf2', foobar.ciphertext.toString('hex'), 'BEGIN'];
  expect(said.filter((text) => all.includes(text))).toEqual([]);
});

test('of a second master key, open when its holder gives a key too', async () => {
  const { of } = await plan(sqlDump(world({ secrets: ill })), { masterKeys: [masterKey, other] });
  expect(texts(of('secret'))).toContain('hunter2 of another');
});

test('come from the change log, where it still has their value', async () => {
  const whole = sealed('in the log');
  const damaged = [{ pk: 1, ...flipped(whole, 0) }];
  const changes = [
    { secret: 1, ...sealed('older') },
    { secret: 1, ...whole },
  ];
  const { of, findings } = await plan(sqlDump(world({ secrets: damaged, changes })));
  expect(texts(of('secret'))).toEqual(['in the log']);
  expect(texts(of('version'))).toEqual(['older']);
  expect(findings.filter((line) => line.startsWith('secret-'))).toEqual(['secret-from-history: secret 1 secret 1']);
});
