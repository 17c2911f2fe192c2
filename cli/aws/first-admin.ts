import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import { readContexts, writeContexts } from '../login/contexts.ts';
import { serverUrl } from '../login/settings.ts';
import type { Terminal } from '../terminal.ts';
import type { Account } from './account.ts';
import type { Step } from './first-day.ts';
import { createUser, findUser } from './people.ts';
import { type Admins, invokeSeed } from './seeding.ts';
import type { SluiceStack } from './stack.ts';

type Where = { readonly terminal: Terminal; readonly account: Account; readonly stack: SluiceStack };
type Asked = {
  readonly email: string;
  readonly tenant: string;
  readonly admins: Admins;
  /** A name for the context; undefined: the host of the server. */
  readonly context: string | undefined;
};
type Plan = {
  readonly steps: readonly Step[];
  /** Does what is planned, and says who is an admin then. */
  act(): Promise<{ readonly steps: readonly Step[]; readonly admins: Admins }>;
};

/** Plans what makes a person an admin who can sign in. What is there already is taken and not changed. */
export async function planFirstAdmin({ terminal, account, stack }: Where, asked: Asked): Promise<Plan> {
  const { email, tenant, admins } = asked;
  const pool = stack.outputs.UserPoolId;
  const user = await findUser(account, pool, email);
  const url = serverUrl(stack.url);
  const context = asked.context ?? new URL(url).host;
  const kept = (await readContexts(terminal)).contexts[context];
  if (kept !== undefined && serverUrl(kept.url) !== url) {
    throw new Failure(
      'context_taken',
      EXIT.usage,
      `the context ${context} is of another server, ${kept.url}`,
      {
        hint: 'Name another one with --name.',
      },
    );
  }
  const isAdmin = user !== undefined && admins?.includes(user.sub) === true;
  const step = (name: string, done: string | undefined, would: string): Step => ({
    step: name,
    state: done === undefined ? 'planned' : 'done',
    detail: done ?? would,
    command: null,
  });
  return {
    steps: [
      step(
        'user',
        user && `${user.username} is there`,
        `create ${email} in the pool ${pool}; Cognito sends the first password`,
      ),
      step(
        'admin',
        isAdmin ? `${email} administers ${tenant}` : undefined,
        `make ${email} an admin of the tenant ${tenant}`,
      ),
      step('context', kept && `${context} is there`, `add the context ${context} for ${url}`),
    ],
    async act() {
      const person = user ?? (await createUser(account, pool, email));
      const founder = { tenant_id: tenant, user_id: person.sub, email, roles: ['admin' as const] };
      const now = isAdmin
        ? admins
        : await invokeSeed(account, stack, { people: [founder], admins_of: tenant });
      if (now !== undefined && !now.includes(person.sub)) {
        throw new Failure(
          'not_admin',
          EXIT.not_authorized,
          `${email} is a member of ${tenant} without being its admin`,
          {
            hint: 'What an admin has set is not changed here: another admin of the tenant gives the role.',
          },
        );
      }
      if (kept === undefined) await addContext(terminal, context, { url, tenant });
      const done = (name: string, detail: string) => step(name, detail, '');
      return {
        admins: now,
        steps: [
          done('user', `${person.username}, ${user === undefined ? 'created' : 'was there'}`),
          done('admin', `${email} administers ${tenant}`),
          done('context', `${context}, ${kept === undefined ? 'added' : 'was there'}`),
        ],
      };
    },
  };
}

async function addContext(
  terminal: Terminal,
  name: string,
  context: { url: string; tenant: string },
): Promise<void> {
  const { current = name, contexts } = await readContexts(terminal);
  await writeContexts(terminal, { current, contexts: { ...contexts, [name]: context } });
}
