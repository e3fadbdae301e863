import { z } from 'zod';
import type { StartupReport } from '@latchkey/core/kernel';
import type { OpenCollection } from '../collections/collection';
import { InvalidInput } from '../domain/failures';
import { associationType, type Association } from '../domain/secrets';
import type { Resolution } from '../resolution/create-resolution';
import type { ObjectReference } from '../resolution/target';
import type { ApiRequest, Route } from './route';

/** What the routes of the command need. */
export interface LocalParts {
  readonly collections: readonly OpenCollection[];
  readonly resolution: Pick<Resolution, 'use'>;
  readonly report: () => StartupReport;
}

const object = z.union([
  z.strictObject({ id: z.string() }),
  z.strictObject({ object_type: z.string(), name: z.string() }),
]);
const slot = z.strictObject({ access_type: z.string(), secret_type: z.string() });
const valuesBody = z.strictObject({
  group: z.string(),
  object: object.optional(),
  slots: z.array(slot).min(1).optional(),
});
const most = 200;

/**
 * What only the owner of the data folder can ask for, over the socket: values, for `latchkey run` to hand to a child
 * process, and the startup report. These addresses exist on no other server.
 */
export function localRoutes({ collections, resolution, report }: LocalParts): Route[] {
  const rows = collections.find(({ type }) => type === associationType)?.rows;

  async function slotsOf(group: string): Promise<readonly z.infer<typeof slot>[]> {
    const filters = [{ field: 'secrets_group', values: [group] }];
    const page = await rows?.list(associationType, { scope: { kind: 'all' }, filters, limit: most, offset: 0 });
    return (page?.rows ?? []).map(({ access_type, secret_type }: Association) => ({ access_type, secret_type }));
  }

  async function values({ acting, body, requestId }: ApiRequest) {
    const parsed = valuesBody.safeParse(body);
    if (!parsed.success)
      throw new InvalidInput({ non_field_errors: ['Give {"group"}, and "object" and "slots" if you like.'] });
    const { group, slots = await slotsOf(group) } = parsed.data;
    const context = { object: parsed.data.object as ObjectReference | undefined, requestId };
    const found = await Promise.all(
      slots.map(async (wanted) => {
        const target = { group, slot: { accessType: wanted.access_type, secretType: wanted.secret_type } };
        const value = await resolution.use(acting, target, context);
        if (value.kind === 'text') return { ...wanted, encoding: 'text', value: value.reveal() };
        return { ...wanted, encoding: 'base64', value: Buffer.from(value.revealBytes()).toString('base64') };
      }),
    );
    return { status: 200, body: { values: found } };
  }

  return [
    { path: '/local/values/', access: 'token', changes: false, methods: { POST: values } },
    {
      path: '/local/report/',
      access: 'token',
      changes: false,
      methods: { GET: () => ({ status: 200, body: { lines: report().lines } }) },
    },
  ];
}
