import fc from 'fast-check';
import { expect } from 'vitest';
import type { Evidence } from '../../../functions/domain/gates/evidence.ts';
import { verifyChain } from '../../../functions/domain/promotion/history.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import { interleave, oneByOne, type Run, schedules, serialOrders } from '../../support/interleave.ts';
import { replayWritten } from '../../support/replay-written.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { type STORES, TENANT, type World } from '../deployments/world.ts';
import { AGENT, goesOn, type Open, outcome, promotionOf, type Scene } from './scene.ts';

/** One race: how it is set up, and what must hold after any interleaving of it. */
export type Race<V> = {
  readonly setUp: (open: Open, variant: V) => Promise<Scene>;
  readonly invariant: (after: After, variant: V) => void;
};
export type After = {
  readonly run: Run;
  readonly world: World;
  readonly state: PromotionState | undefined;
  readonly events: readonly { readonly type: string; readonly at: string; readonly actor: string }[];
  /** Every report about what is promoted. */
  readonly evidence: readonly Evidence[];
  /** How often the target's head was swapped. */
  readonly swaps: number;
};

/** Everything a scene came to, for its invariant. */
async function after({ world, deps }: Scene, run: Run): Promise<After> {
  const state = await promotionOf(deps);
  const stored = state === undefined ? [] : await deps.promotions.events(TENANT, state.id);
  if (state !== undefined) expect(verifyChain(stored)).toBeUndefined();
  const target = state === undefined ? [] : await deps.heads.ofSubject(TENANT, AGENT);
  return {
    run,
    world,
    state,
    events: stored.map(({ event, at, actor }) => ({ type: event.type, at, actor: actor.subject })),
    evidence: state === undefined ? [] : await deps.evidence.about(TENANT, state.seal.manifest.source.digest),
    swaps: target.find(({ slot }) => slot.environment === state?.target_environment)?.revision ?? 0,
  };
}

/**
 * Runs generated interleavings of a race. Each must satisfy the race's invariant, and be answered and end as some serial order of the
 * same acts is and does; an act whose process died has happened or has not. A failure is printed with its seed and shrunk to few turns.
 */
export async function explore<V>(
  race: Race<V>,
  { open, variants, runs, crashing }: Exploration<V>,
): Promise<{ readonly runs: number; readonly distinct: number }> {
  const serial = serialOutcomes(race);
  const seen = new Set<string>();
  let ran = 0;
  const { actors } = await race.setUp(memoryStores, variants[0]);
  const property = fc.asyncProperty(
    fc.constantFrom(...variants),
    schedules(actors.length, crashing),
    async (variant, schedule) => {
      const opened = await open();
      try {
        const scene = await race.setUp(opened.stores, variant);
        const run = await interleave(scene.deps, scene.actors, schedule);
        ran += 1;
        seen.add(`${JSON.stringify(variant)} ${run.trace.join()}`);
        await goesOn(scene.deps);
        const came = await after(scene, run);
        race.invariant(came, variant);
        await replayWritten();
        const ended = await outcome(scene);
        const allowed = await serial(variant, run.answers);
        if (!allowed.has(told(run.answers, ended))) {
          const events = came.events.map(({ type }) => type).join(' ');
          throw new Error(`no serial order gives ${told(run.answers, ended)} (${events})`);
        }
      } finally {
        await opened.stop();
      }
    },
  );
  await fc.assert(property, { numRuns: runs });
  return { runs: ran, distinct: seen.size };
}

type Exploration<V> = {
  readonly open: (typeof STORES)[number]['open'];
  readonly variants: readonly [V, ...V[]];
  readonly runs: number;
  /** The actor whose process may end at any call. */
  readonly crashing?: number;
};

/** Stores that leave one kind of write out of every commit: what an interleaving must then find. */
export function without(left: Write['write']): Exploration<unknown>['open'] {
  return async () => ({
    stores: (now) => {
      const stores = memoryStores(now);
      const { commit } = stores.transactions;
      const holed: typeof commit = (tenant, writes) =>
        commit(
          tenant,
          writes.filter(({ write }) => write !== left),
        );
      return { ...stores, transactions: { commit: holed } };
    },
    stop: async () => {},
  });
}

/** What the serial orders of a variant come to, worked out once; `answers` says how many acts of each actor were answered. */
function serialOutcomes<V>(race: Race<V>) {
  const known = new Map<string, Promise<ReadonlySet<string>>>();
  return (variant: V, answers: Run['answers']): Promise<ReadonlySet<string>> => {
    const answered = answers.map(({ length }) => length);
    const key = JSON.stringify([variant, answered]);
    const found = known.get(key) ?? workOut(race, variant, answered);
    known.set(key, found);
    return found;
  };
}

async function workOut<V>(
  race: Race<V>,
  variant: V,
  answered: readonly number[],
): Promise<ReadonlySet<string>> {
  const { actors } = await race.setUp(memoryStores, variant);
  const found = new Set<string>();
  // The act after the last answered one of a dead actor may have taken effect, unanswered.
  const begun = actors.map((acts, actor) => Math.min(acts.length, (answered[actor] ?? 0) + 1));
  for (const acts of [answered, begun]) {
    for (const order of serialOrders(acts)) {
      const scene = await race.setUp(memoryStores, variant);
      const answers = await oneByOne(scene.deps, scene.actors, order);
      await goesOn(scene.deps);
      const heard = answers.map((each, actor) => each.slice(0, answered[actor]));
      found.add(told(heard, await outcome(scene)));
    }
  }
  return found;
}

const told = (answers: Run['answers'], ended: string) => `${JSON.stringify(answers)} ${ended}`;
