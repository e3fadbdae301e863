/** What every provider promises, by number; docs/reference/provider.md explains each. */
export const providerRequirements = {
  P1: 'The slug is kebab-case and stays the same.',
  P2: 'The provider has a name, and a className that is an identifier.',
  P3: 'Every parameter and every setting of a store describes itself.',
  P4: 'Credentials are settings of the store, never parameters of a secret.',
  P5: 'An unknown parameter is refused before fetch.',
  P6: 'A missing parameter is refused before fetch.',
  P7: 'A present value comes back exactly.',
  P8: 'An absent value is undefined, or a not-found failure.',
  P9: 'A backend that fails makes fetch throw.',
  P10: 'An aborted fetch ends.',
  P11: 'Parallel fetches agree.',
  P12: 'A fetch changes neither its request nor the declaration.',
  P13: 'fetchMany answers as fetch does, in order.',
  P14: 'A client can be closed twice, and opened again.',
  P15: 'check passes for a store that answers.',
  P16: 'No value appears in logs, errors, metadata or inspected objects.',
} as const;

/** The number of a requirement. */
export type RequirementNumber = keyof typeof providerRequirements;
