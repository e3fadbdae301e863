import type { Catalogue } from './catalogue';
import { nothingExists, type Existing, type PlanContext } from './plan/context';
import { planCustomFields } from './plan/custom-fields';
import { planHistory } from './plan/history';
import { tellMissingTypes } from './plan/missing-types';
import { planObjects } from './plan/objects';
import { planGroups, planTokens, planUserKeys, planUsers } from './plan/people';
import { planPermissions } from './plan/permissions';
import { planRoleGrants } from './plan/role-grants';
import { planSecretRoles } from './plan/roles';
import { SecretsPlan } from './plan/secrets';
import type { ImportStep } from './plan/steps';
import { planTags } from './plan/tags';
import type { ImportTally } from './report';
import type { NetboxSource } from './source';

/** What {@link planImport} works from. */
export interface PlanImportOptions {
  readonly source: NetboxSource;
  readonly catalogue: Catalogue;
  /** The master keys that the holders' private keys opened. */
  readonly masterKeys: readonly Buffer[];
  readonly tally: ImportTally;
  /** The name of the installation; with another one, the same dump comes in beside itself. */
  readonly instance?: string;
  readonly existing?: Existing;
  /** Whether the change log comes over, and older values with it. */
  readonly history?: boolean;
}

async function* allSteps(context: PlanContext, source: NetboxSource, history: boolean): AsyncGenerator<ImportStep> {
  tellMissingTypes(context);
  yield* planGroups(context);
  yield* planUsers(context);
  yield* planTokens(context);
  yield* planTags(context);
  yield* planCustomFields(context);
  yield* planSecretRoles(context);
  yield* planObjects(context);
  yield* planPermissions(context);
  yield* planRoleGrants(context);
  yield* planUserKeys(context);
  const versions = history
    ? context.catalogue.history.versions(context.catalogue.records)
    : new Map<number, string[]>();
  const secrets = new SecretsPlan(context, versions);
  yield* secrets.rows(source);
  yield* secrets.fromHistory(source);
  if (history) yield* planHistory(context, source, { ids: secrets.ids, versions });
}

/**
 * What an import makes, one step after another, each after those that it refers to. A step whose id is there already
 * is to be passed over: so an import can be broken off, and repeated, and what people changed since stays changed.
 */
export async function* planImport(options: PlanImportOptions): AsyncGenerator<ImportStep> {
  const {
    source,
    catalogue,
    masterKeys,
    tally,
    instance = 'netbox',
    existing = nothingExists,
    history = true,
  } = options;
  const shared = { catalogue, instance, existing, tally, masterKeys };
  for await (const step of allSteps({ ...shared, ids: new Map(), merged: new Set() }, source, history)) {
    tally.planned(step.kind);
    yield step;
  }
}
