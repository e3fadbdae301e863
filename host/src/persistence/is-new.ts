import { existsSync } from 'node:fs';

import type { Place } from '../config/database';
import { settingType } from '../domain/access';
import { openPostgresSource } from './postgres/source';

/** Whether nothing was ever kept there, so that a host that starts now is the first. */
export async function isNew({ file, url }: Place): Promise<boolean> {
  if (url === undefined) return !existsSync(file);
  const source = await openPostgresSource({ url, most: 1, lockTimeout: 0 });
  try {
    const [table] = await source.query<{ name: string | null }[]>(
      `SELECT to_regclass('${settingType.table}') AS "name"`,
    );
    if (table?.name == null) return true;
    const [row] = await source.query<unknown[]>(`SELECT 1 FROM "${settingType.table}" LIMIT 1`);
    return row === undefined;
  } finally {
    await source.destroy();
  }
}
