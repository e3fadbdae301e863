import { figures, isMet } from '../figures.mjs';

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

function written(value, unit) {
  if (unit === 'ratio') return value.toFixed(2);
  if (unit === 's') return `${value.toFixed(2)} s`;
  if (unit === 'ms') return `${value.toFixed(1)} ms`;
  const whole = grouped.format(value);
  return unit === '' ? whole : unit.startsWith('per ') ? `${whole} ${unit}` : `${whole} ${unit}`;
}

const verdicts = { true: 'met', false: 'MISSED', undefined: '' };

/** The lines of the table: figure, measured, target, verdict. */
function lines({ values }) {
  return Object.entries(values).map(([id, value]) => {
    const { title, unit, target } = figures[id];
    const wanted = target ? `${target.relation} ${written(target.limit, unit)}` : '';
    return [title, written(value, unit), wanted, verdicts[isMet(figures[id], value)]];
  });
}

const head = ['Figure', 'Measured', 'Target', ''];

const circumstances = ({ date, cpu, memoryGb, node, system, client, loadBefore, loadAfter, syncMs }) =>
  `${date.slice(0, 16).replace('T', ' ')} UTC, ${cpu}, ${memoryGb} GB, ${system}, node ${node}, client ${client}, ` +
  `load ${loadBefore} before and ${loadAfter} after, a durable write of 4 KiB ${syncMs} ms`;

const warning = ({ quick }) => (quick ? 'A smoke run: the figures mean nothing.\n\n' : '');

/** The result for a terminal. */
export function textOf(result) {
  const rows = [head, ...lines(result)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  return `${warning(result)}${table.join('\n')}\n\n${circumstances(result)}\n`;
}

/** The result for docs/reference/performance.md. */
export function markdownOf(result) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const table = [row(head), row(['---', '---:', '---:', '---']), ...lines(result).map(row)];
  return `${warning(result)}${circumstances(result)}.\n\n${table.join('\n')}\n`;
}

/** The result for programs: the circumstances, and every figure with its target. */
export function jsonOf({ values, ...about }) {
  const rows = Object.entries(values).map(([id, value]) => {
    const { title, unit, target } = figures[id];
    return { id, title, value, unit, ...(target && { target, met: isMet(figures[id], value) }) };
  });
  return { ...about, figures: rows };
}
