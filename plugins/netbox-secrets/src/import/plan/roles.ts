import { customValues } from './custom-fields';
import { settle, type PlanContext } from './context';
import type { RoleStep } from './steps';

/** Roles of secrets; one whose slug is taken is that role. */
export async function* planSecretRoles(context: PlanContext): AsyncGenerator<RoleStep> {
  const valuesOf = customValues(context);
  for (const role of context.catalogue.records.all('role')) {
    const { id, isNew } = await settle(context, role, 'role', { slug: role.slug, name: role.name });
    if (!isNew) continue;
    const custom_fields = valuesOf('secrets.secretrole', { pk: role.pk, data: role.custom_field_data });
    if (Object.keys(custom_fields).length > 0)
      context.tally.find({
        code: 'role-fields-left',
        of: 'role',
        pk: role.pk,
        detail: Object.keys(custom_fields).join(', '),
      });
    yield {
      kind: 'role',
      id,
      number: role.pk,
      name: role.name,
      slug: role.slug,
      description: role.description ?? '',
      custom_fields,
      created: role.created,
      last_updated: role.last_updated,
    };
  }
}
