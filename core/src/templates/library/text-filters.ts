import { TemplateRenderError } from '../errors';
import { bounded, fits } from '../limits';
import { capitalize, titleWords } from '../python/casing';
import { beforeLast, length, lines, pad, points, repeat, replace, split, strip } from '../python/text';
import { asCount, asText, text, truth, type Value } from '../python/values';
import { table } from './signature';

/** Python's None as "not given". */
const optional = (value: Value, what: string): string | undefined => (value === null ? undefined : asText(value, what));

function slugify(value: string): string {
  const ascii = value
    .normalize('NFKD')
    .replace(/[^\x00-\x7f]/g, '')
    .toLowerCase();
  // \x1c-\x1f are space in Python's eyes.
  const words = ascii.replace(/[^\w\s\x1c-\x1f-]/g, '').replace(/[-\s\x1c-\x1f]+/g, '-');
  return strip(words, 'both', '-_');
}

function truncate(subject: Value, size: Value, killsWords: Value, ending: Value, leeway: Value): string {
  const [value, end] = [asText(subject, 'What is truncated'), asText(ending, 'The end')];
  const [limit, slack] = [asCount(size, 'The length'), leeway === null ? 5 : asCount(leeway, 'The leeway')];
  if (limit < length(end) || slack < 0)
    throw new TemplateRenderError('truncate needs a length of at least that of the end');
  if (length(value) <= limit + slack) return value;
  const kept = points(value)
    .slice(0, limit - length(end))
    .join('');
  return bounded((truth(killsWords) ? kept : beforeLast(kept, ' ')) + end);
}

function indent(subject: Value, width: Value, isFirst: Value, isBlank: Value): string {
  const margin = typeof width === 'string' ? width : repeat(' ', asCount(width, 'The width'));
  const value = text(subject);
  // Jinja2 adds this line feed so that a text that ends with one keeps it.
  const all = lines(`${value}\n`);
  fits(value.length + all.length * margin.length);
  const rest = all.map((line, i) => (i > 0 && (line !== '' || truth(isBlank)) ? margin + line : line));
  return (truth(isFirst) ? margin : '') + rest.join('\n');
}

function urlencode(subject: Value): string {
  const value = text(subject);
  if (/\p{Surrogate}/u.test(value)) throw new TemplateRenderError('A text with half a surrogate pair has no URL form');
  const hex = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
  return bounded(
    encodeURIComponent(value)
      .replaceAll('%2F', '/')
      .replace(/[!'()*]/g, hex),
  );
}

/** The filters that make text; what is not text is written as text first, as Jinja2 does. */
export const textFilters = table<Value, Value>({
  bettertitle: [
    [],
    (subject) =>
      split(asText(subject, 'What is capitalised'), undefined, -1)
        .map((word) =>
          points(word)
            .map((char, i) => (i === 0 ? char.toUpperCase() : char))
            .join(''),
        )
        .join(' '),
  ],
  capitalize: [[], (subject) => capitalize(text(subject))],
  center: [[['width', 80]], (subject, width) => pad(text(subject), asCount(width, 'The width'), 'both')],
  indent: [
    [
      ['width', 4],
      ['first', false],
      ['blank', false],
    ],
    indent,
  ],
  lower: [[], (subject) => text(subject).toLowerCase()],
  replace: [
    [['old'], ['new'], ['count', null]],
    (subject, old, fresh, count) =>
      replace(text(subject), text(old), text(fresh), count === null ? -1 : asCount(count, 'The count')),
  ],
  safe: [[], (subject) => text(subject)],
  slugify: [[], (subject) => slugify(text(subject))],
  split: [
    [['sep', ',']],
    (subject, separator) => {
      const sought = optional(separator, 'The separator');
      if (sought === '') throw new TemplateRenderError('The separator is empty');
      return split(asText(subject, 'What is split'), sought, -1);
    },
  ],
  string: [[], (subject) => text(subject)],
  title: [[], (subject) => bounded(titleWords(text(subject)))],
  trim: [[['chars', null]], (subject, chars) => strip(text(subject), 'both', optional(chars, 'The characters'))],
  truncate: [
    [
      ['length', 255],
      ['killwords', false],
      ['end', '...'],
      ['leeway', null],
    ],
    truncate,
  ],
  upper: [[], (subject) => bounded(text(subject).toUpperCase())],
  urlencode: [[], urlencode],
  wordcount: [[], (subject) => text(subject).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0],
});
