import type { Relation, TypeDescriptor } from '../../domain/descriptor';

/** Finds a type by its name. */
export type TypesByName = (name: string) => TypeDescriptor | undefined;

/** The relation of a type with this name: a field that refers to rows, or one that the descriptor declares. */
export function relationOf(type: TypeDescriptor, name: string): Relation | undefined {
  const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
  if (field?.target !== undefined && (field.kind === 'reference' || field.kind === 'references')) {
    return { target: field.target, many: field.kind === 'references' };
  }
  return type.relations && Object.hasOwn(type.relations, name) ? type.relations[name] : undefined;
}

/** The names that a key of a constraint may begin with. */
export function namesOf(type: TypeDescriptor): string[] {
  const fields = Object.keys(type.fields).filter((name) => type.fields[name]?.kind !== 'secret');
  return [...fields, ...Object.keys(type.relations ?? {})];
}
