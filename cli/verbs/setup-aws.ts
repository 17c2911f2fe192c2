import { Command } from 'commander';
import * as z from 'zod/mini';
import { EMail, Id } from '../../functions/domain/fields.ts';
import { openAccount } from '../aws/account.ts';
import { planFirstAdmin } from '../aws/first-admin.ts';
import { lookAtFirstDay, quoted, Step } from '../aws/first-day.ts';
import { askAdmins } from '../aws/seeding.ts';
import { readStack } from '../aws/stack.ts';
import { EXIT } from '../exit.ts';
import { Failure, misused } from '../failure.ts';
import type { Outcome } from '../output/print.ts';
import type { Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import type { Bind } from '../verb.ts';

const Given = z.object({
  stack: z._default(
    z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9-]{0,127}$/, 'is no name of a stack')),
    'Sluice',
  ),
  region: z.optional(z.string()),
  profile: z.optional(z.string()),
  email: z.optional(EMail),
  name: z.optional(z.string()),
  check: z._default(z.boolean(), false),
  yes: z._default(z.boolean(), false),
});
type Given = z.infer<typeof Given>;

const Answer = z.object({
  stack: z.string(),
  account: z.string(),
  region: z.string(),
  url: z.string(),
  /** False: this was a dry run, or only looked. */
  written: z.boolean(),
  missing: z.number(),
  steps: z.array(Step),
});
type Answer = z.infer<typeof Answer>;

/** `sluice setup aws`: the first admin of an installation in an account, and what else its first day needs. */
export const setupAws = (bind: Bind): Command =>
  bind(
    new Command('aws')
      .description(
        'create the first admin of an installation in an account, and say what its first day needs; a dry run without --yes',
      )
      .option('--stack <name>', 'the stack of the installation (default: Sluice)')
      .option('--region <region>', 'its region (AWS_REGION)')
      .option('--profile <profile>', 'a profile of the AWS files')
      .option('--email <address>', 'who becomes an admin of --tenant, and gets a mail with a first password')
      .option('--name <name>', 'name of the context (default: the host of the server)')
      .option('--check', 'only look; exits with 0 where nothing is missing')
      .option('--yes', 'do it'),
    {
      given: Given,
      answer: Answer,
      examples: [
        'sluice setup aws --region eu-central-1 --tenant acme --email ada@example.com',
        'sluice setup aws --region eu-central-1 --tenant acme --email ada@example.com --yes',
        'sluice setup aws --region eu-central-1 --tenant acme --check',
      ],
      run: (given, session) => setUp(given, session),
    },
  );

async function setUp(given: Given, session: Session): Promise<Outcome & { readonly data: Answer }> {
  const { terminal } = session;
  const { stack: name, check, yes, email } = given;
  const region = regionOf(given, terminal);
  const tenant = tenantOf(session);
  if (check && (yes || email !== undefined)) throw misused('--check only looks: leave --yes and --email out');
  if (!check && (email === undefined || tenant === undefined))
    throw misused('give --tenant and --email, or --check', 'See `sluice setup aws --help`.');
  const account = openAccount(terminal, region, given.profile);
  const stack = await readStack(account, name);
  const again = `sluice setup aws --stack ${name} --region ${region} --tenant ${tenant ?? '<tenant>'}`;
  // Everything that can be seen is seen before anything is created.
  const admins = tenant === undefined ? undefined : await askAdmins(account, stack, tenant);
  const day = (now = admins) => lookAtFirstDay({ account, stack, again, admins: now?.length });
  const answer = (steps: readonly Step[], written: boolean): Answer => ({
    ...{ stack: name, account: stack.account, region, url: stack.url, written },
    missing: steps.filter(({ state }) => state === 'missing' || state === 'unknown').length,
    steps: [...steps],
  });
  if (email === undefined || tenant === undefined) return checked(answer(await day(), false));
  const context = given.name ?? session.options.context;
  const plan = await planFirstAdmin({ terminal, account, stack }, { email, tenant, admins, context });
  const before = await day();
  if (!yes) {
    const text = 'Dry run: nothing was created.';
    return shown(
      answer([...plan.steps, ...before], false),
      text,
      `${again} --email ${quoted(email)} --yes does it.`,
    );
  }
  const done = await plan.act();
  const text = `${email} is an admin of ${tenant}.`;
  return shown(
    answer([...done.steps, ...(await day(done.admins))], true),
    text,
    `Sign in with: sluice login ${stack.url}`,
  );
}

function shown(data: Answer, text: string, hint?: string): Outcome & { readonly data: Answer } {
  const tones = { done: 'good', missing: 'bad', unknown: 'bad', planned: 'plain' } as const;
  const table = {
    columns: ['Step', 'State', 'Detail', 'What remains'],
    rows: data.steps.map(({ step, state, detail, command }) => [
      step,
      tones[state] === 'plain' ? state : { text: state, tone: tones[state] },
      detail,
      command ?? '',
    ]),
  };
  return { data, text, table, ...(hint === undefined ? {} : { hint }) };
}

function checked(data: Answer): Outcome & { readonly data: Answer } {
  const found = shown(data, `${data.missing} of ${data.steps.length} missing.`);
  if (data.missing === 0) return found;
  const names = data.steps.filter(({ state }) => state !== 'done').map(({ step }) => step);
  const failed = new Failure('not_ready', EXIT.other, `missing: ${names.join(', ')}`, {
    beside: { ...data },
  });
  return { ...found, failed };
}

function regionOf({ region }: Given, { env }: Terminal): string {
  const found = region ?? (env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || '');
  if (/^[a-z]{2}(-[a-z]+)+-\d$/.test(found)) return found;
  throw misused(
    found === '' ? 'no region is known' : `${found} is no region`,
    'Give --region, or set AWS_REGION.',
  );
}

function tenantOf({ options, terminal }: Session): string | undefined {
  const given = options.tenant ?? (terminal.env['SLUICE_TENANT'] || undefined);
  if (given === undefined) return undefined;
  const read = z.safeParse(Id, given);
  if (read.success) return read.data;
  throw misused(`--tenant: ${read.error.issues[0]?.message ?? 'is no id'}`);
}
