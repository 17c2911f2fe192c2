import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { writePrivate } from '../identity/private-file.ts';
import type { RobotAccount } from './writers.ts';

const fileSchema = z.strictObject({ username: z.string().min(1), password: z.string().min(16) });

/** Reads the account by which functions write to the registry of this machine; the first time it gets a random password. */
export async function readRobotAccount(dataDir: string): Promise<RobotAccount> {
  const file = join(dataDir, 'registry-account.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    text = JSON.stringify({ username: 'sluice', password: randomBytes(30).toString('base64url') });
    await writePrivate(file, text);
  }
  return fileSchema.parse(JSON.parse(text));
}

/** What the catalog of the demo tenant calls the registry of this machine. */
export const ownRegistry = 'local';

/** The name under which a tenant's functions find that account. */
export const accountSecret = (tenantId: string): string => `sluice/${tenantId}/registry/${ownRegistry}`;
