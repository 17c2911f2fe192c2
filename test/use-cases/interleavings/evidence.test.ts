import { describe, expect, it } from 'vitest';
import { evidenceDigest } from '../../../functions/domain/gates/judge-gate.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import { submitEvidence } from '../../../functions/use-cases/evidence/submit.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { validatePromotion } from '../../../functions/use-cases/promotions/validate.ts';
import { assess } from '../../../functions/use-cases/workflow/assess.ts';
import type { Act } from '../../support/interleave.ts';
import { times } from '../../support/length.ts';
import { STORES, TENANT, type World } from '../deployments/world.ts';
import { DEV } from '../promotions/people.ts';
import { asked, sure } from '../promotions/stage.ts';
import { explore, type Race, without } from './explore.ts';
import { AGENT, promotionOf, type SceneDeps, sceneWorld, step } from './scene.ts';

/** What judges while reports arrive: a request, a person who asks for it, the workflow's step, or an execution of what had passed. */
type Variant = {
  readonly by: 'request' | 'person' | 'step' | 'execution';
  readonly reports: readonly boolean[];
};

const REQUEST = {
  kind: 'agent',
  agent_id: AGENT.name,
  source_deployment_id: 'dep-1',
  target_gateway_id: 'gw-staging',
  target_environment: 'staging',
} as const;

/** Staging asks agents for tests, and nobody for approval. */
async function asking(world: World): Promise<void> {
  const staging = await world.deps.catalog.item(TENANT, 'environment', 'staging');
  if (staging === undefined) throw new Error('no staging');
  const gates = [{ name: 'tests', mode: 'block', applies_to: ['agent'] }] as const;
  const item = { ...staging, gates, version: staging.version + 1 };
  await world.commit({ write: 'catalog', entry: { type: 'environment', item }, expected: staging.version });
}

const race: Race<Variant> = {
  async setUp(open, { by, reports }) {
    const { world, deps } = await sceneWorld(open, 'development', 'staging', 'record');
    await asking(world);
    const source = await deps.deployments.read(TENANT, 'dep-1');
    if (source === undefined) throw new Error('nothing is live');
    const report =
      (passed: boolean, minute: number): Act<SceneDeps> =>
      (own) =>
        submitEvidence(own, {
          principal: DEV,
          submission: {
            gate: 'tests',
            format: 'json',
            subject_digest: source.digest,
            produced_at: `2026-03-01T08:0${minute}:00.000Z`,
            document: { passed },
          },
        });
    const request: Act<SceneDeps> = (own) => createPromotion(own, { ...asked(REQUEST), execution: 'manual' });
    const id = async (own: SceneDeps) => (await promotionOf(own))?.id ?? '';
    const execute: Act<SceneDeps> = async (own) =>
      executePromotion(own, { principal: DEV, id: await id(own) });
    if (by === 'execution') await report(true, 0)(deps);
    if (by !== 'request') sure(await createPromotion(deps, { ...asked(REQUEST), execution: 'manual' }));
    const judging: { readonly [by in Variant['by']]: Act<SceneDeps> } = {
      request,
      person: async (own) => validatePromotion(own, { principal: DEV, id: await id(own) }),
      step: async (own) => assess(own, { tenant: TENANT, id: await id(own) }),
      execution: async () => 'passed before',
    };
    return {
      world,
      deps,
      actors: [[judging[by], execute, step], ...reports.map((passed, n) => [report(passed, n + 1)])],
    };
  },

  /** The last decision names the latest report there is, or the latest there was when the execution began, and says what that says. */
  invariant({ run, state, evidence }) {
    const committed = (has: (write: Write) => boolean) => {
      const at = run.commits.findIndex(({ writes }) => writes.some(has));
      return at < 0 ? Number.POSITIVE_INFINITY : at;
    };
    const started = committed(
      (write) =>
        write.write === 'promotion' && write.events.some(({ event }) => event.type === 'ExecutionStarted'),
    );
    const known = evidence.filter((report) => {
      const own = committed(
        (write) => write.write === 'evidence' && write.evidence.produced_at === report.produced_at,
      );
      return own < started || own === Number.POSITIVE_INFINITY;
    });
    const latest = known.toSorted((a, b) => (a.produced_at < b.produced_at ? 1 : -1))[0];
    const tests = state?.gates.find(({ name }) => name === 'tests');
    if (state === undefined || tests === undefined) throw new Error('nothing was judged');
    expect(tests.evidence).toEqual(latest === undefined ? [] : [evidenceDigest(latest)]);
    expect(tests.status).toBe(latest?.result['passed'] === true ? 'PASSED' : 'FAILED');
    if (state.status === 'completed') expect(tests.status).toBe('PASSED');
  },
};

const variants: readonly [Variant, ...Variant[]] = [
  { by: 'request', reports: [true] },
  { by: 'request', reports: [true, false] },
  { by: 'person', reports: [true] },
  { by: 'person', reports: [false, true] },
  { by: 'step', reports: [true, false] },
  { by: 'execution', reports: [false] },
  { by: 'execution', reports: [false, true] },
];

describe.each(STORES)('evidence that arrives during an assessment, on $name', ({ name, open }) => {
  it('is never lost: every interleaving ends as if it had come before or after', async () => {
    const explored = await explore(race, {
      open,
      variants,
      runs: name === 'memory' ? times(50, 3_400) : times(3, 40),
      crashing: 1,
    });
    expect(explored.distinct).toBeGreaterThan(explored.runs / 4);
  });
});

it('is found to be lost where a decision does not hold on to the watch list', async () => {
  const holed = explore(race, { open: without('watch'), variants, runs: 3_400 });
  await expect(holed).rejects.toThrow(/Property failed/);
});
