import { performance } from 'node:perf_hooks';
import { SecretAccessDeniedError, SecretError, type SecretValue } from '@latchkey/core';
import { templateContext, type ResolveOptions, type Resolver, type TemplateContext } from '@latchkey/core/kernel';
import type { Action } from '../domain/access';
import { templateView, type InventoryObject } from '../domain/inventory';
import type { AccessLog } from '../domain/ports';
import type { Secret } from '../domain/secrets';
import { hostError } from '../errors';
import type { Decision } from '../permissions/policy';
import type { ExplainingPolicy } from '../permissions/related';
import type { Definitions } from './definitions';
import { mayChange, mayView } from './disclosure';
import { entryOf } from './entry';
import { explain, type Explanation } from './explain';
import { locate, type Located } from './locate';
import type { Acting } from './principals';
import type { ReadContext, Target } from './target';

/** The verbs on a secret's value: permit, resolve, record, then give. */
export interface Resolution {
  /** The value, once its record is on disk. */
  use(acting: Acting, target: Target, context?: ReadContext): Promise<SecretValue>;
  /** Fetches and discards; tells whether that worked, and if not why. */
  check(
    acting: Acting,
    target: Target,
    context?: ReadContext,
  ): Promise<{ readonly result: boolean; readonly message: string }>;
  /** Everything but the fetch. */
  explain(acting: Acting, target: Target, context?: ReadContext): Promise<Explanation>;
}

/** What parameters become. */
export interface Rendering {
  /** The parameters of a secret for an object, for a decision on them; throws what a read would. */
  render(secret: Secret, object: InventoryObject | undefined): Readonly<Record<string, unknown>>;
}

/** What the verbs are made of. */
export interface ResolutionOptions {
  readonly definitions: Definitions;
  readonly policy: ExplainingPolicy;
  readonly resolver: Resolver;
  readonly accessLog: Pick<AccessLog, 'append'>;
}

/** What a read came to; the decision that it ended with. */
type Outcome = { readonly decision: Decision } & (
  | { readonly value: SecretValue; readonly failure?: never }
  | { readonly failure: Error; readonly value?: never }
);

type Writable<T> = { -readonly [K in keyof T]: T[K] };

interface Read {
  readonly located: Located;
  readonly outcome: Outcome;
}

// More rounds than any honest burst of changes needs; past them the read is refused rather than served undecided.
const rounds = 8;

/** Makes the verbs. */
export function createResolution({
  definitions,
  policy,
  resolver,
  accessLog,
}: ResolutionOptions): Resolution & Rendering {
  async function attempt(located: Located, context: ReadContext): Promise<Outcome> {
    const { principal, secret, object, request, refusal } = located;
    let { decision } = located;
    if (refusal) return { decision, failure: refusal };
    if (!secret || !request || !decision.allowed) return { decision, failure: withheld(located) };
    // Constraints hold for what the parameters became, too, and for what a provider found them to mean.
    const guard = (rendered: Readonly<Record<string, unknown>>): void => {
      const again = policy.decide({ ...request, rendered });
      if (again.allowed) return;
      decision = again;
      throw withheld(located);
    };
    try {
      const disclose = (await mayChange({ policy, definitions }, principal, secret)) ? 'rendered' : 'template';
      const how: Writable<ResolveOptions> = { guard, obj: context.obj, disclose };
      if (object) how.context = contextOf(object);
      if (context.signal) how.signal = context.signal;
      return { value: await resolver.resolve(secret, how), decision };
    } catch (failure) {
      return { decision, failure: failure as Error };
    }
  }

  /** Reads, records, and reads again when a definition moved between the decision and its record. */
  async function read(acting: Acting, action: Action, target: Target, context: ReadContext): Promise<Read> {
    let last: Located | undefined;
    for (let round = 0; round < rounds; round += 1) {
      const { version } = definitions;
      const began = performance.now();
      const principal = await acting().catch((failure: Error) => withdrawn(last, failure, context));
      const located = await locate({ definitions, policy }, principal, action, target, context);
      const outcome = await attempt(located, context);
      const entry = entryOf(located, outcome, performance.now() - began, context);
      const recorded = await accessLog.append(entry);
      if (recorded === version) return { located, outcome };
      definitions.observe(recorded);
      last = located;
    }
    throw hostError('definition-moved');
  }

  /** Who acted in an earlier round no longer may: that the value was withheld is recorded, too. */
  async function withdrawn(last: Located | undefined, failure: Error, context: ReadContext): Promise<never> {
    if (last)
      await accessLog.append(
        entryOf(last, { decision: { allowed: false, rule: 'no longer signed in' }, failure }, 0, context),
      );
    throw failure;
  }

  /** What is told of a check that failed. */
  async function told({ principal, secret }: Located, failure: Error): Promise<string> {
    if (!(failure instanceof SecretError)) return failure.message;
    const viewed = secret && (await mayView({ policy, definitions }, principal, secret));
    return viewed ? String(failure) : `The check failed (${failure.code}).`;
  }

  return {
    async use(acting, target, context = {}) {
      const { value, failure } = (await read(acting, 'use', target, context)).outcome;
      if (!value) throw failure;
      return value;
    },
    async check(acting, target, context = {}) {
      const { located, outcome } = await read(acting, 'check', target, context);
      const { failure } = outcome;
      if (!failure) return { result: true, message: 'Passed' };
      if (located.refusal) throw failure;
      return { result: false, message: await told(located, failure) };
    },
    async explain(acting, target, context = {}) {
      await definitions.refresh();
      const located = await locate({ definitions, policy }, await acting(), 'use', target, context);
      if (located.refusal) throw located.refusal;
      const { object } = located;
      return explain({ policy, resolver, definitions }, located, {
        obj: context.obj,
        ...(object && { context: contextOf(object) }),
      });
    },
    render: (secret, object) => resolver.render(secret, object ? { context: contextOf(object) } : {}),
  };
}

const contexts = new WeakMap<InventoryObject, TemplateContext>();

/** The template context of a kept (frozen) object, copied once. */
function contextOf(object: InventoryObject): TemplateContext {
  const known = contexts.get(object) ?? templateContext(templateView(object));
  contexts.set(object, known);
  return known;
}

/** In a group an empty slot and a secret that may not be used are one answer. */
function withheld({ group, slot, secret }: Located): Error {
  if (group && slot) return hostError('no-secret', { group: group.name, ...slot });
  const about = { secret: secret?.name ?? '', provider: secret?.provider ?? '' };
  return new SecretAccessDeniedError({ ...about, detail: 'You may not use this secret.', code: 'forbidden' });
}
