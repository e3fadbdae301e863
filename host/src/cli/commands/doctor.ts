import type { CommandSpec } from '../command';
import { late } from '../late';

/** `latchkey doctor`. */
export const doctorCommand: CommandSpec = {
  usage: 'doctor',
  summary: 'look at everything that a host needs, and say what to do; it changes nothing',
  examples: ['doctor', 'doctor --data-dir /var/lib/latchkey --output json'],
  more: () =>
    [
      'Run it as the user of the host, with its settings. Each line is ok, warn or bad; it ends with 1 where one is bad.',
      'Where no host runs, the plugins are loaded for the time of the look.',
    ].join('\n'),
  async run(call) {
    const findings = await late.doctor().examine(() => call.config());
    const columns = ['check', 'result', 'detail', 'what to do'];
    const rows = findings.map(({ check, result, detail, remedy }) => [check, result, detail, remedy]);
    const sound = findings.every(({ result }) => result !== 'bad');
    return { json: { sound, findings }, shown: [{ columns, rows }], ending: sound ? 'ok' : 'no' };
  },
};
