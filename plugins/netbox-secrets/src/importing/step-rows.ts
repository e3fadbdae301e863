import type { Types } from '@latchkey/host/extend';
import type { ImportStep } from '../import/plan/steps';
import { roleType, storedSecretType } from '../types';

/** The steps that are one row of a type each, written as a client's body would be. */
export type RowStep = Exclude<ImportStep, { kind: 'user-key' | 'secret' | 'version' | 'change' }>;

/** A row to be made: what a body gives, and what comes from NetBox beside it. */
export interface StepRow {
  readonly type: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly own?: Readonly<Record<string, unknown>>;
}

type Makers = { readonly [K in RowStep['kind']]: (step: Extract<RowStep, { kind: K }>, types: Types) => StepRow };

/** Fields without those that NetBox did not have. */
export const given = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** References by id. */
export const byIds = (ids: readonly string[]): { id: string }[] => ids.map((id) => ({ id }));

const color = /^[0-9a-f]{6}$/;

const makers: Makers = {
  group: ({ name }) => ({ type: 'auth.group', input: { name } }),
  user: ({ username, first_name, last_name, email, is_superuser, is_staff, is_active, groups, ...times }) => ({
    type: 'users.user',
    input: { username, first_name, last_name, email, is_superuser, is_staff, is_active, groups: byIds(groups) },
    own: given({ created: times.created, last_login: times.last_login }),
  }),
  token: ({ user, key, description, write_enabled, expires, allowed_addresses, created }) => ({
    type: 'users.token',
    input: given({ user: { id: user }, key, description, write_enabled, expires, allowed_addresses }),
    own: given({ created }),
  }),
  tag: ({ name, slug, description, created, last_updated, ...tag }) => ({
    type: 'extras.tag',
    input: given({
      name,
      slug,
      description,
      color: color.test(tag.color) ? tag.color : undefined,
      content_types: [storedSecretType.name],
    }),
    own: given({ created, last_updated }),
  }),
  'custom-field': ({ name, label, object_types, default: preset, ...field }, types) => ({
    type: 'extras.customfield',
    input: given({
      key: name,
      label: label === '' ? name : label,
      type: field.type,
      description: field.description,
      required: field.required,
      default: preset,
      weight: field.weight,
      filter_logic: field.filter_logic,
      validation_minimum: field.validation_minimum,
      validation_maximum: field.validation_maximum,
      validation_regex: field.validation_regex,
      content_types: object_types.filter((type) => types.get(type)?.customizable),
    }),
  }),
  role: ({ name, slug, description, created, last_updated }) => ({
    type: roleType.name,
    input: { name, slug, description },
    own: given({ created, last_updated }),
  }),
  object: ({ object_type, name, sort_name, attributes, created, last_updated }) => ({
    type: 'inventory.object',
    input: { object_type, name, attributes: given({ ...attributes, sort_name }) },
    own: given({ created, last_updated }),
  }),
  permission: ({ name, description, enabled, object_types, actions, constraints, users, groups }) => ({
    type: 'users.objectpermission',
    input: {
      name,
      description,
      enabled,
      object_types,
      actions,
      constraints,
      users: byIds(users),
      groups: byIds(groups),
    },
  }),
};

/** The row that a step makes. */
export const rowOf = (step: RowStep, types: Types): StepRow => makers[step.kind](step as never, types);
