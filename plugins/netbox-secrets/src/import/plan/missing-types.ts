import type { PlanContext } from './context';

/** Tells, once a kind, of content types that the dump does not hold. */
export function tellMissingTypes({ catalogue: { records }, tally }: PlanContext): void {
  const references = {
    'tagged-item': records.all('tagged-item').map((row) => row.content_type),
    'custom-field-type': records.all('custom-field-type').map((row) => row.contenttype ?? row.objecttype),
    'permission-type': records.all('permission-type').map((row) => row.contenttype ?? row.objecttype),
  };
  for (const [of, types] of Object.entries(references)) {
    const missing = types.filter((type) => records.typeName(type) === undefined).length;
    if (missing > 0) tally.find({ code: 'types-missing', of, pk: undefined, detail: `${missing} rows` });
  }
}
