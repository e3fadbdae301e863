import type { ApiRequest, Route } from '@latchkey/host/extend';
import type { Store } from '../store';
import { describe } from './describe';

/** The name of the dialect that NetBox's clients speak. */
export const netbox = 'netbox';

const apps = [
  'circuits',
  'dcim',
  'extras',
  'ipam',
  'plugins',
  'secrets',
  'tenancy',
  'users',
  'virtualization',
] as const;
const listed = ['generate-rsa-key-pair', 'get-session-key', 'secret-roles', 'secrets'] as const;
const listedOfPlugin = ['activate-user-key', ...listed, 'session-key', 'session-keys', 'unlock', 'user-keys'] as const;

const map = (path: string, name: string, names: readonly string[], more: Partial<Route>): Route => ({
  path,
  describe: () => ({ name, description: '' }),
  access: 'anonymous',
  changes: false,
  openapi: describe('The addresses below this one', ['GET']),
  methods: {
    GET: ({ publicUrl }: ApiRequest) => ({
      status: 200,
      body: Object.fromEntries(names.map((one) => [one, `${publicUrl}${path}${one}/`])),
    }),
  },
  ...more,
});

/** The maps of addresses and the status, as NetBox's clients look for them. */
export function baseRoutes(
  { host, settings }: Store,
  mounts: { readonly core: string; readonly plugin: string },
): Route[] {
  return [
    map('/api/', 'API Root', settings.version === '2.11' ? [...apps, 'status'].toSorted() : apps, {
      dialect: netbox,
      forBare: true,
    }),
    map(mounts.core, 'Secrets', listed, { listed: 'secrets' }),
    map('/api/plugins/', 'Plugins', ['secrets'], { listed: 'plugins' }),
    map(mounts.plugin, 'Secrets', listedOfPlugin, {}),
    {
      path: '/api/status/',
      access: 'token',
      changes: false,
      dialect: netbox,
      openapi: describe('What runs here', ['GET']),
      methods: {
        GET: () => ({
          status: 200,
          body: {
            'django-version': '',
            'installed-apps': {},
            'netbox-version': `${settings.version}.0`,
            'latchkey-version': host.version,
            plugins: { netbox_secrets: host.version },
            'python-version': '',
            'rq-workers-running': 0,
          },
        }),
      },
    },
  ];
}
