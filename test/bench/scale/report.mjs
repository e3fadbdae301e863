const grouped = new Intl.NumberFormat('en');
const units = { ms: (value) => `${value.toFixed(1)} ms`, MB: (value) => `${value.toFixed(0)} MB` };

/** Of a line, how much more the largest takes than the smallest, and whether that is within its bound. */
export function growthOf({ values, most }) {
  const growth = values.at(-1) / values[0];
  return { growth, ...(most !== undefined && { met: growth <= most }) };
}

function tableOf({ sizes, lines }) {
  const head = ['Engine', 'Figure', ...sizes.map((size) => grouped.format(size)), 'Growth', 'Target', ''];
  const rows = lines.map((line) => {
    const { growth, met } = growthOf(line);
    const wanted = line.most === undefined ? '' : `<= ${line.most}`;
    const verdict = { true: 'met', false: 'MISSED', undefined: '' }[met];
    return [line.engine, line.title, ...line.values.map(units[line.unit]), growth.toFixed(2), wanted, verdict];
  });
  return [head, ...rows];
}

const circumstances = ({ date, cpu, memoryGb, node, system, loadBefore, loadAfter, syncMs }) =>
  `${date.slice(0, 16).replace('T', ' ')} UTC, ${cpu}, ${memoryGb} GB, ${system}, node ${node}, load ${loadBefore} before and ` +
  `${loadAfter} after, a durable write of 4 KiB ${syncMs} ms`;

const warning = ({ quick }) => (quick ? 'A smoke run: the figures mean nothing.\n\n' : '');

/** The result for a terminal. */
export function scaleText(result) {
  const rows = tableOf(result);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  return `${warning(result)}${lines.join('\n')}\n\n${circumstances(result)}\n`;
}

/** The result for docs/reference/performance.md. */
export function scaleMarkdown(result) {
  const [head, ...rows] = tableOf(result);
  const marks = head.map((_, column) => (column < 2 || column === head.length - 1 ? '---' : '---:'));
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return `${warning(result)}${circumstances(result)}.\n\n${[head, marks, ...rows].map(row).join('\n')}\n`;
}
