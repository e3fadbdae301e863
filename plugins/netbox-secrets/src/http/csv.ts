import type { Answer } from '@latchkey/host/extend';

// What a spreadsheet would take for a formula is told by a quote before it.
const formula = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  const text =
    value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const columns = ['device', 'role', 'name', 'plaintext'] as const;

/** A page of secrets as the CSV file that NetBox exports; values are left out, as NetBox does. */
export function csvOf(shown: readonly Readonly<Record<string, unknown>>[]): Answer {
  const nameOf = (value: unknown): unknown => (value as { readonly name?: unknown } | null | undefined)?.name;
  const lines = shown.map((one) =>
    [nameOf(one.device ?? one.assigned_object), nameOf(one.role), one.name, ''].map(cell).join(','),
  );
  const text = `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
  const headers = { 'Content-Disposition': 'attachment; filename="netbox_secrets.csv"' };
  return { status: 200, content: { type: 'text/csv; charset=utf-8', text, headers } };
}
