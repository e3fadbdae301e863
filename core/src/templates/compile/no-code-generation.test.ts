import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';

const source = join(__dirname, '..', '..');
const files = readdirSync(join(source, 'templates'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file))
  .map((file) => join('templates', file));

const script = `
  const { parseTemplate, templateContext } = require('./templates');
  const refused = (() => { try { return Function('return 1')() === 1 ? 'allowed' : ''; } catch (error) { return error.name; } })();
  const text = parseTemplate("{% if obj.a %}{{ obj.a | upper }}{{ obj.a.replace('a', 'b') }}{% endif %}").render(templateContext({ a: 'a' }));
  const loaded = Object.keys(require.cache).filter((file) => file.includes('nunjucks')).map((file) => file.split('/').at(-1)).sort();
  console.log(JSON.stringify({ refused, text, loaded }));
`;

it('templates render where no code may be made, and load nothing of nunjucks but its grammar', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-templates-'));
  try {
    for (const file of [...files, 'errors.ts']) {
      const target = join(folder, file.replace(/\.ts$/, '.js'));
      const { code } = transformFileSync(join(source, file), {
        swcrc: false,
        module: { type: 'commonjs' },
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      });
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
    const modules = join(dirname(require.resolve('nunjucks/package.json')), '..');
    const options = { cwd: folder, env: { PATH: process.env['PATH'], NODE_PATH: modules }, encoding: 'utf8' } as const;
    const output = execFileSync(process.execPath, ['--disallow-code-generation-from-strings', '-e', script], options);
    expect(JSON.parse(output)).toEqual({
      refused: 'EvalError',
      text: 'Ab',
      loaded: ['lexer.js', 'lib.js', 'nodes.js', 'object.js', 'parser.js'],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
