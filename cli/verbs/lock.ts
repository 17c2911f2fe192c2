import { Command } from 'commander';
import * as z from 'zod/mini';
import {
  EnvironmentView,
  lockEnvironment,
  lockTenant,
  unlockEnvironment,
  unlockTenant,
} from '../../functions/contract/environments.ts';
import type { Bind } from '../verb.ts';

const LockAnswer = z.object({ environment: z.string(), lock: EnvironmentView.shape.lock });
type LockAnswer = z.infer<typeof LockAnswer>;
const Locked = z.object({ lock: EnvironmentView.shape.lock });

const answer = (environment: string, { lock }: z.infer<typeof Locked>) => {
  const where = environment === '*' ? 'The whole tenant' : environment;
  const data: LockAnswer = { environment, lock };
  const text = lock === null ? `${where} is not locked.` : `${where} is locked: ${lock.reason}`;
  return { data, text };
};

/** `sluice lock`. */
export const lock = (bind: Bind): Command =>
  bind(
    new Command('lock')
      .description('stop every execution into an environment, or into all of them')
      .requiredOption('--env <environment>', "an environment, or '*' for all")
      .requiredOption('--reason <text>', 'why, for everyone who is stopped'),
    {
      given: z.object({ env: z.string(), reason: z.string() }),
      tryable: true,
      answer: LockAnswer,
      examples: ['sluice lock --env production --reason "incident 42"'],
      async run({ env, reason }, session) {
        const client = await session.client();
        const body = { reason };
        return answer(
          env,
          env === '*'
            ? await client.call(lockTenant, Locked, { body })
            : await client.call(lockEnvironment, Locked, { params: { environment: env }, body }),
        );
      },
    },
  );

/** `sluice unlock`. */
export const unlock = (bind: Bind): Command =>
  bind(
    new Command('unlock')
      .description('lift a lock')
      .requiredOption('--env <environment>', "an environment, or '*' for the lock of the whole tenant")
      .requiredOption('--reason <text>', 'why, for the record'),
    {
      given: z.object({ env: z.string(), reason: z.string() }),
      tryable: true,
      answer: LockAnswer,
      examples: ['sluice unlock --env production --reason "incident 42 is over"'],
      async run({ env, reason }, session) {
        const client = await session.client();
        const body = { reason };
        return answer(
          env,
          env === '*'
            ? await client.call(unlockTenant, Locked, { body })
            : await client.call(unlockEnvironment, Locked, { params: { environment: env }, body }),
        );
      },
    },
  );
