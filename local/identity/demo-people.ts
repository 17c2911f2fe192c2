import { readFile } from 'node:fs/promises';
import * as z from 'zod';

/** What else stands in the files (roles, groups, names) is for the application's seeding and passes through unread. */
const peopleSchema = z.array(z.looseObject({ email: z.email(), user_id: z.uuid(), tenant_id: z.string() }));

const machinesSchema = z.array(
  z.looseObject({
    account_id: z.string().regex(/^\d{12}$/),
    role_name: z.string(),
    /** Of the role (`AROA…`): it changes when a role of the same name is made again. */
    unique_id: z.string(),
  }),
);

/** A person who may sign in locally. What they may do is the application's business. */
export type Person = z.infer<typeof peopleSchema>[number];

/** A role of a machine that may sign requests locally. */
export type Machine = z.infer<typeof machinesSchema>[number];

/** The people of a file of this shape; by default `local/demo-people.json`. */
export async function readPeople(file?: string): Promise<readonly Person[]> {
  return peopleSchema.parse(await readJson(file ?? new URL('../demo-people.json', import.meta.url)));
}

/** The machines of `local/demo-machines.json`. */
export async function readMachines(): Promise<readonly Machine[]> {
  return machinesSchema.parse(await readJson(new URL('../demo-machines.json', import.meta.url)));
}

async function readJson(file: string | URL): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
