const date = /^\d{4}-\d\d-\d\d$/;
const moment = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?\s*(?:Z|([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)?$/;

/** A time of a dump as ISO 8601 in UTC with all its digits; a date stays one; undefined where it is no time. */
export function normalTime(text: string): string | undefined {
  if (date.test(text)) return Number.isNaN(Date.parse(text)) ? undefined : text;
  const [, day = '', clock = '', fraction = '', sign, ...parts] = moment.exec(text) ?? [];
  // PostgreSQL leaves zeros out at the end; three digits are those of dumpdata.
  const digits = fraction.length === 4 || fraction === '' ? fraction : fraction.padEnd(7, '0');
  const milliseconds = Date.parse(`${day}T${clock}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = parts.map((part) => Number(part ?? 0));
  const offset = ((hours * 60 + minutes) * 60 + seconds) * (sign === '-' ? -1000 : 1000);
  return new Date(milliseconds - offset).toISOString().replace('.000Z', `${digits}Z`);
}
