import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { isRefusal } from '../../functions/domain/refusal.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import type { Deps } from '../../functions/use-cases/deps.ts';

/** One use case as somebody calls it. */
export type Act<D extends Deps> = (deps: D) => Promise<unknown>;

/** Whose call to a store goes next, and how many of that actor's before anybody else's. */
export type Turn = { readonly actor: number; readonly calls: number };

/** `crash`: an actor whose process ends after so many calls. */
export type Schedule = { readonly turns: readonly Turn[]; readonly crash?: Turn };

export type Run = {
  /** What each act of each actor answered: a status, a refusal's code, a fault's name; fewer than acts where an actor died. */
  readonly answers: readonly (readonly string[])[];
  /** `0 promotions.read`: every call in the order they took effect. */
  readonly trace: readonly string[];
  /** What was committed, in order. */
  readonly commits: readonly { readonly actor: number; readonly writes: readonly Write[] }[];
};

/** Calls after which nobody gets on any more. */
const LIVELOCK = 3_000;

/** Milliseconds after which an actor that calls nothing never will; many, for a busy machine. */
const PATIENCE = 60_000;

/**
 * Runs actors side by side on one store, one call at a time, in the order that the schedule says: it owns every await of every port
 * of the stores, so a schedule is the whole interleaving and gives the same run each time. What the schedule leaves open goes actor by actor.
 */
export async function interleave<D extends Deps>(
  deps: D,
  actors: readonly (readonly Act<D>[])[],
  { turns, crash }: Schedule,
): Promise<Run> {
  const waiting = actors.map((): (() => Promise<void>)[] => []);
  const answers = actors.map((): string[] => []);
  const trace: string[] = [];
  const commits: { actor: number; writes: readonly Write[] }[] = [];
  const ended = actors.map(() => false);

  const turn = <T>(actor: number, name: string, call: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting[actor]?.push(async () => {
        trace.push(`${actor} ${name}`);
        await call().then(resolve, reject);
      });
    });
  const live = async (acts: readonly Act<D>[], actor: number) => {
    const own = paced(deps, (name, call) => turn(actor, name, call));
    const { commit } = own.transactions;
    const transactions: Deps['transactions'] = {
      async commit(tenant, writes) {
        const result = await commit(tenant, writes);
        if (result.committed) commits.push({ actor, writes });
        return result;
      },
    };
    for (const act of acts) {
      await turn(actor, 'begin', async () => {});
      answers[actor]?.push(await answerOf(act({ ...own, transactions })));
    }
    ended[actor] = true;
  };

  const failed: unknown[] = [];
  for (const [actor, acts] of actors.entries()) live(acts, actor).catch((error) => failed.push(error));
  const left = turns.map((each) => ({ ...each }));
  const made = actors.map(() => 0);
  const alive = (actor: number) => actor !== crash?.actor || (made[actor] ?? 0) < crash.calls;
  const ready = (actor: number) => alive(actor) && (waiting[actor]?.length ?? 0) > 0;
  const everybody = actors.map((_, actor) => actor);
  const busy = () => everybody.some((actor) => alive(actor) && !ended[actor] && !ready(actor));
  for (;;) {
    await quiet();
    // An actor between two calls may be loading a module, which takes more than one round of the event loop.
    for (let rounds = 0; failed.length === 0 && busy(); rounds += 1) {
      if (rounds > PATIENCE) throw new Error('an actor waits for something that no store answers');
      await pause(1);
    }
    if (failed.length > 0) throw failed[0];
    while (left[0] !== undefined && (left[0].calls === 0 || !ready(left[0].actor))) left.shift();
    const [next] = left;
    if (next !== undefined) next.calls -= 1;
    const actor = next?.actor ?? everybody.find(ready);
    if (actor === undefined) break;
    made[actor] = (made[actor] ?? 0) + 1;
    if (trace.length > LIVELOCK) throw new Error(`nobody gets on: ${trace.slice(-20).join(', ')}`);
    await waiting[actor]?.shift()?.();
  }
  return { answers, trace, commits };
}

/** Every order in which the acts of several actors can be called one after the other, as schedules of whole acts. */
export function serialOrders(acts: readonly number[]): readonly (readonly number[])[] {
  if (acts.every((left) => left === 0)) return [[]];
  return acts.flatMap((left, actor) => {
    if (left === 0) return [];
    const rest = acts.map((each, other) => (other === actor ? each - 1 : each));
    return serialOrders(rest).map((order) => [actor, ...order]);
  });
}

/** Calls the acts one after the other, in an order of actors: what each answered. */
export async function oneByOne<D extends Deps>(
  deps: D,
  actors: readonly (readonly Act<D>[])[],
  order: readonly number[],
): Promise<Run['answers']> {
  const answers = actors.map((): string[] => []);
  for (const actor of order) {
    const act = actors[actor]?.[answers[actor]?.length ?? 0];
    if (act !== undefined) answers[actor]?.push(await answerOf(act(deps)));
  }
  return answers;
}

/**
 * Schedules of so many actors: stretches of the first, of any length, between a few calls of the others. By convention the first is the
 * one with the most calls, so that the others fall anywhere among them.
 */
export function schedules(actors: number, crashing?: number): fc.Arbitrary<Schedule> {
  const turns = fc
    .array(
      fc.tuple(
        fc.noBias(fc.integer({ min: 0, max: 20 })),
        fc.integer({ min: 1, max: actors - 1 }),
        fc.noBias(fc.integer({ min: 1, max: 4 })),
      ),
      { maxLength: 8, size: 'max' },
    )
    .map((stretches) =>
      stretches.flatMap(([first, actor, calls]) => [
        { actor: 0, calls: first },
        { actor, calls },
      ]),
    );
  if (crashing === undefined) return fc.record({ turns });
  const crash = fc.record({ actor: fc.constant(crashing), calls: fc.integer({ min: 1, max: 24 }) });
  return fc.record({ turns, crash }, { requiredKeys: ['turns'] });
}

async function answerOf(answer: Promise<unknown>): Promise<string> {
  try {
    const value = await answer;
    if (typeof value !== 'object' || value === null) return String(value);
    if ('refused' in value && isRefusal(value)) return value.refused;
    return 'status' in value ? String(value.status) : 'done';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

/** Everything that was let go has come to its next call: only calls to stores wait for anything but microtasks. */
const quiet = () => new Promise<void>((resolve) => setImmediate(resolve));

type Turns = <T>(name: string, call: () => Promise<T>) => Promise<T>;

function paced<D extends Deps>(deps: D, turn: Turns): D {
  const port = <T extends object>(name: string, store: T): T =>
    new Proxy(store, {
      get(target, member) {
        const method = Reflect.get(target, member);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) =>
          turn(`${name}.${String(member)}`, async () => Reflect.apply(method, target, args));
      },
    });
  return {
    ...deps,
    transactions: port('transactions', deps.transactions),
    promotions: port('promotions', deps.promotions),
    workflowRecords: port('workflowRecords', deps.workflowRecords),
    tokens: port('tokens', deps.tokens),
    heads: port('heads', deps.heads),
    deployments: port('deployments', deps.deployments),
    catalog: port('catalog', deps.catalog),
    evidence: port('evidence', deps.evidence),
    directory: port('directory', deps.directory),
    denials: port('denials', deps.denials),
    changes: port('changes', deps.changes),
    unblockRecords: port('unblockRecords', deps.unblockRecords),
    sleep: () => turn('sleep', async () => {}),
  };
}
