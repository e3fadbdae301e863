import { TemplateRenderError } from '../errors';
import { bounded, fits } from '../limits';
import { capitalize, swapcase, title } from '../python/casing';
import { countOf, length, pad, replace, split, strip, zfill } from '../python/text';
import { asCount, asText, items, Tuple, type Value } from '../python/values';
import { table, type Formal } from './signature';

const optional = (value: Value): string | undefined => (value === null ? undefined : asText(value, 'The characters'));

const affixes = (value: Value): string[] =>
  (value instanceof Tuple ? [...value] : [value]).map((affix) => asText(affix, 'What is sought'));

function separator(value: Value): string | undefined {
  if (value === '') throw new TemplateRenderError('The separator is empty');
  return value === null ? undefined : asText(value, 'The separator');
}

function find(subject: string, sought: string): number {
  const at = subject.indexOf(sought);
  return at < 0 ? -1 : length(subject.slice(0, at));
}

function count(subject: string, sought: string): number {
  return sought === '' ? length(subject) + 1 : countOf(subject, sought);
}

function join(subject: string, list: Value): string {
  const parts = items(list).map((item) => asText(item, 'What is joined'));
  fits(
    parts.reduce((total, part) => total + part.length + subject.length, 0) - (parts.length > 0 ? subject.length : 0),
  );
  return parts.join(subject);
}

function filler(value: Value): string {
  const fill = asText(value, 'The fill character');
  if (length(fill) !== 1) throw new TemplateRenderError('The fill character must be one character');
  return fill;
}

const chars: readonly Formal[] = [['chars', null]];
const affix: readonly Formal[] = [['affix']];
const padding: readonly Formal[] = [['width'], ['fillchar', ' ']];

const padded =
  (side: 'left' | 'right' | 'both') =>
  (subject: string, width: Value, fill: Value): string =>
    pad(subject, asCount(width, 'The width'), side, filler(fill));

/** Python's string methods; a call of one is rewritten to a row of this table, and nothing else is ever called. */
export const methods = table<string, Value>({
  capitalize: [[], capitalize],
  center: [padding, padded('both')],
  count: [affix, (subject, sought) => count(subject, asText(sought, 'What is sought'))],
  endswith: [affix, (subject, ends) => affixes(ends).some((end) => subject.endsWith(end))],
  find: [affix, (subject, sought) => find(subject, asText(sought, 'What is sought'))],
  join: [[['iterable']], join],
  ljust: [padding, padded('right')],
  lower: [[], (subject) => subject.toLowerCase()],
  lstrip: [chars, (subject, set) => strip(subject, 'left', optional(set))],
  removeprefix: [
    affix,
    (subject, start) => {
      const prefix = asText(start, 'The prefix');
      return subject.startsWith(prefix) ? subject.slice(prefix.length) : subject;
    },
  ],
  removesuffix: [
    affix,
    (subject, end) => {
      const suffix = asText(end, 'The suffix');
      return subject.endsWith(suffix) ? subject.slice(0, subject.length - suffix.length) : subject;
    },
  ],
  replace: [
    [['old'], ['new'], ['count', -1]],
    (subject, old, fresh, limit) =>
      replace(subject, asText(old, 'What is replaced'), asText(fresh, 'The replacement'), asCount(limit, 'The count')),
  ],
  rjust: [padding, padded('left')],
  rstrip: [chars, (subject, set) => strip(subject, 'right', optional(set))],
  split: [
    [
      ['sep', null],
      ['maxsplit', -1],
    ],
    (subject, by, limit) => split(subject, separator(by), asCount(limit, 'The limit')),
  ],
  startswith: [affix, (subject, starts) => affixes(starts).some((start) => subject.startsWith(start))],
  strip: [chars, (subject, set) => strip(subject, 'both', optional(set))],
  swapcase: [[], (subject) => bounded(swapcase(subject))],
  title: [[], (subject) => bounded(title(subject))],
  upper: [[], (subject) => bounded(subject.toUpperCase())],
  zfill: [[['width']], (subject, width) => zfill(subject, asCount(width, 'The width'))],
});
