import { objectType } from '../domain/inventory';
import { defineCollection, type Creation } from './collection';

/** What a shown row holds beside its fields; a body may repeat it. */
const repeated = new Set([
  'display',
  'url',
  'natural_slug',
  'notes_url',
  'custom_fields',
  'computed_fields',
  'relationships',
]);

/** The objects of one type at the address where clients of Nautobot look for them. */
function viewOf({ address, objectType: name, title }: { address: string; objectType: string; title: string }) {
  const within = { object_type: name };
  return defineCollection({
    type: objectType,
    address,
    title,
    fields: ['number', 'object_type', 'name', 'slug', 'attributes', 'secrets_group', 'created', 'last_updated'],
    filters: ['id', 'number', 'name', 'slug', 'secrets_group', 'created', 'last_updated'],
    keys: ['number', 'name', 'slug'],
    naturalKey: ['name'],
    within,
    creation: (body) => objectOf(body, within),
  });
}

/** An object of the type; what else a body says, such as the role of a device, is kept among its attributes. */
function objectOf(body: unknown, within: Readonly<Record<string, string>>): Creation {
  if (!isObject(body)) return { body, once: {} };
  const isOwn = ([name]: [string, unknown]): boolean => Object.hasOwn(objectType.fields, name) || repeated.has(name);
  const others = Object.fromEntries(Object.entries(body).filter((entry) => !isOwn(entry)));
  const row = { ...Object.fromEntries(Object.entries(body).filter(isOwn)), ...within };
  const { attributes = {} } = body;
  return { body: { ...row, attributes: isObject(attributes) ? { ...others, ...attributes } : attributes }, once: {} };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The types of object that have an address of their own. */
export const objectViews = {
  devices: viewOf({ address: 'dcim/devices', objectType: 'dcim.device', title: 'Devices' }),
  gitRepositories: viewOf({
    address: 'extras/git-repositories',
    objectType: 'extras.gitrepository',
    title: 'Git Repositories',
  }),
  virtualMachines: viewOf({
    address: 'virtualization/virtual-machines',
    objectType: 'virtualization.virtualmachine',
    title: 'Virtual Machines',
  }),
};
