import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrapLegacyMasterKey } from '../../../plugins/netbox-secrets/src/crypto/legacy';
import { sqlDump, type ModelRow } from '../../support/netbox-dump';
import { masterKey, sealed } from '../../support/netbox-plan';
import { netboxKeyPair, netboxWorld } from '../../support/netbox-world';
import { temporaryFolder } from '../../support/temporary-folder';

/** The values that the page shows, by the numbers that they have there. */
export const valuesOnPage = new Map([
  [2587, 'foobar'],
  [2588, 'MyP@ssw0rd!'],
  [2589, 'AnotherSecret!'],
]);

const device = 1827;

function asOnPage(row: ModelRow): ModelRow {
  if (row.model === 'secrets.secretrole' && row.pk === 1)
    return { ...row, fields: { ...row.fields, name: 'Login Credentials', slug: 'login-creds' } };
  return row;
}

/** Writes the dump of a NetBox that has what the page names, and the private key of its administrator. */
export function writeMovedNetbox(): { readonly dump: string; readonly privateKey: string } {
  const keys = { admin: netboxKeyPair(), alice: netboxKeyPair(), bob: netboxKeyPair() };
  const secrets = [...valuesOnPage].map(([pk, text]) => {
    const name = pk === 2587 ? 'admin' : `secret ${pk}`;
    return { pk, ...sealed(text), name, target: ['dcim.device', device] as const };
  });
  const wrap = (publicKey: Parameters<typeof wrapLegacyMasterKey>[0]) => wrapLegacyMasterKey(publicKey, masterKey);
  const rows = netboxWorld({ release: '2.9', wrap, secrets }, keys);
  const first = rows.find(({ model }) => model === 'dcim.device');
  if (!first) throw new Error('there is no device');
  const fields = { ...first.fields, name: 'MyTestDevice', _name: 'MyTestDevice' };
  const folder = temporaryFolder();
  const [dump, privateKey] = [join(folder, 'netbox.sql'), join(folder, 'admin.pem')];
  writeFileSync(dump, sqlDump([...rows.map(asOnPage), { ...first, pk: device, fields }]));
  writeFileSync(privateKey, keys.admin.privateKey.export({ type: 'pkcs1', format: 'pem' }));
  return { dump, privateKey };
}
