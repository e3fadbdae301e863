import type { Clause, Conjunction, Constraint, LookupName, RelatedConjunction } from '../../domain/constraint';
import type { TypeDescriptor } from '../../domain/descriptor';
import { lookups } from './lookups';
import { PathFault, readPath, type Path } from './paths';
import type { TypesByName } from './relations';
import { areFaults, readValues } from './values';

/** What is wrong with a constraint, and where in it: `[1].name__in[3]`; the empty path is the whole. */
export interface ConstraintFault {
  readonly path: string;
  readonly message: string;
}

/** A constraint, undefined where everything is allowed, or every fault that was found. */
export type ParsedConstraints =
  | { readonly constraint: Constraint | undefined }
  | { readonly faults: readonly ConstraintFault[] };

const maxMembers = 100;
const maxClauses = 50;
const maxPatterns = 20;
const maxFaults = 50;

/**
 * Reads the JSON of an object permission for one type: an object is AND, a list of objects is OR, null is no constraint.
 * The grammar is closed: what is not known is a fault, and nothing that is read is ever more than a value.
 */
export function parseConstraints(json: unknown, type: TypeDescriptor, types: TypesByName): ParsedConstraints {
  if (json === null) return { constraint: undefined };
  const members = Array.isArray(json) ? (json as readonly unknown[]) : [json];
  if (members.length === 0)
    return refused('', 'An empty list would allow nothing or everything; give null for everything.');
  if (members.length > maxMembers) return refused('', `A list has at most ${maxMembers} members.`);
  const reading: Reading = { type, types, faults: [], patterns: 0 };
  const any = members.map((member, i) => readMember(reading, member, Array.isArray(json) ? `[${i}]` : ''));
  const { faults } = reading;
  return faults.length > 0 ? { faults: faults.slice(0, maxFaults) } : { constraint: { type: type.name, any } };
}

interface Reading {
  readonly type: TypeDescriptor;
  readonly types: TypesByName;
  readonly faults: ConstraintFault[];
  patterns: number;
}

const refused = (path: string, message: string): ParsedConstraints => ({ faults: [{ path, message }] });

function readMember(reading: Reading, member: unknown, at: string): Conjunction {
  const root = branch();
  const complain = (path: string, message: string): void => void reading.faults.push({ path, message });
  if (typeof member !== 'object' || member === null || Array.isArray(member)) {
    complain(at, 'Give an object of lookups.');
    return finished(root);
  }
  const entries = Object.entries(member);
  if (entries.length === 0) complain(at, 'An empty object would allow everything; give null for that.');
  if (entries.length > maxClauses) {
    complain(at, `An object has at most ${maxClauses} lookups.`);
    return finished(root);
  }
  for (const [key, raw] of entries) {
    if (reading.faults.length >= maxFaults) break;
    const place = `${at === '' ? '' : `${at}.`}${key.slice(0, 255)}`;
    try {
      const path = withNull(readPath(key, reading.type, reading.types), raw);
      if (lookups[path.lookup].takes === 'pattern' && ++reading.patterns > maxPatterns) {
        throw new PathFault(`A constraint has at most ${maxPatterns} regular expressions.`);
      }
      const values = readValues(path, path.isNull ? true : raw);
      if (areFaults(values)) for (const one of values) complain(place + one.at, one.message);
      else add(root, path, { field: path.name, keys: path.keys, lookup: path.lookup, values, text: key });
    } catch (error) {
      if (!(error instanceof PathFault)) throw error;
      complain(place, error.message);
    }
  }
  return finished(root);
}

/** Django's `field: null` asks whether a column is null; of a JSON member it asks for JSON's null. */
function withNull(path: Path, raw: unknown): Path & { readonly isNull: boolean } {
  const isNull = raw === null && path.lookup === 'exact' && path.field.kind !== 'json';
  return { ...path, lookup: isNull ? ('isnull' satisfies LookupName) : path.lookup, isNull };
}

/** A conjunction in the making: lookups that go through one relation meet in it. */
interface Branch {
  readonly clauses: Clause[];
  readonly related: Map<string, { readonly target: string; readonly branch: Branch }>;
}

const branch = (): Branch => ({ clauses: [], related: new Map() });

function add(root: Branch, { relations }: Path, clause: Clause): void {
  let at = root;
  for (const { name, target } of relations) {
    let next = at.related.get(name);
    if (!next) at.related.set(name, (next = { target, branch: branch() }));
    at = next.branch;
  }
  at.clauses.push(clause);
}

function finished({ clauses, related }: Branch): Conjunction {
  return {
    clauses,
    related: [...related].map(([relation, { target, branch: far }]) => through(relation, target, far)),
  };
}

// Without a related row, every field of it is null: Django's outer join.
function through(relation: string, target: string, far: Branch): RelatedConjunction {
  const meets = finished(far);
  const asksNull = ({ lookup, values }: Clause): boolean => lookup === 'isnull' && values[0] === true;
  return {
    relation,
    target,
    meets,
    orNone: meets.clauses.every(asksNull) && meets.related.every(({ orNone }) => orNone),
  };
}
