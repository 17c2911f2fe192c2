import { FAULTS, Fault } from '../../domain/faults.ts';
import type { Cursors } from '../../ports/cursors.ts';
import type { Deps } from '../deps.ts';
import { type AutoPromoteDeps, autoPromote, type Outcome } from './promote.ts';
import { type Position, walk } from './walk.ts';

export type EvaluateDeps = AutoPromoteDeps & Pick<Deps, 'directory'> & { readonly cursors: Cursors };

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

/**
 * Evaluates every automatic rule on what is live in its source environment: conditions on time, and whatever a lost hint left
 * undone. Stops after `most` deployments (whole pages). A store that is away ends the run with its fault; the next one
 * begins where this one did.
 */
export async function evaluateRules(
  deps: EvaluateDeps,
  input: { readonly most: number },
): Promise<Evaluation> {
  const kept = await deps.cursors.read(WALK);
  const outcomes: Outcome[] = [];
  const faults: { about: string; error: unknown }[] = [];
  const passOver = (about: string, error: unknown) => {
    if (error instanceof Fault && FAULTS[error.name].retry) throw error;
    faults.push({ about, error });
  };
  let deployments = 0;
  let stopped: Position | undefined;
  for await (const batch of walk(deps, parsePosition(kept), passOver)) {
    if (deployments >= input.most) {
      stopped = batch.at;
      break;
    }
    for (const deployment_id of batch.deployments) {
      deployments += 1;
      const { tenant, rules } = batch;
      try {
        outcomes.push(...(await autoPromote(deps, { tenant, deployment_id, rules })));
      } catch (error) {
        passOver(`${tenant} ${deployment_id}`, error);
      }
    }
  }
  const position = stopped === undefined ? undefined : JSON.stringify(stopped);
  if (position !== kept) await deps.cursors.write(WALK, position);
  return { deployments, outcomes, faults, unfinished: stopped !== undefined };
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
