import { FAULTS, Fault } from '../../domain/faults.ts';
import type { DeploymentStore } from '../../ports/deployment-store.ts';
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
const UNCOUNTED = 'evaluate-rules.uncounted';

const PAGE = 100;

/**
 * Asks every automatic rule about what is live in its source environment and may have another answer than before: what was written since
 * (a lost hint among it), what time turns now, and, where a rule or a gateway changed, everything. Stops after `most` deployments of
 * either (whole pages). A store that is away ends the run with its fault; the next one begins where this one did.
 */
export async function evaluateRules(
  deps: EvaluateDeps,
  input: { readonly most: number },
): Promise<Evaluation> {
  const faults: { about: string; error: unknown }[] = [];
  const faulty = new Set<string>();
  const passOver = (tenant: string, error: unknown, deployment = '') => {
    if (error instanceof Fault && FAULTS[error.name].retry) throw error;
    faulty.add(tenant);
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
  const pages = async (list: DeploymentStore['uncounted'], from: string | undefined) => {
    for (let after = from, seen = 0; ; ) {
      if (seen >= most) return after;
      const page = await list(until, { limit: PAGE, ...(after === undefined ? {} : { after }) });
      for (const ref of page.items) await run.listed(ref);
      seen += page.items.length;
      after = page.next;
      if (after === undefined) return undefined;
    }
  };
  const due = await pages(evaluations.due, undefined);
  // What is evaluated stays in this list until it is counted, so that a run goes on where the last one stopped.
  const kept = await cursors.read(UNCOUNTED);
  const written = await pages(deployments.uncounted, kept);
  if (written !== kept) await cursors.write(UNCOUNTED, written);
  return due !== undefined || written !== undefined;
}

type Scan = Omit<ReturnType<typeof evaluationRun>, 'outcomes' | 'listed' | 'deployments'> & {
  unreadable(tenant: string, error: unknown): void;
  isFaulty(tenant: string): boolean;
};

/** Everything that is live in tenants where a rule or a gateway changed; whether some of it is left. */
async function evaluateChanged(deps: EvaluateDeps, most: number, scan: Scan): Promise<boolean> {
  const kept = await deps.cursors.read(WALK);
  let stopped: Position | undefined;
  let scanned = 0;
  for await (const { at, tenant, deployments } of walk(deps, parsePosition(kept), scan)) {
    if (scanned >= most) {
      stopped = at;
      break;
    }
    scanned += deployments.length;
    for (const id of deployments) await scan.live({ tenant, id });
  }
  const position = stopped === undefined ? undefined : JSON.stringify(stopped);
  if (position !== kept) await deps.cursors.write(WALK, position);
  return stopped !== undefined;
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
