import { createKernel } from '@latchkey/core/kernel';
import { hostReport, processWarnings } from './host-report';

const { report } = createKernel({ plugins: [] });

test('a process that may generate code is warned of, by the flag that ends it', () => {
  const [warning] = processWarnings(true);
  expect(warning).toContain('--disallow-code-generation-from-strings');
  const warned = hostReport(report, [String(warning)]);
  expect(warned.warnings).toEqual([warning]);
  expect(String(warned)).toBe(`warning ${warning}`);
});

test('any other process is not', () => {
  expect(processWarnings(false)).toEqual([]);
  expect(String(hostReport(report, []))).toBe(String(report));
});
