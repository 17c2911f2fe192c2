import * as z from 'zod/mini';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import { type Account, isRefused } from './account.ts';

/** A user of the pool, as far as it is needed. */
export type PoolUser = { readonly username: string; readonly sub: string };

const Attributes = z.array(z.object({ Name: z.string(), Value: z.optional(z.string()) }));
const Users = z.object({
  Users: z.array(z.object({ Username: z.string(), Enabled: z.optional(z.boolean()), Attributes })),
});
const Created = z.object({ User: z.object({ Username: z.string(), Attributes }) });
const TARGET = 'AWSCognitoIdentityProviderService';

/** Finds the user with an address. Throws where two have it, or where it is disabled: neither is for a program to mend. */
export async function findUser(account: Account, pool: string, email: string): Promise<PoolUser | undefined> {
  const Filter = `email = "${email.replace(/["\\]/g, '\\$&')}"`;
  const { Users: found } = await account.json(
    'cognito-idp',
    TARGET,
    'ListUsers',
    { UserPoolId: pool, Filter },
    Users,
  );
  const [user, other] = found;
  if (user === undefined) return undefined;
  if (other !== undefined)
    throw notOne(`two users of the pool have the address ${email}`, 'Delete or change one of them.');
  if (user.Enabled === false)
    throw notOne(`the user ${user.Username} is disabled`, 'Enable it, or name another person with --email.');
  return { username: user.Username, sub: subIn(user.Attributes) };
}

/**
 * Creates a user, who is sent a mail with a first password. Where the name is taken since the pool was looked at, it has to be by the same
 * person.
 */
export async function createUser(account: Account, pool: string, email: string): Promise<PoolUser> {
  // A name must not look like an address in a pool where addresses sign in.
  const Username = email.replace('@', '.');
  const body = {
    UserPoolId: pool,
    Username,
    DesiredDeliveryMediums: ['EMAIL'],
    UserAttributes: [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ],
  };
  try {
    const { User } = await account.json('cognito-idp', TARGET, 'AdminCreateUser', body, Created);
    return { username: User.Username, sub: subIn(User.Attributes) };
  } catch (error) {
    if (!isRefused(error, 'UsernameExistsException')) throw error;
    const there = await findUser(account, pool, email);
    if (there !== undefined) return there;
    throw notOne(
      `the pool has a user ${Username} with another address`,
      'Name another address with --email.',
    );
  }
}

const subIn = (attributes: z.infer<typeof Attributes>): string => {
  const sub = attributes.find(({ Name }) => Name === 'sub')?.Value;
  if (sub === undefined) throw notOne('a user of the pool has no `sub`', 'Is this the pool of Sluice?');
  return sub;
};

const notOne = (message: string, hint: string): Failure =>
  new Failure('user_unfit', EXIT.other, message, { hint });
