import { secretsProviders, type Parameter, type ParameterShape } from '@latchkey/core';
import type { Kernel, StoreSettings } from '@latchkey/core/kernel';
import { hostError } from './errors';

type Settings = StoreSettings[string][string];

const written = (value: unknown) => (typeof value === 'object' ? '' : String(value));

/** What is wrong with a value; never the value, which may be a credential. */
const kinds: Record<Parameter['kind'], (value: unknown, declared: Parameter) => string | false> = {
  text: (value) => typeof value !== 'string' && 'is not a text',
  choice: (value, { choices = [] }) =>
    !choices.some((choice) => choice === value) && `is none of ${choices.join(', ')}`,
  integer: (value) => !/^-?\d{1,15}$/.test(written(value)) && 'is not a whole number',
  flag: (value) => !/^(true|false)$/i.test(written(value)) && 'is not true or false',
};

function settingFault(name: string, declared: Parameter, given: Settings): string | undefined {
  const fileName = `${name}_file`;
  const file = declared.sensitive ? given[fileName] : undefined;
  if (file !== undefined) return typeof file === 'string' && file !== '' ? undefined : `${fileName} is not a path`;
  const value = Object.hasOwn(given, name) ? given[name] : undefined;
  if (value === undefined || value === null || (value === '' && declared.required))
    return declared.required ? `${name} is missing` : undefined;
  const fault = kinds[declared.kind](value, declared);
  return fault ? `${name} ${fault}` : undefined;
}

/** The first fault of the settings of one store, as they stand in the configuration; no file is read. */
function faultOf(shape: ParameterShape, given: Settings): string | undefined {
  const known = Object.entries(shape).flatMap(([name, { sensitive }]) => (sensitive ? [name, `${name}_file`] : [name]));
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) return `there is no setting "${unknown}"; known: ${known.join(', ')}`;
  for (const [name, declared] of Object.entries(shape)) {
    const fault = settingFault(name, declared, given);
    if (fault) return fault;
  }
  return undefined;
}

/**
 * Refuses stores of providers that do not run or have none, and settings that their provider does not take. Stores are
 * not opened. While a plugin has failed, the store of a provider that is not there may be its, and stays.
 */
export function checkStores(stores: StoreSettings, kernel: Pick<Kernel, 'report' | 'contributions'>): void {
  const running = new Map(kernel.contributions(secretsProviders).map(({ value }) => [value.slug, value]));
  const anyFailed = kernel.report.lines.some(({ status }) => status === 'failed');
  const refused = (source: string, fault: string) => hostError('config-invalid', { source: `stores.${source}`, fault });
  for (const [slug, byName] of Object.entries(stores)) {
    const provider = running.get(slug);
    if (!provider && anyFailed) continue;
    if (!provider) throw refused(slug, `no such provider runs; running: ${[...running.keys()].join(', ') || 'none'}`);
    if (!provider.store) throw refused(slug, 'this provider has no stores');
    for (const [name, settings] of Object.entries(byName)) {
      const fault = faultOf(provider.store, settings);
      if (fault) throw refused(`${slug}.${name}`, fault);
    }
  }
}
