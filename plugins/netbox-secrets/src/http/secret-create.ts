import type { Handler } from '@latchkey/host/extend';
import { byPlace, CsvText, InvalidInput, InvalidRows, tellingLines } from '@latchkey/host/extend';
import type { Store } from '../store';
import { guarded } from './answers';
import { inColumns, secretsInCsv } from './csv-input';
import type { secretTools } from './secret-tools';

/** Makes one secret, each of a list, or one of each line of a CSV file; all or none. */
export function createSecrets({ secrets }: Store, tools: ReturnType<typeof secretTools>): Handler {
  const { shapeFor, allowed, demanded, read, written, told } = tools;
  return guarded(async (request) => {
    const { principal, requestId, body } = request;
    const keyring = demanded(await allowed(request, 'add'));
    const list = Array.isArray(body) ? (body as readonly unknown[]) : undefined;
    const create = async (given: readonly unknown[]) => {
      const bodies = await byPlace(given, (one) => read(request, one, false));
      const items = bodies.map(({ input, plaintext }) => ({ input, plaintext: plaintext ?? Buffer.alloc(0) }));
      const rows = await told(request, () => secrets.create(principal, items, keyring, requestId));
      return written(request, rows, bodies);
    };
    if (body instanceof CsvText) {
      const file = secretsInCsv(body.text, shapeFor(request));
      const work = async () => {
        if (file.faults.some((one) => Object.keys(one).length > 0)) throw new InvalidRows(file.faults);
        try {
          return await create(file.bodies);
        } catch (error) {
          throw inColumns(error, file);
        }
      };
      return { status: 201, body: await tellingLines(file.lines, work) };
    }
    if (list) return { status: 201, body: await create(list) };
    const [shown] = await alone(() => create([body]));
    return { status: 201, body: shown, headers: { Location: String(shown?.url) } };
  });
}

/** What is wrong with one that came alone is told without a place. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof InvalidRows ? new InvalidInput(error.rows[0] ?? {}) : error;
  }
}
