import { Pool, types, type CustomTypesConfig, type PoolClient, type PoolConfig } from 'pg';

/** How connections of one kind behave. */
export interface ConnectionOptions {
  readonly url: string;
  /** The most connections. */
  readonly most: number;
  /** How long a statement waits for a lock, in milliseconds; 0 for as long as it takes. */
  readonly lockTimeout: number;
  /** How long an answer is waited for, in milliseconds, so that no request hangs on a network that is gone. */
  readonly patience?: number;
}

// Rows come as JSON texts, which are read once by who wants them; counts fit a number.
const int8 = 20;
const json = 114;
const texts: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') => {
    if (oid === int8) return Number;
    return oid === json ? String : types.getTypeParser(oid, format);
  }) as CustomTypesConfig['getTypeParser'],
};

/** What every connection of a host is told; `options` of the address itself come last, and win. */
function sessionOf(url: URL, { lockTimeout, patience = 0 }: ConnectionOptions): string {
  const session = {
    lock_timeout: lockTimeout,
    // What nobody waits for any more ends there, too.
    statement_timeout: patience,
    // Statements are short, and a bad guess costs a compilation of 100 ms.
    jit: 'off',
    // Without room for the ids of a wide scope it would look through them again for every row.
    work_mem: '64MB',
    // A plan for any values walks the wrong index for most of them.
    plan_cache_mode: 'force_custom_plan',
    // A host that stopped in the middle of a transaction does not hold up the others for long.
    idle_in_transaction_session_timeout: 10_000,
    tcp_keepalives_idle: 10,
    tcp_keepalives_interval: 5,
    tcp_keepalives_count: 3,
  };
  const given = url.searchParams.get('options');
  return [...Object.entries(session).map(([name, value]) => `-c ${name}=${value}`), ...(given ? [given] : [])].join(
    ' ',
  );
}

/** The settings of a pool of connections. */
export function poolSettings(options: ConnectionOptions): PoolConfig {
  const url = new URL(options.url);
  const session = sessionOf(url, options);
  url.searchParams.set('options', session);
  return {
    connectionString: url.href,
    application_name: 'latchkey',
    max: options.most,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 3_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(options.patience !== undefined && { query_timeout: options.patience }),
    types: texts,
  };
}

/** Opens a pool of connections, none of which is made yet. */
export function openPool(options: ConnectionOptions): Pool {
  const pool = new Pool(poolSettings(options));
  // One that breaks while nobody uses it is replaced when it is needed.
  pool.on('error', () => undefined);
  return pool;
}

/** Ends a connection at once, whatever it waits for; its pool makes another. */
export function sever(client: PoolClient): void {
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

/** The address without what must not be shown. */
export function shownUrl(address: string): string {
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
