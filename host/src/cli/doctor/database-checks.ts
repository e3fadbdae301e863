import { existsSync } from 'node:fs';
import { placesOf, type Place } from '../../config';
import { damageOf, lastRecordIn } from '../../persistence/inspect';
import { lookAt } from '../../persistence/look';
import { planFor, type MigrationPlan } from '../../persistence/plan';
import { withFile } from '../../persistence/sqlite-file';
import { nameOf } from '../migrations';
import { bad, ok, warn, type Check, type Patient, type Result } from './finding';

function planned({ pending, newer }: MigrationPlan): Result[] {
  const later = newer.map((name) =>
    bad(`it has the migration ${name} of a newer version`, 'Run that version, or restore a backup.'),
  );
  if (later.length > 0 || pending.length === 0) return later;
  const detail = `${pending.length} migrations are to be applied: ${pending.join(', ')}`;
  return [warn(detail, 'The next start applies them; make a backup first.')];
}

/** Whether a database opens, is whole, and is of this version. */
async function examine(kept: 'definitions' | 'records', place: Place, { known }: Patient): Promise<readonly Result[]> {
  if (place.url === undefined) {
    if (!existsSync(place.file)) return [warn(`${place.file} is not there`, 'The first start makes it.')];
    const damage = await withFile(place.file, 'look', (database) => damageOf(database, 'quick'));
    const remedy = 'Stop the host, keep a copy of the files, and restore a backup.';
    if (damage.length > 0) return damage.map((fault) => bad(`${place.file}: ${fault}`, remedy));
  }
  const results = planned(await planFor(kept, place, known));
  return results.length > 0 ? results : [ok(`${nameOf(place)} is whole and up to date`)];
}

const minute = 60_000;
/** No host has ever run before that. */
const beginning = Date.UTC(2026, 0, 1);

/** The databases, and the clock, which a record that is to come tells to be wrong. */
export const databaseChecks: readonly Check[] = [
  ['database', (patient) => examine('definitions', placesOf(patient.config).definitions, patient)],
  ['access records', (patient) => examine('records', placesOf(patient.config).records, patient)],
  [
    'clock',
    async ({ config }) => {
      const now = Date.now();
      const time = new Date(now).toISOString();
      const remedy = 'Set the clock, by NTP: tokens expire and records are dated by it.';
      if (now < beginning) return [bad(`it says ${time}`, remedy)];
      const last = await lookAt(placesOf(config).records, lastRecordIn);
      const ahead = last !== undefined && Date.parse(last) > now + minute;
      return [ahead ? warn(`it says ${time}, and the last access record is of ${last}`, remedy) : ok(time)];
    },
  ],
];
