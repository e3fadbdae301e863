import type { Principal } from '../domain/access';
import type { Format } from './negotiate';
import type { RouteDescription } from './openapi/operation';

/** The methods that a route may answer; HEAD follows GET, OPTIONS is always answered. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request, as handlers see it: nothing of it is unchecked. */
export interface ApiRequest {
  readonly principal: Principal;
  /** Finds out anew who acts, so that a token revoked meanwhile is no longer good. */
  readonly acting: () => Promise<Principal>;
  /** Where the request comes from. */
  readonly address: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The form that the answer is asked for in. */
  readonly format: Format;
  /** The parsed body, bounded, or the text of a CSV file; undefined for a method without one. */
  readonly body: unknown;
  readonly requestId: string;
  /** The address that clients reach this host at, without a slash at the end; never taken from a request. */
  readonly publicUrl: string;
  /** A header of the request, or undefined; of one that came more than once, the values joined. */
  header(name: string): string | undefined;
  /** What the answer depends on, as the headers say it. */
  readonly conditions: { readonly ifMatch: string | undefined; readonly ifNoneMatch: string | undefined };
}

/** An answer that is not JSON. */
export interface Content {
  readonly type: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a request is answered with; the body is JSON, unless there is content of another type. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one method of a route. */
export type Handler = (request: ApiRequest) => Promise<Answer> | Answer;

/** One address and what it answers; plain data, so that the whole inventory can be walked. */
export interface Route {
  /** The path with `:name` for a parameter, such as `/api/extras/secrets/:id/`. */
  readonly path: string;
  /** Whether the address answers without a token. */
  readonly access: 'anonymous' | 'token';
  /** Whether POST, PUT, PATCH and DELETE change something, which a token that may only read cannot do. */
  readonly changes: boolean;
  /** The method that a name and a password, sent as Basic, are good for; they are for no other address. */
  readonly password?: Method;
  /** True where DELETE says by its body what is to go. */
  readonly deletesByBody?: boolean;
  /** Whose clients it is for, where several share the address; Nautobot's by default. */
  readonly dialect?: string;
  /** Whether it answers those who send neither credentials nor a version, where several share the address. */
  readonly forBare?: true;
  /** The name by which the map at `/api/` lists it. */
  readonly listed?: string;
  /** The forms that GET answers in; JSON alone by default. */
  readonly formats?: readonly Format[];
  /** The forms that POST is read in, and PUT and PATCH where they are no CSV; JSON alone by default. */
  readonly parses?: readonly Format[];
  readonly methods: Readonly<Partial<Record<Method, Handler>>>;
  /** What the OpenAPI document tells of the address, where it is not a collection's own. */
  readonly openapi?: RouteDescription;
  /** Answers OPTIONS itself, instead of what is told by `describe`. */
  readonly options?: Handler;
  /** What OPTIONS tells of the address beside the methods. */
  readonly describe?: (principal: Principal) => Readonly<Record<string, unknown>>;
}

/** The `Allow` header of a route. */
export function allowed({ methods }: Route): string {
  const order: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const own = order.filter((method) => methods[method]);
  return [...own, ...(methods.GET ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** Whether a path is an address of the route. */
export function matches({ path }: Route, asked: string): boolean {
  const [wanted, given] = [path.split('/'), asked.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith(':') ? given[index] !== '' : part === given[index]))
  );
}
