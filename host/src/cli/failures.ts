import { LatchkeyError } from '@latchkey/core';
import { safeCause } from '@latchkey/core/kernel';
import { CommandError, exitCodes, type Ending } from './exit-codes';
import { printable } from './output';

type Failed = Exclude<Ending, 'ok'>;

/** What each status of REST means to a command; all others are the host's failure. */
const statuses: Readonly<Record<number, readonly [Failed, remedy: string]>> = {
  400: ['invalid', 'Correct what is named; --help shows how.'],
  401: ['refused', 'Ask an administrator for the permission.'],
  403: ['refused', 'Ask an administrator for the permission.'],
  404: ['not-found', 'Check the name, slug or id; list shows what there is.'],
  409: ['conflict', 'Remove it from what is named first, or try again.'],
  413: ['invalid', 'Send less.'],
  422: ['no', 'latchkey explain shows each step of the read.'],
};
const broken = ['host', "Try again; the host's log says more."] as const;

/** The failure that an answer of REST stands for. */
export function failureOfAnswer(status: number, body: unknown): CommandError {
  const [ending, remedy] = statuses[status] ?? broken;
  return new CommandError(ending, messageOf(status, body), remedy);
}

function messageOf(status: number, body: unknown): string {
  if (typeof body !== 'object' || body === null) return `The host answered ${status}.`;
  const { detail, request_id: request, ...fields } = body as Readonly<Record<string, unknown>>;
  if (typeof detail === 'string') return typeof request === 'string' ? `${detail} (request ${request})` : detail;
  const faults = Object.entries(fields).flatMap(([field, texts]) => linesOf(field, texts));
  if (faults.length === 0) return `The host answered ${status}.`;
  return faults.length === 1 ? String(faults[0]) : ['The input is not valid:', ...faults].join('\n  ');
}

/** A line for each text about a field; texts about an item of it name its place. */
function linesOf(field: string, texts: unknown): string[] {
  if (typeof texts === 'object' && texts !== null && !Array.isArray(texts))
    return Object.entries(texts).flatMap(([place, more]) => linesOf(`${field}[${place}]`, more));
  const whole = field === 'non_field_errors' || field === '__all__';
  return [texts].flat().map((text) => (whole ? String(text) : `${field}: ${String(text)}`));
}

/** What is told of any failure, and the exit code it ends with; of an unknown one only its class. */
export function explainFailure(error: unknown): { readonly code: number; readonly text: string } {
  if (error instanceof CommandError) return told(error.ending, error.message, error.remedy);
  if (error instanceof LatchkeyError) return told('host', error.message, error.remedy);
  return told('host', `failed (${safeCause(error).message})`, 'Try again; report it if it stays.');
}

function told(ending: Failed, message: string, remedy: string) {
  return { code: exitCodes[ending][0], text: `latchkey: ${printable(message)}\n  ${printable(remedy)}\n` };
}
