import { secretsProviders } from '@latchkey/core';
import { parametersSchema, type Kernel, type Resolver } from '@latchkey/core/kernel';
import type { AnyRow } from './domain/descriptor';
import type { FieldFaults } from './domain/failures';
import { secretType, type Secret } from './domain/secrets';
import type { ProviderInfo } from './http/services';

/** What the host knows of its providers: the list for people, and the rule that a secret must keep to be saved. */
export function providerCatalogue(kernel: Kernel, resolver: Resolver) {
  return {
    providers: (): readonly ProviderInfo[] =>
      kernel
        .contributions(secretsProviders)
        .map(({ value: { slug, name, parameters }, plugin }) => ({
          slug,
          name,
          parameters: parametersSchema(parameters),
          package: plugin.package,
          version: plugin.version,
        }))
        .toSorted((a, b) => (a.slug < b.slug ? -1 : 1)),
    /** Nautobot reports rules of a form as a whole under `__all__`, everything else under its field. */
    rules: {
      [secretType.name]: (after: AnyRow): FieldFaults | undefined => {
        const { provider, parameters } = after as unknown as Secret;
        const faults: Record<string, string[]> = {};
        for (const { field, scope, message } of resolver.faults({ provider, parameters })) {
          (faults[scope === 'whole' ? '__all__' : field] ??= []).push(message);
        }
        return Object.keys(faults).length > 0 ? faults : undefined;
      },
    },
  };
}
