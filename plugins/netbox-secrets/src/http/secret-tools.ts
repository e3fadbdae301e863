import type { AnyRow, ApiRequest } from '@latchkey/host/extend';
import type { Keyring } from '../crypto/keyring';
import { StoreError } from '../service/store-error';
import type { Store } from '../store';
import { storedSecretType, type StoredSecret } from '../types';
import { findRow, permit } from './find';
import { shownSecrets, type ToShow } from './present';
import { inShape, readSecret, type SecretBody } from './secret-input';
import { keyringOf } from './session';
import { shapeOf, type Shape } from './shape';

const needed = 'A session key must be provided when creating or updating secrets.';

/** What the handlers of secrets share, on one mount. */
export function secretTools(store: Store, mount: string) {
  const { host, settings, secrets } = store;
  const shapeFor = (request: ApiRequest): Shape => shapeOf(request, settings.version);
  const showing = (request: ApiRequest) => ({ host, mount, shape: shapeFor(request), publicUrl: request.publicUrl });
  const reader = ({ acting, requestId, address }: ApiRequest) => ({ acting, requestId, address });
  const allowed = async (
    request: ApiRequest,
    action: 'view' | 'add' | 'change' | 'delete',
  ): Promise<Keyring | undefined> => {
    permit(host, request.principal, action, storedSecretType);
    return keyringOf(store, request);
  };
  return {
    shapeFor,
    /** Permission first, then the session key, as NetBox judges them. */
    allowed,
    demanded: (keyring: Keyring | undefined): Keyring => {
      if (!keyring) throw new StoreError('session-needed', needed);
      return keyring;
    },
    found: (request: ApiRequest, action: 'view' | 'change' | 'delete', key = request.parameters.id ?? '') =>
      findRow(host, request.principal, { action, type: storedSecretType, key }),
    read: (request: ApiRequest, body: unknown, partial: boolean, before?: AnyRow): Promise<SecretBody> =>
      readSecret(host, request.principal, {
        body,
        shape: shapeFor(request),
        partial,
        before: before as StoredSecret | undefined,
      }),
    /** What a change is answered with: only the values that it brought. */
    async written(request: ApiRequest, rows: readonly object[], bodies: readonly SecretBody[]) {
      const read = await secrets.reveal(reader(request), rows as readonly AnyRow[], undefined);
      const shown = await shownSecrets(
        showing(request),
        read.map((one, index): ToShow => ({ ...one, sent: bodies[index]?.sent })),
      );
      return shown.map((one, index) => {
        const custom_fields = bodies[index]?.sentFields;
        return custom_fields ? { ...one, custom_fields } : one;
      });
    },
    async revealed(request: ApiRequest, rows: readonly AnyRow[], keyring: Keyring | undefined) {
      const brief = Boolean(request.query.get('brief'));
      return shownSecrets(
        showing(request),
        await secrets.reveal(reader(request), rows, brief ? undefined : keyring),
        brief,
      );
    },
    /** Runs a change; what the host says of it is told in the words of the shape. */
    async told<T>(request: ApiRequest, work: () => Promise<T>): Promise<T> {
      try {
        return await work();
      } catch (error) {
        throw inShape(error, shapeFor(request));
      }
    },
  };
}
