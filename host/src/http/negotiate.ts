import { Refusal } from './wire/refusal';

/** The forms that a body can have. */
export type Format = 'json' | 'csv' | 'openapi' | 'form';

const types: Readonly<Record<Format, RegExp>> = {
  json: /\*\/\*|application\/(?:json|\*)/i,
  csv: /\*\/\*|text\/(?:csv|\*)/i,
  openapi: /\*\/\*|application\/(?:json|\*)/i,
  // Only read, never given.
  form: /$^/,
};

/** The form that a request asks for, by `format` or by its Accept header; what cannot be given is refused. */
export function formatOf(accept: string | undefined, query: URLSearchParams, offered: readonly Format[]): Format {
  const given = query.get('format') ?? '';
  const named = offered.filter((format) => given === '' || format === given);
  if (named.length === 0) throw new Refusal('not-found', 'Not found.');
  const format = named.find((one) => accept === undefined || types[one].test(accept));
  if (format === undefined) throw new Refusal('not-acceptable', 'Could not satisfy the request Accept header.');
  return format;
}
