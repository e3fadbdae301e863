import type * as Compose from '../compose';
import type * as Backup from './backup';
import type * as Copy from './copy';
import type * as Doctor from './doctor/doctor';
import type * as Restore from './restore';
import type * as Serve from '../serve';
import type * as Migrations from './migrations';

/** The parts that take most of a second to load; a command that finds a host running does without them. */
export const late = {
  compose: () => require('../compose') as typeof Compose,
  serve: () => require('../serve') as typeof Serve,
  migrations: () => require('./migrations') as typeof Migrations,
  backup: () => require('./backup') as typeof Backup,
  restore: () => require('./restore') as typeof Restore,
  copy: () => require('./copy') as typeof Copy,
  doctor: () => require('./doctor/doctor') as typeof Doctor,
} as const;
