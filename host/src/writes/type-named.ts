import type { TypeDescriptor } from '../domain/descriptor';
import type { Types } from '../domain/types';

/** The type of a name that a descriptor gives, so that it must be there. */
export function typeNamed(types: Types, name: string): TypeDescriptor {
  const type = types.get(name);
  if (!type) throw new Error(`There is no type "${name}".`);
  return type;
}
