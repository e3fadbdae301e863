import { LatchkeyError, SecretError } from '@latchkey/core';
import type { Resolver, TemplateContext } from '@latchkey/core/kernel';
import type { Rows } from '../domain/ports';
import type { Secret } from '../domain/secrets';
import type { ExplainingPolicy } from '../permissions/related';
import { mayChange, mayView } from './disclosure';
import type { Located } from './locate';
import { explainedRule } from './reasons';

/** One step of an explanation. */
export interface Step {
  readonly step:
    | 'group'
    | 'slot'
    | 'secret'
    | 'object'
    | 'permission'
    | 'parameters'
    | 'permission on the rendered parameters'
    | 'provider';
  readonly result: 'ok' | 'refused' | 'failed';
  readonly detail: string;
}

/** Why a read would be allowed or refused; holds no value. */
export interface Explanation {
  readonly allowed: boolean;
  /**
   * The rendered parameters for who may change the secret, the stored templates for who may view it; absent for others,
   * and without a secret.
   */
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  readonly provider: string | undefined;
  readonly steps: readonly Step[];
}

/** Walks the journey of a read, without the fetch and without a record. */
export async function explain(
  parts: { readonly policy: ExplainingPolicy; readonly resolver: Resolver; readonly definitions: Rows },
  { principal, secret, group, slot, object, decision, request }: Located,
  about: { readonly obj?: unknown; readonly context?: TemplateContext },
): Promise<Explanation> {
  const { policy, resolver } = parts;
  const steps: Step[] = [];
  const step = (name: Step['step'], result: Step['result'], detail: string) =>
    steps.push({ step: name, result, detail });
  const ended = (shown?: Secret, parameters?: Explanation['parameters']): Explanation => ({
    allowed: steps.every(({ result }) => result === 'ok'),
    parameters,
    provider: shown?.provider,
    steps,
  });

  if (group) step('group', 'ok', group.name);
  if (object) step('object', 'ok', `${object.object_type} ${object.name}`);
  if (slot) {
    // An empty slot and a secret that may not be used are told apart to nobody who may not use it.
    if (!secret || !decision.allowed) {
      step('slot', 'refused', `${slot.accessType} ${slot.secretType}: no secret that you may use`);
      return ended();
    }
    step('slot', 'ok', `${slot.accessType} ${slot.secretType}`);
  }
  if (!secret || !request) return ended();
  step('secret', 'ok', secret.name);
  step('permission', decision.allowed ? 'ok' : 'refused', decision.rule);
  if (!decision.allowed) return ended(secret);

  const stored = (await mayView(parts, principal, secret)) ? secret.parameters : undefined;
  let rendered: Readonly<Record<string, unknown>>;
  try {
    rendered = resolver.render(secret, about);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    const known = error.code === 'parameters';
    step(known ? 'parameters' : 'provider', 'failed', error instanceof SecretError ? error.detail : error.message);
    return ended(secret, stored);
  }
  step('parameters', 'ok', Object.keys(rendered).join(', '));
  const asked = { ...request, rendered };
  const again = policy.decide(asked);
  const rule = again.allowed ? again.rule : await explainedRule(parts, asked, again.rule);
  step('permission on the rendered parameters', again.allowed ? 'ok' : 'refused', rule);
  if (again.allowed) step('provider', 'ok', secret.provider);
  return ended(secret, (await mayChange(parts, principal, secret)) ? rendered : stored);
}
