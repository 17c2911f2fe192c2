import * as z from 'zod/mini';
import type { CommandDeps } from '../../use-cases/engine/run-command.ts';
import { fire } from '../../use-cases/workflow/fire.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireDriving } from '../wiring/wiring.ts';

const id = z.string().check(z.regex(/^[A-Za-z0-9._-]{1,128}$/));
/** What a schedule carries; `at` is what it was set for, and only told to the log. */
const Timer = z.object({ tenantId: id, promotionId: id, at: z.string().check(z.maxLength(64)) });

/** The timer of one promotion. A fault fails the invocation, which is then repeated; the sweep does it in any case. */
export function fireHandler(wired: () => CommandDeps, log: Log): (event: unknown) => Promise<void> {
  let deps: CommandDeps | undefined;
  return async (event) => {
    const { tenantId, promotionId, at } = z.parse(Timer, event);
    log.about({ tenant: tenantId, promotion: promotionId });
    deps ??= wired();
    const fired = await fire(deps, { tenant: tenantId, id: promotionId });
    log.info('fired', { set_for: at, fired });
  };
}

export const handler = fireHandler(() => wireDriving(readEnvironment()), openLog());
