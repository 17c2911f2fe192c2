import { FAULTS, Fault } from '../../domain/faults.ts';
import type { DeploymentStore } from '../../ports/deployment-store.ts';
import { inTurn } from '../in-turn.ts';
import { type EvaluateDeps, evaluationRun } from './evaluation-run.ts';
import type { Outcome } from './promote.ts';
import { type Position, walk } from './walk.ts';

/** What one run did. `unfinished`: it stopped at its bound, and the next run goes on from there. */
export type Evaluation = {
  readonly deployments: number;
  readonly outcomes: readonly Outcome[];
  /** What could not be evaluated; everything else was. */
  readonly faults: readonly { readonly about: string; readonly error: unknown }[];
  readonly unfinished: boolean;
};

/** The scan's name among the cursors. */
export const WALK = 'evaluate-rules';
const DUE = 'evaluate-rules.due';
const UNCOUNTED = 'evaluate-rules.uncounted';

/** What a run does of each list at least. */
const PAGE = 100;

/**
 * Asks every automatic rule about what is live in its source environment and may have another answer than before: what was written since
 * (a lost hint among it), what time turns now, and, where a rule or a gateway changed, everything. Stops after `most` deployments of
 * either (whole pages). A store that is away ends the run with its fault; the next one begins behind what it failed at.
 */
export async function evaluateRules(
  deps: EvaluateDeps,
  input: { readonly most: number },
): Promise<Evaluation> {
  const faults: { about: string; error: unknown }[] = [];
  const faulty = new Set<string>();
  const passOver = (tenant: string, error: unknown, deployment = '') => {
    faulty.add(tenant);
    if (error instanceof Fault && FAULTS[error.name].retry) throw error;
    faults.push({ about: `${tenant} ${deployment}`.trim(), error });
  };
  const run = evaluationRun(deps, passOver);
  const left = await evaluateDue(deps, input.most, run);
  const scanned = await evaluateChanged(deps, input.most, {
    ...run,
    unreadable: passOver,
    isFaulty: (tenant) => faulty.has(tenant),
  });
  return {
    deployments: run.deployments(),
    outcomes: run.outcomes,
    faults,
    unfinished: left || scanned,
  };
}

/** What falls due, and what was written; whether some of it is left. */
async function evaluateDue(
  {
    deployments,
    evaluations,
    clock,
    cursors,
  }: Pick<EvaluateDeps, 'deployments' | 'evaluations' | 'clock' | 'cursors'>,
  most: number,
  run: ReturnType<typeof evaluationRun>,
): Promise<boolean> {
  const until = clock.now();
  const all = async (name: string, list: DeploymentStore['uncounted']) => {
    const refs = inTurn(cursors, name, (page) => list(until, page));
    try {
      for (let seen = 0; seen < Math.max(most, PAGE); seen += 1) {
        const ref = await refs.next();
        if (ref === undefined) break;
        await run.listed(ref);
      }
    } catch (error) {
      await refs.stop();
      throw error;
    }
    return await refs.stop();
  };
  const due = await all(DUE, evaluations.due);
  // What is evaluated stays in this list until it is counted.
  const written = await all(UNCOUNTED, deployments.uncounted);
  return due || written;
}

type Scan = Omit<ReturnType<typeof evaluationRun>, 'outcomes' | 'listed' | 'deployments'> & {
  unreadable(tenant: string, error: unknown): void;
  isFaulty(tenant: string): boolean;
};

/** Everything that is live in tenants where a rule or a gateway changed; whether some of it is left. */
async function evaluateChanged(deps: EvaluateDeps, most: number, scan: Scan): Promise<boolean> {
  const kept = await deps.cursors.read(WALK);
  const batches = walk(deps, parsePosition(kept), scan);
  const stopAt = async (at: Position | undefined) => {
    const position = at === undefined ? undefined : JSON.stringify(at);
    if (position !== kept) await deps.cursors.write(WALK, position);
    return at !== undefined;
  };
  for (let scanned = 0; ; ) {
    const { value } = await batches.next();
    if (value === undefined || scanned >= most) return await stopAt(value?.at);
    const { tenant, deployments } = value;
    scanned += deployments.length;
    try {
      for (const id of deployments) await scan.live({ tenant, id });
    } catch (error) {
      await stopAt((await batches.next()).value?.at);
      throw error;
    }
  }
}

/** A position that cannot be read is the beginning: nothing is lost by evaluating again. */
function parsePosition(kept: string | undefined): Position | undefined {
  if (kept === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(kept);
    if (typeof value !== 'object' || value === null) return undefined;
    const { tenant, environment } = textsOf(value);
    if (tenant === undefined || environment === undefined) return undefined;
    return { ...textsOf(value), tenant, environment };
  } catch {
    return undefined;
  }
}

function textsOf(value: object): { [name in keyof Position]?: string } {
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
}
