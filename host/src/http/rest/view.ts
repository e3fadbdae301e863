import { addressesOf, type OpenCollection } from '../../collections/collection';
import { createPresenter, type Presenter } from '../../collections/present';
import type { Principal } from '../../domain/access';
import type { AnyRow } from '../../domain/descriptor';
import type { HttpServices } from '../services';
import { shaped, type Looking, type Shown } from './expand';
import type { Shape } from './shape';

/** Shows rows of a collection to someone, in a shape. */
export type View = (principal: Principal, rows: readonly AnyRow[], shape: Shape) => Promise<readonly Shown[]>;

type Presented = ReadonlyMap<string, { readonly collection: OpenCollection; readonly presenter: Presenter }>;

const presented = new WeakMap<readonly OpenCollection[], Presented>();

/** The collections of a host with their presenters, by the name of the type; made once. */
function presentersOf({ collections, publicUrl }: HttpServices): Presented {
  let known = presented.get(collections);
  if (!known) {
    const addresses = addressesOf(collections);
    const whole = collections.filter(({ within }) => within === undefined);
    known = new Map(
      whole.map((collection) => [
        collection.type.name,
        { collection, presenter: createPresenter(collection, { publicUrl, addresses }) },
      ]),
    );
    presented.set(collections, known);
  }
  return known;
}

/** Makes the view of a collection. Rows that belong to someone are shown by their own collection alone. */
export function createView(services: HttpServices, collection: OpenCollection): View {
  const known = presentersOf(services);
  const { publicUrl, collections } = services;
  const presenter = createPresenter(collection, { publicUrl, addresses: addressesOf(collections) });
  const collectionOf: Looking['collectionOf'] = (type) => {
    const found = known.get(type);
    return found?.collection.owner === undefined ? found : undefined;
  };
  return async (principal, rows, shape) => {
    const looking = { principal, policy: services.policy, collectionOf };
    return shaped(collection, await presenter.present(rows, looking), shape, looking);
  };
}
