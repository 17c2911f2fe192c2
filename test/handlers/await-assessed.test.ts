import { describe, expect, it } from 'vitest';
import { assess } from '../../functions/use-cases/workflow/assess.ts';
import { type AwaitDeps, awaitWake } from '../../functions/use-cases/workflow/await-wake.ts';
import { ACME, type World } from './api-world.ts';
import { answering, asking, assessed, listening, providers, says } from './providers-world.ts';

listening();

const FAILS = says({ status: 'FAILED', reason_code: 'too_slow' });
const TOKEN = {
  token: 't',
  attempt: 1,
  entered_time: '2026-11-21T09:00:00.000Z',
  retry_count: 0,
  state: 'await',
} as const;

/** Notes what wakes an execution that waits, as long as it does. */
function waking(world: World): string[] {
  const woken: string[] = [];
  Object.assign(world.deps.workflow, {
    start: async () => 'started',
    wake: async (_: string, __: unknown, next: string) => {
      woken.push(next);
      return woken.length === 1 ? 'woken' : 'gone';
    },
  });
  return woken;
}

/** The step's dependencies, in which something happens before one of its two calls. */
function having(deps: AwaitDeps, before: 'put' | 'read', act: () => Promise<unknown>): AwaitDeps {
  const first = async (call: 'put' | 'read') => {
    if (call === before) await act();
  };
  return {
    ...deps,
    tokens: {
      ...deps.tokens,
      put: async (...args) => {
        await first('put');
        return deps.tokens.put(...args);
      },
    },
    promotions: {
      ...deps.promotions,
      read: async (...args) => {
        await first('read');
        return deps.promotions.read(...args);
      },
    },
  };
}

describe('a workflow that is about to wait', () => {
  it.each(['put', 'read', 'never'] as const)(
    'hears at once that somebody wants its promotion assessed again (before its call: %s)',
    async (when) => {
      answering(FAILS);
      const { world, id, path } = await asking({});
      const woken = waking(world);
      const ref = { tenant: ACME, id };
      const { next, seen } = await assess({ ...world.deps, providers }, ref);
      expect(next).toBe('await');
      const validate = async () =>
        expect(await world.as('dev')('POST', `${path}/validate`)).toMatchObject({
          status: 200,
          body: { reason_code: 'provider_asked_again' },
        });
      if (when === 'never') {
        await awaitWake(world.deps, ref, TOKEN, seen);
        expect(woken).toEqual([]);
        await validate();
      } else await awaitWake(having(world.deps, when, validate), ref, TOKEN, seen);
      expect(woken[0]).toBe('assess');
      expect(await assessed(world, id)).toBe('await');
    },
  );

  it('waits where Assess has seen all there is: what cannot be assessed now is not assessed for ever', async () => {
    const { world, id } = await asking({});
    const woken = waking(world);
    const ref = { tenant: ACME, id };
    const { state } = (await world.deps.promotions.read(ACME, id)) ?? {};
    // Its provider is still to be asked: by what stands there alone, it would be assessed.
    await awaitWake(world.deps, ref, TOKEN, state?.seq);
    expect(woken).toEqual([]);
    await awaitWake(world.deps, ref, TOKEN, (state?.seq ?? 0) - 1);
    expect(woken).toEqual(['assess']);
  });
});
