import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writePrivate } from './private-file.ts';

const credentialSchema = z.strictObject({
  access_key_id: z.string().regex(/^[A-Z0-9]{16,128}$/),
  secret_access_key: z.string().min(16),
  account_id: z.string().regex(/^\d{12}$/),
  role_name: z.string(),
  /** Unique id of the role (`AROA…`): stays when a role of the same name is made again. */
  unique_id: z.string(),
  session_name: z.string(),
});

const fileSchema = z.strictObject({ items: z.array(credentialSchema) });

/** A machine that may sign requests: the session of an assumed role. */
export type MachineCredential = z.infer<typeof credentialSchema>;

/** Where the credentials of machines lie in a data directory. */
export function machineCredentialsFile(dataDir: string): string {
  return join(dataDir, 'machine-credentials.json');
}

/**
 * Reads the machine credentials of a data directory; the first time it makes one machine with a random secret.
 * The file may be edited; a changed one counts from the next start.
 */
export async function readMachineCredentials(dataDir: string): Promise<readonly MachineCredential[]> {
  const file = machineCredentialsFile(dataDir);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    text = JSON.stringify({ items: [demoMachine()] }, null, 2);
    await writePrivate(file, text);
  }
  return fileSchema.parse(JSON.parse(text)).items;
}

function demoMachine(): MachineCredential {
  return {
    access_key_id: 'ASIALOCALMACHINE0001',
    secret_access_key: randomBytes(30).toString('base64'),
    account_id: '111122223333',
    role_name: 'sluice-machine',
    unique_id: 'AROALOCALMACHINE0001',
    session_name: 'local',
  };
}
