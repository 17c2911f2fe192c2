import { actorOf } from '../../../functions/domain/identity/principal.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment, type StatusReport } from '../../../functions/use-cases/deployments/report.ts';
import { type Submission, submitEvidence } from '../../../functions/use-cases/evidence/submit.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { rejectPromotion } from '../../../functions/use-cases/promotions/reject.ts';
import { requestChanges } from '../../../functions/use-cases/promotions/request-changes.ts';
import { resubmitPromotion } from '../../../functions/use-cases/promotions/resubmit.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { unschedulePromotion } from '../../../functions/use-cases/promotions/unschedule.ts';
import { validatePromotion } from '../../../functions/use-cases/promotions/validate.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { settle } from '../../../functions/use-cases/workflow/settle.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { TENANT } from '../deployments/world.ts';
import type { SceneDeps } from '../interleavings/scene.ts';
import { ADMIN, ALICE, BOB, DEV, GATEWAY } from './people.ts';
import { asked, BOUNDS, OVER_HTTP, recorded, type Stage, sure, TO_PRODUCTION, TO_STAGING } from './stage.ts';

/** What happens on a stage to promotions, done with `deps`. */
type Life = (stage: Stage, deps: SceneDeps) => Promise<void>;

const made = async (deps: SceneDeps, input = asked()) => sure(await createPromotion(deps, input)).state;

/** A promotion that alice approved and dev executes by the gateway, which answers or does not. */
async function executed(stage: Stage, deps: SceneDeps): Promise<string> {
  const { id } = await made(deps, asked(OVER_HTTP));
  sure(await approvePromotion(deps, { principal: ALICE, id }));
  sure(await executePromotion(deps, { principal: DEV, id }));
  await execute(deps, stage.ref(id)).catch(() => {});
  return id;
}

async function decided(stage: Stage, deps: SceneDeps): Promise<void> {
  const { id } = await made(deps);
  sure(await requestChanges(deps, { principal: BOB, id, reason: 'explain' }));
  sure(await resubmitPromotion(deps, { principal: DEV, id }));
  sure(await approvePromotion(deps, { principal: ALICE, id }));
  const at = addDuration(stage.now, 'PT24H');
  sure(await schedulePromotion(deps, { principal: DEV, id, at }));
  sure(await unschedulePromotion(deps, { principal: DEV, id }));
  sure(await executePromotion(deps, { principal: DEV, id }));
  await execute(deps, stage.ref(id));
  const rejected = (await made(deps)).id;
  sure(await approvePromotion(deps, { principal: ALICE, id: rejected }));
  sure(await rejectPromotion(deps, { principal: BOB, id: rejected, reason: 'no' }));
  const free = (await made(deps, asked(TO_STAGING))).id;
  sure(await cancelPromotion(deps, { principal: DEV, id: free, reason: 'no more' }));
}

/** What is active on the target becomes something else between the approval and the execution. */
async function moved(_: Stage, deps: SceneDeps): Promise<void> {
  const { id } = await made(deps);
  sure(await approvePromotion(deps, { principal: ALICE, id }));
  const subject = { kind: 'agent', name: TO_PRODUCTION.agent_id } as const;
  const report = { id: 'dep-other', subject, status: 'DEPLOYED', details: {} } as const;
  const where = { environment: 'production', gateway_id: TO_PRODUCTION.target_gateway_id };
  sure(await recordDeployment(deps, { principal: DEV, report: { ...report, ...where } }));
  sure(await validatePromotion(deps, { principal: DEV, id }));
}

/** An admin weakens the target after the promotion was to execute by itself. */
async function weakened(stage: Stage, deps: SceneDeps): Promise<void> {
  const { id } = await made(deps, { ...asked(OVER_HTTP), execution: 'automatic' });
  sure(await approvePromotion(deps, { principal: ALICE, id }));
  stage.advance('PT1H');
  const weakens = [{ what: 'required_approvers', kinds: ['agent'] }] as const;
  const change = { seq: 1, at: stage.now, by: [actorOf(ADMIN)], machines: [], weakens };
  await stage.commit(
    { write: 'weakened', environment: 'production', weakened: change },
    { write: 'raise_guard', environment: 'production' },
  );
  await execute(deps, stage.ref(id)).catch(() => {});
}

/** The gateway says of what it deployed what `reports` say, one after the other. */
async function reported(stage: Stage, deps: SceneDeps, ...reports: readonly StatusReport[]): Promise<void> {
  const id = stage.deployed.at(-1)?.deployment_id ?? '';
  for (const report of reports) {
    stage.advance('PT1M');
    sure(await reportDeployment(deps, { principal: GATEWAY, id, report }));
  }
}

async function takenBackOutside(stage: Stage, deps: SceneDeps): Promise<void> {
  stage.outcome = { outcome: 'accepted' };
  await executed(stage, deps);
  await reported(stage, deps, { status: 'DEPLOYED' }, { status: 'ROLLED_BACK' });
}

async function unknown(stage: Stage, deps: SceneDeps): Promise<void> {
  stage.outcome = { outcome: 'unknown', message: 'no answer in time' };
  const id = await executed(stage, deps);
  await settle(deps, stage.ref(id), { error: 'Unavailable', patient: false });
  await reported(stage, deps, { status: 'DEPLOYED' });
}

/** Staging asks agents for tests before, and rolls back what fails its smoke test after. */
async function tested(stage: Stage, deps: SceneDeps): Promise<void> {
  const staging = await deps.catalog.item(TENANT, 'environment', 'staging');
  if (staging === undefined) throw new Error('no staging');
  const gates = [{ name: 'tests', mode: 'block', applies_to: ['agent'] }] as const;
  const verification = { gate: 'smoke', within: 'PT30M', on_failure: 'rollback' } as const;
  const item = { ...staging, gates, verification, version: staging.version + 1 };
  await stage.commit({ write: 'catalog', entry: { type: 'environment', item }, expected: staging.version });
  await failed(stage, deps, TO_STAGING.source_deployment_id);
  await recorded(stage, 'dep-next', TO_STAGING.agent_id, 'development');
  const rollback = await failed(stage, deps, 'dep-next');
  await execute(deps, stage.ref(rollback ?? ''));
}

/** A promotion that passes its tests, goes live and fails its smoke test. Answers which rollback follows, if one does. */
async function failed(stage: Stage, deps: SceneDeps, deployment: string): Promise<string | undefined> {
  const state = await made(deps, asked({ ...TO_STAGING, source_deployment_id: deployment }));
  const { id } = state;
  const report = async (gate: string, passed: boolean) => {
    stage.advance('PT1M');
    const about = { subject_digest: state.seal.manifest.source.digest, document: { passed } };
    const submission: Submission = { gate, format: 'json', ...about };
    const verifies = gate === 'smoke';
    sure(await submitEvidence(deps, { principal: DEV, submission, attach_to: id, verifies }));
  };
  await report('tests', true);
  sure(await executePromotion(deps, { principal: DEV, id }));
  await execute(deps, stage.ref(id));
  await report('smoke', false);
  stage.advance('PT1M');
  await sweep(deps, BOUNDS);
  const { items } = await deps.promotions.list(TENANT, {}, { limit: 100 });
  return items.find(({ type }) => type === 'rollback')?.id;
}

/** Lives in which every kind of event happens. */
export const LIVES = {
  'decided by people': decided,
  'with a target that moves': moved,
  'with a target that is weakened': weakened,
  'taken back by the gateway': takenBackOutside,
  'with an outcome that nobody knows at first': unknown,
  'tested, and rolled back when that fails': tested,
} as const satisfies Readonly<Record<string, Life>>;
