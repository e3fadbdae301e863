import type { OpenCollection } from '@latchkey/host/extend';
import { choiceNames, namesOf } from './names';

const collection = (address: string, title: string, label: string, within?: object) =>
  ({ address, title, within, type: { label, name: 'acme.thing' } }) as unknown as OpenCollection;
const named = (...collections: OpenCollection[]) => [...namesOf(collections).values()].map((one) => Object.values(one));

test('lists are called by titles, rows by labels, parts by what they are a part for', () => {
  expect(
    named(
      collection('extras/secrets-groups-associations', 'Secrets Group Associations', 'secrets group association'),
      collection('inventory/objects', 'Objects', 'object'),
      collection('extras/git-repositories', 'Git Repositories', 'object', { object_type: 'extras.gitrepository' }),
    ),
  ).toEqual([
    ['secrets_group_association', 'secrets_group_associations', 'SecretsGroupAssociationType'],
    ['object', 'objects', 'ObjectType'],
    ['git_repository', 'git_repositories', 'GitRepositoryType'],
  ]);
});

test('a name that is taken has the address before it, and a word that is its own plural still has two', () => {
  expect(
    named(
      collection('extras/secrets', 'Secrets', 'secret'),
      collection('acme/secrets', 'Secrets', 'secret'),
      collection('acme/more-secrets', 'Secrets', 'secret'),
      collection('zoo/sheep', 'Sheep', 'sheep'),
    ),
  ).toEqual([
    ['secret', 'secrets', 'SecretType'],
    ['acme_secret', 'acme_secrets', 'AcmeSecretType'],
    ['acme_more_secrets_secret', 'acme_more_secrets_secrets', 'AcmeMoreSecretsSecretType'],
    ['one_sheep', 'sheep', 'SheepType'],
  ]);
});

test('choices are names in capitals, no two alike', () => {
  expect([...choiceNames(['SSH', 'HTTP(S)', 'authentication-key', '3des', 'ssh', ''])]).toEqual([
    ['SSH', 'SSH'],
    ['HTTP_S_', 'HTTP(S)'],
    ['AUTHENTICATION_KEY', 'authentication-key'],
    ['A_3DES', '3des'],
    ['SSH_2', 'ssh'],
    ['A_', ''],
  ]);
});
