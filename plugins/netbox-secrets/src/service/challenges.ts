import { randomBytes } from 'node:crypto';
import type { HostKeys } from '../crypto/host-keys';
import { isSame, mac } from '../crypto/derive';
import { StoreError } from './store-error';

const life = 120_000;

/** What a client is asked to prove: that it can open its wraps, before the time is over. */
export interface Challenge {
  readonly id: string;
  readonly expires: string;
}

/** Makes a challenge that any host of the installation takes, since nothing of it is kept: user and end are signed. */
export function makeChallenge({ session }: HostKeys, user: string, now = Date.now()): Challenge {
  const body = `${user}.${now + life}.${randomBytes(16).toString('hex')}`;
  const id = `${Buffer.from(body).toString('base64url')}.${mac(session, 'challenge', body).toString('base64url')}`;
  return { id, expires: new Date(now + life).toISOString() };
}

/** Refuses a challenge of another user, of another installation, or of long ago. */
export function checkChallenge({ session }: HostKeys, user: string, id: string, now = Date.now()): void {
  const [encoded = '', signature = ''] = id.split('.');
  const body = Buffer.from(encoded, 'base64url').toString();
  const [of, expires] = body.split('.');
  const good = isSame(mac(session, 'challenge', body), Buffer.from(signature, 'base64url'));
  if (!good || of !== user || !(Number(expires) > now))
    throw new StoreError('no-challenge', 'The challenge is over, or was made for somebody else. Ask for a new one.');
}
