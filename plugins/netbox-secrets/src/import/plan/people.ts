import { keyOf } from '../record-store';
import type { RecordOf } from '../records/record-kinds';
import { groupBy, idOf, ownId, settleId, type PlanContext } from './context';
import type { GroupStep, TokenStep, UserKeyStep, UserStep } from './steps';

async function freeName(context: PlanContext, { name, pk }: RecordOf<'group'>, id: string): Promise<string> {
  const names = [name, `${name} (${context.instance})`, `${name} (${context.instance} ${pk ?? ''})`];
  for (const one of names) {
    const taken = await context.existing.find('group', { name: one });
    if (taken === undefined || taken === id) return one;
  }
  return `${name} (${id})`;
}

/** Groups; one whose name is taken comes in beside the other, since joining it would raise its members. */
export async function* planGroups(context: PlanContext): AsyncGenerator<GroupStep> {
  for (const group of context.catalogue.records.all('group')) {
    const id = settleId(context, group, ownId(context, group));
    const name = await freeName(context, group, id);
    if (name !== group.name) context.tally.find({ code: 'group-renamed', of: 'group', pk: group.pk, detail: name });
    yield { kind: 'group', id, number: group.pk, name };
  }
}

/** Whether a user was there before; then its id is that of its row, and what would raise it is told. */
async function isMerged(context: PlanContext, user: RecordOf<'user'>, groups: readonly string[]): Promise<boolean> {
  const existing = await context.existing.user(user.username);
  const own = ownId(context, user);
  settleId(context, user, existing?.id ?? own);
  if (!existing || existing.id === own) return false;
  context.merged.add(keyOf(user));
  context.tally.find({ code: 'user-merged', of: 'user', pk: user.pk, detail: user.username });
  const rights = [...(user.is_superuser && !existing.is_superuser ? ['superuser'] : []), ...groups];
  for (const right of rights)
    context.tally.find({ code: 'right-withheld', of: 'user', pk: user.pk, detail: `${user.username}: ${right}` });
  return true;
}

/** Users with their groups. A user of the same name is merged, and never raised in rights. */
export async function* planUsers(context: PlanContext): AsyncGenerator<UserStep> {
  const { records } = context.catalogue;
  const memberships = groupBy(records.all('membership'), ({ user }) => records.find('user', user));
  for (const { pk, user, group } of records.all('membership'))
    if (!records.find('user', user) || !records.find('group', group))
      context.tally.find({
        code: 'link-lost',
        of: 'membership',
        pk,
        detail: `user ${String(user)}, group ${String(group)}`,
      });
  for (const user of records.all('user')) {
    const groups = (memberships.get(user) ?? []).flatMap(({ group }) => records.find('group', group) ?? []);
    if (
      await isMerged(
        context,
        user,
        groups.map(({ name }) => `group ${name}`),
      )
    )
      continue;
    // An exclamation mark is Django's for a user who has none.
    if (user.password && !user.password.startsWith('!'))
      context.tally.find({ code: 'password-left', of: 'user', pk: user.pk, detail: user.username });
    yield {
      kind: 'user',
      id: ownId(context, user),
      number: user.pk,
      username: user.username,
      password_hash: user.password?.startsWith('pbkdf2_') ? user.password : undefined,
      first_name: user.first_name ?? '',
      last_name: user.last_name ?? '',
      email: user.email ?? '',
      is_superuser: user.is_superuser,
      is_staff: user.is_staff ?? user.is_superuser,
      is_active: user.is_active,
      created: user.date_joined,
      last_login: user.last_login,
      groups: groups.flatMap((group) => idOf(context, group) ?? []),
    };
  }
}

/** User keys, active or not. */
export function* planUserKeys(context: PlanContext): Generator<UserKeyStep> {
  const { records } = context.catalogue;
  for (const key of records.all('user-key')) {
    const user = records.find('user', key.user);
    const userId = idOf(context, user);
    if (!user || userId === undefined) {
      context.tally.find({ code: 'key-without-user', of: 'user-key', pk: key.pk });
      continue;
    }
    yield {
      kind: 'user-key',
      id: ownId(context, key),
      number: key.pk,
      user: userId,
      username: user.username,
      public_key: key.public_key,
      is_active: (key.master_key_cipher?.length ?? 0) > 0,
      created: key.created,
    };
  }
}

/** The key of a token in clear; from NetBox 4.5 on there may be only a hash of it. */
const clearKey = ({ key, plaintext, version }: RecordOf<'token'>): string | undefined =>
  plaintext ?? (version === 2 ? undefined : key);

/** Tokens, which keep working; one that would open more here than in NetBox is withheld. */
export async function* planTokens(context: PlanContext): AsyncGenerator<TokenStep> {
  const { records } = context.catalogue;
  for (const token of records.all('token')) {
    const user = records.find('user', token.user);
    const userId = idOf(context, user);
    const key = clearKey(token);
    const code = !user || userId === undefined ? 'token-without-user' : key === undefined ? 'token-hashed' : undefined;
    const isRaised =
      user && context.merged.has(keyOf(user)) && !user.is_superuser
        ? (await context.existing.user(user.username))?.is_superuser
        : false;
    const fault = code ?? (isRaised ? 'token-withheld' : undefined);
    if (fault !== undefined || userId === undefined || key === undefined) {
      const detail = user ? { detail: user.username } : {};
      context.tally.find({ code: fault ?? 'token-without-user', of: 'token', pk: token.pk, ...detail });
      continue;
    }
    yield {
      kind: 'token',
      id: ownId(context, token),
      number: token.pk,
      user: userId,
      key,
      description: token.description ?? '',
      write_enabled: token.write_enabled,
      created: token.created,
      expires: token.expires,
      allowed_addresses: token.allowed_ips ?? [],
    };
  }
}
