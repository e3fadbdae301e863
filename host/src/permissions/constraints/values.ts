import type { Operand } from '../../domain/constraint';
import { userType } from '../../domain/access';
import { lookups } from './lookups';
import { operandReaders } from './operands';
import type { Path } from './paths';
import { compilePattern } from './patterns';

/** What is wrong with a value; `at` says where in it, such as `[3]`. */
export interface ValueFault {
  readonly at: string;
  readonly message: string;
}

const maxListLength = 500;
const token = '$user';

/** Reads the value of a clause: of the shape that the lookup takes, of scalars that the field takes. */
export function readValues(path: Path, raw: unknown): readonly Operand[] | readonly ValueFault[] {
  const { takes } = lookups[path.lookup];
  if (takes === 'flag') {
    return typeof raw === 'boolean' ? [raw] : [fault('', 'Give true or false, without quotes.')];
  }
  if (takes !== 'list' && takes !== 'pair') return readScalars(path, [raw], () => '');
  if (!Array.isArray(raw)) return [fault('', 'Give a list.')];
  if (takes === 'pair' && raw.length !== 2) return [fault('', 'Give a list of two values, the lower one first.')];
  if (raw.length === 0) return [fault('', 'An empty list matches nothing; leave it out.')];
  if (raw.length > maxListLength) return [fault('', `A list has at most ${maxListLength} values.`)];
  const values = readScalars(path, raw, (i) => `[${i}]`);
  const [low, high] = values;
  if (takes === 'pair' && isScalar(low) && isScalar(high) && typeof low !== typeof high) {
    return [fault('', 'Give two values of one type.')];
  }
  return values;
}

/** Whether what was read are faults. */
export function areFaults(read: readonly Operand[] | readonly ValueFault[]): read is readonly ValueFault[] {
  const [first] = read;
  return typeof first === 'object' && first !== null && 'message' in first;
}

const fault = (at: string, message: string): ValueFault => ({ at, message });
const isScalar = (value: Operand | ValueFault | undefined): boolean => typeof value !== 'object';

function readScalars(
  path: Path,
  raw: readonly unknown[],
  at: (index: number) => string,
): readonly Operand[] | readonly ValueFault[] {
  const values: Operand[] = [];
  const faults: ValueFault[] = [];
  raw.forEach((one, index) => {
    const reading = readScalar(path, one);
    if ('fault' in reading) faults.push(fault(at(index), reading.fault));
    else values.push(reading.value);
  });
  return faults.length > 0 ? faults : values;
}

function readScalar(path: Path, raw: unknown): { readonly value: Operand } | { readonly fault: string } {
  const { takes, of } = lookups[path.lookup];
  if (raw === token) return readToken(path);
  const reading = operandReaders[path.field.kind](raw);
  if ('fault' in reading) return reading;
  const { value } = reading;
  if (path.field.kind === 'json') {
    if (of === 'text' && typeof value !== 'string') return { fault: 'Give a text.' };
    if (of === 'ordered' && typeof value !== 'string' && typeof value !== 'number') {
      return { fault: 'Give a text or a number.' };
    }
    if (takes === 'list' && value === null) return { fault: 'A list holds no null; ask for it by itself.' };
  }
  if (takes === 'pattern') {
    const pattern = compilePattern(String(value), path.lookup === 'iregex');
    if ('fault' in pattern) return pattern;
  }
  return reading;
}

// Elsewhere the word would be compared as text, or a user's name would be read as a pattern.
function readToken({ type, name, field, lookup }: Path): ReturnType<typeof readScalar> {
  if (field.userId === true && lookup !== 'exact' && lookup !== 'in')
    return { fault: `${token} stands for the id of a user here: compare it as a whole.` };
  const isReference = field.kind === 'reference' && field.target === userType.name;
  if (isReference || field.userId === true || (type === userType && name === 'id')) return { value: { $user: 'id' } };
  if (field.kind === 'text' && lookups[lookup].takes !== 'pattern') return { value: { $user: 'name' } };
  return { fault: `${token} stands for a user: compare it with a user, or with a text field that holds a user name.` };
}
