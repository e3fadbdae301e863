import { InvalidInput } from '@latchkey/host/extend';
import type { Shape } from './shape';
import { membersOf, readText, taken, type Faults } from './text';

/** The body of a role, read: what the host takes. */
export type RoleInput = Readonly<Record<string, unknown>>;

/** Reads the body of a role in a shape; every fault is told by its field, as NetBox does. */
export function readRole(body: unknown, shape: Shape, partial: boolean): RoleInput {
  const members = membersOf(body);
  if ('fault' in members) throw new InvalidInput({ non_field_errors: [members.fault] });
  const max = shape === '2.9' ? 50 : 100;
  const rules = { name: { max }, slug: { max, slug: true }, description: { max: 200, blank: true } } as const;
  const faults: Faults = {};
  const input: Record<string, unknown> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const given = members.value[name];
    if (given === undefined && (partial || name === 'description')) continue;
    const value = taken(faults, name, readText(given, rule));
    if (value !== undefined) input[name] = value;
  }
  if (Object.keys(faults).length > 0) throw new InvalidInput(faults);
  return input;
}
