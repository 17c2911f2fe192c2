import { readFile } from 'node:fs/promises';
import * as z from 'zod';

const peopleSchema = z.array(z.strictObject({ email: z.email(), user_id: z.uuid(), tenant_id: z.uuid() }));

/** A person who may sign in locally. What they may do is the application's business. */
export type Person = z.infer<typeof peopleSchema>[number];

/** The people of `local/demo-people.json`. */
export async function readDemoPeople(): Promise<readonly Person[]> {
  const text = await readFile(new URL('../demo-people.json', import.meta.url), 'utf8');
  return peopleSchema.parse(JSON.parse(text));
}
