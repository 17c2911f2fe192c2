import * as z from 'zod/mini';
import type { SeedInput } from '../../functions/contract/seed.ts';
import type { Account } from './account.ts';
import type { SluiceStack } from './stack.ts';

const Seeded = z.object({ people: z.number(), admins: z.optional(z.array(z.string())) });

/** The subjects of a tenant's admins; undefined where the installation does not say, as before 0.2.0. */
export type Admins = readonly string[] | undefined;

/** Invokes the seed function; answers who is an admin of the tenant then. */
export async function invokeSeed(
  account: Account,
  { outputs }: SluiceStack,
  input: SeedInput,
): Promise<Admins> {
  const path = `/2015-03-31/functions/${encodeURIComponent(outputs.SeedFunctionName)}/invocations`;
  const { admins } = await account.rest(
    'lambda',
    'InvokeFunction',
    { method: 'POST', path, body: input },
    Seeded,
  );
  return admins;
}

/** Asks who is an admin of a tenant, and writes nothing. */
export const askAdmins = (account: Account, stack: SluiceStack, tenant: string): Promise<Admins> =>
  invokeSeed(account, stack, { people: [], admins_of: tenant });
