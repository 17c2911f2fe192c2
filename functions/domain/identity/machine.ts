import * as z from 'zod/mini';
import { Id, Line } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';
import { ACCESS, Grants } from './member.ts';

export const AWS_ACCOUNT = z
  .string()
  .check(z.regex(/^[0-9]{12}$/, 'must be the 12 digits of an AWS account'));
export const IAM_ROLE = z.string().check(z.regex(/^[\w+=,.@-]{1,64}$/, 'must be the name of an IAM role'));
export const IAM_UNIQUE_ID = z
  .string()
  .check(z.regex(/^[A-Z0-9]{4,128}$/, 'must be the unique id of an IAM role, such as AROA…'));

/** An IAM role that may call for a tenant: found by account, role name and the role's unique id, never by session name. */
export const machine = noun({
  input: {
    id: z.exactOptional(Id).check(z.describe('Its id; absent: a new one.')),
    name: Line.check(z.describe('What people call it.')),
    account: AWS_ACCOUNT.check(z.describe('The AWS account of its role.')),
    role: IAM_ROLE.check(z.describe('The name of its IAM role.')),
    unique_id: IAM_UNIQUE_ID.check(
      z.describe('The unique id of the role (`AROA…`): a role made again under the same name is another.'),
    ),
    owner: Id.check(z.describe('The subject of the member who answers for it.')),
    ...ACCESS.input,
  },
  managed: { ...ACCESS.managed, id: z.string().check(z.describe('Its id.')) },
  internal: { grants: Grants },
  computed: ACCESS.computed,
});

export interface MachineIdentity extends Item<typeof machine> {}

/** What callers say of a machine, its defaults filled in. */
export interface MachineFields extends Said<typeof machine> {}
