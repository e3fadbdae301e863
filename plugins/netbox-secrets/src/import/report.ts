import { findingTexts, type Finding, type FindingCode } from './findings';
import type { ImportStep } from './plan/steps';
import type { RowFault } from './records/read-record';
import type { Kind } from './records/record-kinds';

/** How many rows there were that steps of a kind are made of, and how many steps were planned. */
export interface KindCount {
  found: number;
  planned: number;
}

/** What an import has to say at its end; as it stands, it is the JSON of the report. */
export interface ImportReport {
  readonly source: Readonly<Record<string, string | number | boolean>>;
  readonly counts: Readonly<Record<string, Readonly<KindCount>>>;
  readonly findings: readonly {
    readonly code: FindingCode;
    readonly text: string;
    readonly isLoss: boolean;
    readonly count: number;
    /** The first of them; `count` tells of all. */
    readonly rows: readonly Omit<Finding, 'code'>[];
  }[];
}

type Made = ImportStep['kind'];

const madeOf: Readonly<Partial<Record<Kind, Made>>> = {
  user: 'user',
  group: 'group',
  token: 'token',
  permission: 'permission',
  device: 'object',
  'virtual-machine': 'object',
  tag: 'tag',
  'old-tag': 'tag',
  'custom-field': 'custom-field',
  role: 'role',
  'user-key': 'user-key',
  secret: 'secret',
  change: 'change',
};

const mostRows = 1000;
const shownRows = 10;

/** Counts while an import runs; holds no value, and of what is wrong no more than it shows. */
export class ImportTally {
  readonly #source = new Map<string, string | number | boolean>();
  readonly #counts = new Map<string, KindCount>();
  readonly #findings = new Map<FindingCode, { count: number; rows: Omit<Finding, 'code'>[] }>();

  /** States a fact about the dump. */
  tell(name: string, fact: string | number | boolean): void {
    this.#source.set(name, fact);
  }

  /** Counts a row that was read, if steps are made of its kind. */
  found(kind: Kind): void {
    const made = madeOf[kind];
    if (made !== undefined) this.#count(made).found += 1;
  }

  planned(kind: ImportStep['kind']): void {
    this.#count(kind).planned += 1;
  }

  find({ code, ...row }: Finding): void {
    const known = this.#findings.get(code) ?? { count: 0, rows: [] };
    this.#findings.set(code, known);
    known.count += 1;
    if (known.rows.length < mostRows) known.rows.push(row);
  }

  /** Notes a row that cannot be read. */
  fault({ of, pk, place, problem }: RowFault): void {
    this.find({ code: 'row-unreadable', of: of ?? 'row', pk, detail: `${place}: ${problem}` });
  }

  report(): ImportReport {
    const findings = [...this.#findings].map(([code, found]) => ({ code, ...findingTexts[code], ...found }));
    return {
      source: Object.fromEntries(this.#source),
      counts: Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      findings: findings.toSorted((a, b) => Number(b.isLoss) - Number(a.isLoss) || (a.code < b.code ? -1 : 1)),
    };
  }

  #count(kind: Made): KindCount {
    const count = this.#counts.get(kind) ?? { found: 0, planned: 0 };
    this.#counts.set(kind, count);
    return count;
  }
}

// Names come from the dump: none of them may end a line, or steer a terminal.
const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

const rowText = ({ of, pk, detail }: Omit<Finding, 'code'>): string =>
  `    ${of}${pk === undefined ? '' : ` ${pk}`}${detail === undefined ? '' : `: ${printable(detail)}`}`;

/** A report for people, a line a fact. */
export function reportText({ source, counts, findings }: ImportReport): string {
  const facts = Object.entries(source).map(([name, fact]) => `${name}: ${printable(String(fact))}`);
  const rows = Object.entries(counts).map(
    ([kind, { found, planned }]) => `  ${kind}: ${planned}${found > 0 ? ` of ${found}` : ''}`,
  );
  const told = findings.flatMap(({ isLoss, text, count, rows: some }) => [
    `${isLoss ? 'LOST' : 'note'} (${count}): ${text}`,
    ...some.slice(0, shownRows).map(rowText),
    ...(count > shownRows ? [`    and ${count - shownRows} more`] : []),
  ]);
  return [...facts, '', 'planned:', ...rows, ...(told.length > 0 ? ['', ...told] : []), ''].join('\n');
}
