import { findingTexts } from './findings';
import { ImportTally, reportText } from './report';

test('a report tells the dump, the counts, what is lost and what is to be known', () => {
  const tally = new ImportTally();
  tally.tell('netbox', '2.9');
  for (const kind of ['secret', 'secret', 'device', 'membership'] as const) tally.found(kind);
  for (const kind of ['secret', 'object', 'version'] as const) tally.planned(kind);
  tally.find({ code: 'user-merged', of: 'user', pk: 3, detail: 'ann' });
  tally.find({ code: 'secret-hash', of: 'secret', pk: 7, detail: 'admin' });
  tally.fault({ kind: 'fault', of: 'token', pk: undefined, place: 'line 9', problem: 'key is missing' });
  expect(reportText(tally.report())).toBe(
    [
      'netbox: 2.9',
      '',
      'planned:',
      '  object: 1 of 1',
      '  secret: 1 of 2',
      '  version: 1',
      '',
      `LOST (1): ${findingTexts['row-unreadable'].text}`,
      '    token: line 9: key is missing',
      `LOST (1): ${findingTexts['secret-hash'].text}`,
      '    secret 7: admin',
      `note (1): ${findingTexts['user-merged'].text}`,
      '    user 3: ann',
      '',
    ].join('\n'),
  );
});

test('many findings are counted, the first are kept, and of those the first are shown', () => {
  const tally = new ImportTally();
  for (let pk = 1; pk <= 5000; pk += 1) tally.find({ code: 'secret-other-key', of: 'secret', pk });
  const report = tally.report();
  expect(report.findings).toMatchObject([{ code: 'secret-other-key', isLoss: true, count: 5000 }]);
  expect(report.findings[0]?.rows).toHaveLength(1000);
  expect(reportText(report)).toContain('    secret 10\n    and 4990 more\n');
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('what the text prints comes from a dump, and cannot steer a terminal', () => {
  const tally = new ImportTally();
  tally.find({ code: 'user-merged', of: 'user', pk: 1, detail: 'a\u001b[31m\nLOST\u009b' });
  expect(reportText(tally.report())).toMatch(/^ {4}user 1: a\\u001b\[31m\\u000aLOST\\u009b$/m);
});
