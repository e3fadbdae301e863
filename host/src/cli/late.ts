import type * as Compose from '../compose';
import type * as Serve from '../serve';
import type * as Migrations from './migrations';

/** The parts that take most of a second to load; a command that finds a host running does without them. */
export const late = {
  compose: () => require('../compose') as typeof Compose,
  serve: () => require('../serve') as typeof Serve,
  migrations: () => require('./migrations') as typeof Migrations,
} as const;
