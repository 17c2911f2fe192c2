import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Machine } from './demo-people.ts';
import { writePrivate } from './private-file.ts';

const fileSchema = z.strictObject({
  items: z.array(
    z.strictObject({
      access_key_id: z.string().regex(/^[A-Z0-9]{16,128}$/),
      secret_access_key: z.string().min(16),
      account_id: z.string().regex(/^\d{12}$/),
      role_name: z.string(),
      unique_id: z.string(),
      session_name: z.string(),
    }),
  ),
});

/** The session of an assumed role that may sign requests. */
export type MachineCredential = z.infer<typeof fileSchema>['items'][number];

/** Where the credentials of machines lie in a data directory. */
export function machineCredentialsFile(dataDir: string): string {
  return join(dataDir, 'machine-credentials.json');
}

/**
 * Reads the machine credentials of a data directory; the first time each machine gets a session with a random secret.
 * The file may be edited; a changed one counts from the next start.
 */
export async function readMachineCredentials(
  dataDir: string,
  machines: readonly Machine[],
): Promise<readonly MachineCredential[]> {
  const file = machineCredentialsFile(dataDir);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    text = JSON.stringify({ items: machines.map(sessionOf) }, null, 2);
    await writePrivate(file, text);
  }
  return fileSchema.parse(JSON.parse(text)).items;
}

function sessionOf({ account_id, role_name, unique_id }: Machine): MachineCredential {
  return {
    access_key_id: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secret_access_key: randomBytes(30).toString('base64'),
    account_id,
    role_name,
    unique_id,
    session_name: 'local',
  };
}
