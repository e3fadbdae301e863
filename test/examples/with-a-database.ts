// An application with a database: what stands between the marks is quoted by the README.
// example
import { createHost, readConfig } from '@latchkey/host';
// end
import type { SecretValue } from '@latchkey/core';

/** Signs in to a device with what its group holds. */
export async function signIn(device: { login(password: ReturnType<SecretValue['reveal']>): void }): Promise<void> {
  // example
  const host = await createHost(readConfig());
  const admin = host.as('admin');
  const group = await admin.groups.get({ slug: 'core-switches' });
  const password = await group.getSecretValue({
    accessType: 'SSH',
    secretType: 'password',
    object: { object_type: 'dcim.device', name: 'csr1' },
  });
  device.login(password.reveal()); // anything else, such as `${password}`, gives a mark
  await host.close();
  // end
}
