import type { RecordOf } from '../records/record-kinds';
import { stableId } from '../stable-id';
import { customValues } from './custom-fields';
import { settle, type PlanContext } from './context';
import type { ObjectStep } from './steps';

type Target = RecordOf<'device'> | RecordOf<'virtual-machine'>;

const typeOf = { device: 'dcim.device', 'virtual-machine': 'virtualization.virtualmachine' } as const;

/** A name that no other object of the type has: NetBox has one on each site, and devices without any. */
function freeName({ name, pk, kind }: Target, site: string | undefined, taken: Set<string>): string {
  const words = kind === 'device' ? 'device' : 'virtual machine';
  const base = name === undefined || name === '' ? `${words} #${pk ?? ''}` : name;
  const candidates = [base, ...(site === undefined ? [] : [`${base} (${site})`]), `${base} #${pk ?? ''}`];
  const free = candidates.find((one) => !taken.has(one.toLowerCase())) ?? `${base} ${taken.size}`;
  taken.add(free.toLowerCase());
  return free;
}

/** Devices and virtual machines, whether they have secrets or not. */
export async function* planObjects(context: PlanContext): AsyncGenerator<ObjectStep> {
  const { records } = context.catalogue;
  const valuesOf = customValues(context);
  for (const kind of ['device', 'virtual-machine'] as const) {
    const taken = new Set<string>();
    for (const target of records.all(kind) as readonly Target[]) {
      const { pk } = target;
      const site = records.find('site', target.site);
      const name = freeName(target, site?.name, taken);
      if (target.name && name !== target.name)
        context.tally.find({ code: 'object-renamed', of: kind, pk, detail: name });
      const { id, isNew } = await settle(context, target, 'object', { object_type: typeOf[kind], name });
      if (!isNew) continue;
      const custom_fields = valuesOf(typeOf[kind], { pk, data: target.custom_field_data });
      const { serial = undefined, asset_tag = undefined } = target.kind === 'device' ? target : {};
      const told = { serial, asset_tag, status: target.status, site: site && { name: site.name, slug: site.slug } };
      const attributes = Object.entries({ ...told, custom_fields }).filter(
        ([, value]) => value !== undefined && value !== '',
      );
      yield {
        kind: 'object',
        id,
        number: pk,
        object_type: typeOf[kind],
        name,
        sort_name: target.sort_name,
        attributes: Object.fromEntries(attributes),
        created: target.created,
        last_updated: target.last_updated,
      };
    }
  }
}

/** The object of a secret on something else than a device or a virtual machine: what its row tells of it, and no more. */
export async function assumedObject(
  context: PlanContext,
  { type, number, repr }: { readonly type: string; readonly number: number; readonly repr: string | undefined },
): Promise<ObjectStep> {
  const name = repr === undefined || repr === '' ? `${type.replace(/^.*\./, '')} #${number}` : `${repr} #${number}`;
  const own = stableId(context.instance, type, number);
  const id = (await context.existing.find('object', { object_type: type, name })) ?? own;
  return {
    kind: 'object',
    id,
    number,
    object_type: type,
    name,
    sort_name: undefined,
    attributes: {},
    created: undefined,
    last_updated: undefined,
  };
}
