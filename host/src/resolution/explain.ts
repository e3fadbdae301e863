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
  const ended = (viewed?: Secret, parameters?: Explanation['parameters']): Explanation => ({
    allowed: steps.every(({ result }) => result === 'ok'),
    parameters,
    provider: viewed?.provider,
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
  // Who may use it and not view it is told how far the read came, and of a failure its code.
  const viewed = (await mayView(parts, principal, secret)) ? secret : undefined;
  step('secret', 'ok', viewed?.name ?? 'a secret that you may not view');
  step('permission', decision.allowed ? 'ok' : 'refused', decision.rule);
  if (!decision.allowed) return ended(viewed);

  let rendered: Readonly<Record<string, unknown>>;
  try {
    rendered = resolver.render(secret, about);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    const detail = error instanceof SecretError ? error.detail : error.message;
    step(error.code === 'parameters' ? 'parameters' : 'provider', 'failed', viewed ? detail : error.code);
    return ended(viewed, viewed?.parameters);
  }
  step('parameters', 'ok', viewed ? Object.keys(rendered).join(', ') : 'rendered');
  const asked = { ...request, rendered };
  const again = policy.decide(asked);
  const rule = again.allowed || !viewed ? again.rule : await explainedRule(parts, asked, again.rule);
  step('permission on the rendered parameters', again.allowed ? 'ok' : 'refused', rule);
  if (again.allowed) step('provider', 'ok', viewed?.provider ?? 'known');
  if (!viewed) return ended();
  return ended(viewed, (await mayChange(parts, principal, secret)) ? rendered : viewed.parameters);
}
