/** The parts of a run, in order. */
export const parts = ['template', 'resolve', 'record', 'postgres', 'rest', 'constraints', 'store', 'kills', 'start'];

const perCpu = 'per CPU second';
const atLeast = (limit) => ({ limit, relation: '>=' });
const below = (limit) => ({ limit, relation: '<' });

/** Every figure: what it is, its unit, and its target where there is one. The id begins with its part. */
export const figures = {
  'template.yardstick': { title: 'Yardstick: SHA-256 of 64 bytes', unit: perCpu },
  'template.cached': { title: 'Template, parsed before, object prepared', unit: perCpu },
  'template.copied': { title: 'Template, parsed before, object copied each time', unit: perCpu },
  'template.parsed': { title: 'Template, parsed each time', unit: perCpu },

  'resolve.warm': { title: 'Resolve, warm, object prepared, no record', unit: perCpu, target: atLeast(200_000) },
  'resolve.copied': { title: 'Resolve, warm, object copied, no record', unit: perCpu, target: atLeast(200_000) },
  'resolve.cold': { title: 'Resolve, cold (template parsed, object copied), no record', unit: perCpu },

  'record.shared': { title: 'Resolve with durable record, 64 callers', unit: 'per second', target: atLeast(20_000) },
  'record.sharedCpu': { title: 'The same, by CPU time of all threads', unit: perCpu },
  'record.group': { title: 'Through a group, durable record, 64 callers', unit: 'per second' },
  'record.alone': { title: 'Resolve with durable record, 1 caller', unit: 'per second' },
  'record.cold': { title: 'The first read of each secret, durable record, 64 callers', unit: 'per second' },

  'postgres.ratio': {
    title: 'Durable records on PostgreSQL, 64 callers, of bare commits of as many rows',
    unit: 'ratio',
    target: atLeast(0.7),
  },
  'postgres.record': { title: 'Durable records on PostgreSQL, 64 callers', unit: 'per second' },
  'postgres.bare': { title: 'Rows of bare commits on it, of as many', unit: 'per second' },
  'postgres.size': { title: 'Records of a commit', unit: '' },
  'postgres.shared': { title: 'Resolve with durable record on PostgreSQL, 64 callers', unit: 'per second' },
  'postgres.alone': { title: 'The same, 1 caller', unit: 'per second' },

  'rest.check': { title: 'REST check: GET, of bare node:http', unit: 'ratio', target: atLeast(0.25) },
  'rest.checkCpu': { title: 'The same, by CPU time of the server', unit: 'ratio' },
  'rest.checkRate': { title: 'REST check: GET', unit: 'per second' },
  'rest.checkBare': { title: 'The same bytes from bare node:http', unit: 'per second' },
  'rest.group': { title: 'REST check: POST on a group for an object, of bare node:http', unit: 'ratio' },
  'rest.groupCpu': { title: 'The same, by CPU time of the server', unit: 'ratio' },
  'rest.groupRate': { title: 'REST check: POST on a group for an object', unit: 'per second' },
  'rest.groupBare': { title: 'The same bytes from bare node:http', unit: 'per second' },
  'rest.list': { title: 'REST list, a page of 50, of bare node:http', unit: 'ratio', target: atLeast(0.1) },
  'rest.listCpu': { title: 'The same, by CPU time of the server', unit: 'ratio' },
  'rest.listRate': { title: 'REST list, a page of 50', unit: 'per second' },
  'rest.listBare': { title: 'The same bytes from bare node:http', unit: 'per second' },
  'rest.walk': { title: 'REST list, a page of 50, each time another, of bare node:http', unit: 'ratio' },
  'rest.walkCpu': { title: 'The same, by CPU time of the server', unit: 'ratio' },
  'rest.walkRate': { title: 'REST list, a page of 50, each time another', unit: 'per second' },
  'rest.walkBare': { title: 'The same bytes from bare node:http', unit: 'per second' },
  'rest.detail': { title: 'REST detail, of bare node:http', unit: 'ratio', target: atLeast(0.2) },
  'rest.detailCpu': { title: 'The same, by CPU time of the server', unit: 'ratio' },
  'rest.detailRate': { title: 'REST detail', unit: 'per second' },
  'rest.detailBare': { title: 'The same bytes from bare node:http', unit: 'per second' },
  'rest.create': { title: 'REST create, of bare node:http', unit: 'ratio' },
  'rest.createCpu': { title: 'The same, by CPU time of the server', unit: 'ratio' },
  'rest.createRate': { title: 'REST create', unit: 'per second' },
  'rest.createBare': { title: 'The same bytes from bare node:http', unit: 'per second' },
  'rest.memory': { title: 'Resident memory after that load', unit: 'MB', target: below(150) },

  'constraints.agree': {
    title: 'Random constraints that memory and SQL answer alike, each on every row',
    unit: '',
    target: atLeast(10_000),
  },
  'constraints.agreePostgres': {
    title: 'The same in memory, on SQLite and on PostgreSQL',
    unit: '',
    target: atLeast(10_000),
  },
  'constraints.decide': {
    title: 'Decisions in memory: ten permissions of two clauses, one a folded prefix',
    unit: perCpu,
    target: atLeast(500_000),
  },
  'constraints.listFew': { title: 'REST list of 50 under ten constrained permissions, 1,000 secrets', unit: 'ms' },
  'constraints.listMany': { title: 'The same, 100,000 secrets', unit: 'ms', target: below(50) },
  'constraints.listGrowth': { title: 'The same, of what it takes with 1,000', unit: 'ratio' },
  'constraints.listFirst': {
    title: 'The first such list after a change, 100,000 secrets',
    unit: 'ms',
    target: below(200),
  },

  'store.list': { title: 'Encrypted store: a list of 50 with its values, each recorded', unit: 'ms' },
  'store.plain': { title: 'The same list without values', unit: 'ms' },
  'store.bare': { title: '50 bare AES-256-GCM decrypts and JSON', unit: 'ms' },
  'store.listRatio': { title: 'The list, of the bare decrypts', unit: 'ratio', target: below(3) },
  'store.valuesRatio': { title: 'What the values add to it, of the bare decrypts', unit: 'ratio' },
  'store.session': { title: 'What a session key adds to a request', unit: 'ms', target: below(0.1) },
  'store.create': { title: 'Encrypted store: create', unit: 'ms', target: below(2) },

  'kills.readable': {
    title: 'Kills in the middle of rotations, after each of which every secret is readable',
    unit: '',
    target: atLeast(100),
  },

  'start.ready': { title: "From node's start to ready, all shipped plugins", unit: 's', target: below(1.5) },
  'start.cpu': { title: 'The same, by CPU time', unit: 's' },
  'start.first': { title: 'The first start, on an empty folder', unit: 's', target: below(1.5) },
  'start.plugins': { title: 'Plugins loaded', unit: '', target: atLeast(4) },
  'start.sdk': { title: 'Modules of the AWS SDK that the start loads', unit: '', target: below(1) },
  'start.memory': { title: 'Resident memory when ready', unit: 'MB', target: below(150) },
};

const relations = { '>=': (value, limit) => value >= limit, '<': (value, limit) => value < limit };

/** Whether a value meets its target; undefined without a target. */
export function isMet({ target }, value) {
  return target && relations[target.relation](value, target.limit);
}
