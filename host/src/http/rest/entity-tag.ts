import { hash } from 'node:crypto';
import type { AnyRow, Field, TypeDescriptor } from '../../domain/descriptor';
import type { Expectation } from '../../domain/failures';
import type { Answer, ApiRequest } from '../route';

type Conditions = ApiRequest['conditions'];

const digest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

/** What a write can change of a row: nothing secret, and no note of when it was last used. */
function stateOf({ fields }: TypeDescriptor): (row: AnyRow) => string {
  const names = Object.entries<Field>(fields)
    .filter(([name, { kind, readOnly }]) => kind !== 'secret' && (!readOnly || name === 'last_updated'))
    .map(([name]) => name);
  return (row) => digest(JSON.stringify(names.map((name) => row[name])));
}

/** The opaque tags of a header; `any` for a star. */
function tagsOf(header: string): 'any' | readonly string[] {
  if (header.trim() === '*') return 'any';
  return [...header.matchAll(/(W\/)?"([\x21\x23-\x7e]*)"/g)].map(([, weak = '', tag]) => `${weak}${tag}`);
}

/** What tells one state of a row, and one way of showing it, from all others, and the conditions that clients put on it. */
export interface EntityTags {
  /** The ETag of an answer that shows a row: its state, then the bytes that show it. */
  of(row: AnyRow, text: string): string;
  /** Whether a client has the answer with this tag already. */
  isKnown(conditions: Conditions, tag: string): boolean;
  /** What a change demands of the row as it stands: undefined where the client demands nothing. */
  expectation(conditions: Conditions): Expectation | undefined;
}

/** Makes the {@link EntityTags} of a type. What `If-Match` names is the state of the row, however it was shown. */
export function entityTags(type: TypeDescriptor): EntityTags {
  const state = stateOf(type);
  return {
    of: (row, text) => `"${state(row)}.${digest(text)}"`,

    isKnown({ ifNoneMatch }, tag) {
      if (ifNoneMatch === undefined) return false;
      const known = tagsOf(ifNoneMatch);
      return known === 'any' || known.some((one) => `"${one.replace(/^W\//, '')}"` === tag);
    },

    expectation({ ifMatch, ifNoneMatch }) {
      if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
      return (row) => {
        const isState = (tag: string): boolean => tag.split('.')[0] === state(row);
        const wanted = ifMatch === undefined ? 'any' : tagsOf(ifMatch);
        const unwanted = ifNoneMatch === undefined ? [] : tagsOf(ifNoneMatch);
        return (wanted === 'any' || wanted.some(isState)) && unwanted !== 'any' && !unwanted.some(isState);
      };
    },
  };
}

/** An answer in JSON with the tag that its text gets. */
export function taggedJson(status: number, body: unknown, tagOf: (text: string) => string): Answer {
  const text = JSON.stringify(body);
  return { status, content: { type: 'application/json', text, headers: {} }, headers: { ETag: tagOf(text) } };
}
