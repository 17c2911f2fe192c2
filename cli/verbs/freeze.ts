import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import { FreezeView, freezes, listFreezes } from '../../functions/contract/freezes.ts';
import { Instant } from '../../functions/domain/fields.ts';
import { defined } from '../defined.ts';
import type { Bind } from '../verb.ts';

const ENV = ['--env <environment>', "an environment, or '*' for all"] as const;
const one = { item: FreezeView };

/** `sluice freeze …`. */
export const freeze = (bind: Bind): Command => {
  const group = new Command('freeze').description('windows of time in which nothing executes');
  for (const verb of [list, create, remove]) group.addCommand(verb(bind));
  return group;
};

const table = (items: readonly z.infer<typeof FreezeView>[]) => ({
  columns: ['ID', 'Environment', 'Mode', 'From', 'Until', 'Repeats', 'Reason'],
  rows: items.map((it) => [
    it.id,
    it.environment,
    it.mode,
    it.starts_at,
    it.ends_at,
    it.rrule ?? '–',
    it.reason,
  ]),
});

const Listed = z.object({
  items: z.array(FreezeView),
  frozen: z.boolean(),
  next_open: z.nullable(z.string()),
  next_close: z.nullable(z.string()),
});

const list = (bind: Bind): Command =>
  bind(
    new Command('list').description('list freezes, and say whether it is frozen now').requiredOption(...ENV),
    {
      given: z.object({ env: z.string() }),
      answer: Listed,
      examples: ['sluice freeze list --env production'],
      async run({ env }, session) {
        const data = await (await session.client()).call(listFreezes, Listed, { params: { scope: env } });
        const open = data.next_open === null ? '' : ` until ${data.next_open}`;
        const close = data.next_close === null ? '' : ` The next freeze begins at ${data.next_close}.`;
        const text = data.frozen ? `${env} is frozen${open}.` : `${env} is not frozen.${close}`;
        return { data, text, table: table(data.items) };
      },
    },
  );

const create = (bind: Bind): Command =>
  bind(
    new Command('create')
      .description('freeze an environment for a window of time')
      .requiredOption(...ENV)
      .requiredOption('--reason <text>', 'why, for everyone who is stopped')
      .requiredOption('--from <instant>', 'such as 2026-12-24T00:00:00+01:00')
      .requiredOption('--until <instant>', 'such as 2026-12-27T00:00:00+01:00')
      .option('--rrule <rule>', 'when it repeats, such as FREQ=WEEKLY;BYDAY=FR (RFC 5545)')
      .option('--timezone <zone>', 'such as Europe/Berlin')
      .addOption(
        new Option('--mode <mode>', 'deny: nothing executes in it; allow: only in it').choices([
          'deny',
          'allow',
        ]),
      )
      .addOption(
        new Option('--on-due <what>', 'what becomes of what is due in it').choices(['wait', 'fail']),
      ),
    {
      given: z.object({
        env: z.string(),
        reason: z.string(),
        from: Instant,
        until: Instant,
        rrule: z.optional(z.string()),
        timezone: z.optional(z.string()),
        mode: z.optional(z.enum(['deny', 'allow'])),
        onDue: z.optional(z.enum(['wait', 'fail'])),
      }),
      tryable: true,
      answer: z.object(one),
      examples: [
        'sluice freeze create --env production --reason holidays --from 2026-12-24T00:00:00Z --until 2026-12-27T00:00:00Z',
      ],
      async run({ env, from, until, onDue, ...rest }, session) {
        const body = defined({ ...rest, starts_at: from, ends_at: until, on_due: onDue });
        const given = { params: { scope: env }, body };
        const item = await (await session.client()).call(freezes.endpoints.create, FreezeView, given);
        return { data: { item }, table: table([item]) };
      },
    },
  );

const remove = (bind: Bind): Command =>
  bind(
    new Command('delete')
      .description('delete a freeze')
      .argument('<id>', 'which one')
      .requiredOption(...ENV)
      .requiredOption('--reason <text>', 'why, for the record'),
    {
      given: z.object({ env: z.string(), id: z.string(), reason: z.string() }),
      tryable: true,
      answer: z.object({ deleted: z.string() }),
      examples: ['sluice freeze delete frz-01 --env production --reason "the release is out"'],
      async run({ env, id, reason }, session) {
        const given = { params: { scope: env, id }, query: { reason } };
        await (await session.client()).send(freezes.endpoints.remove, given);
        return { data: { deleted: id }, text: `Deleted freeze ${id}.` };
      },
    },
  );
