import type { PromotionVerbs } from '../../contract/promotion-verbs.ts';
import type { PromotionState, Schedule } from '../../domain/promotion/state.ts';
import type { Stop } from '../../domain/promotion/stops.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Reselection } from '../../use-cases/kinds/kind.ts';
import { type ApproveInput, approvePromotion } from '../../use-cases/promotions/approve.ts';
import { awaitMove } from '../../use-cases/promotions/await-move.ts';
import { cancelPromotion } from '../../use-cases/promotions/cancel.ts';
import { executePromotion } from '../../use-cases/promotions/execute.ts';
import { missingApprovers } from '../../use-cases/promotions/missing-approvers.ts';
import { rejectPromotion } from '../../use-cases/promotions/reject.ts';
import { requestChanges } from '../../use-cases/promotions/request-changes.ts';
import { resubmitPromotion } from '../../use-cases/promotions/resubmit.ts';
import { schedulePromotion } from '../../use-cases/promotions/schedule.ts';
import { stoppedBy } from '../../use-cases/promotions/stopped-by.ts';
import { unschedulePromotion } from '../../use-cases/promotions/unschedule.ts';
import { validatePromotion } from '../../use-cases/promotions/validate.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { missingApproversView } from './missing-approvers-view.ts';
import { type Answer, ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** How an API shows promotions and what its bodies say, in domain words. */
export type VerbWords<A, S, R> = {
  readonly view: (state: PromotionState) => object;
  readonly standing: (state: PromotionState, stops: readonly Stop[]) => object;
  /** What a dry run adds: the status that the promotion would have. */
  readonly tried: (state: PromotionState) => object;
  readonly approval: (body: A) => Pick<ApproveInput, 'comment' | 'manifest_digest'>;
  readonly resubmit: (body: R) => { readonly selection?: Reselection };
  readonly schedule: (body: S) => Pick<Schedule, 'at'> & Partial<Schedule>;
};

/** Seconds after which a caller looks again: at what runs, and where too many of the tenant wait already. */
export const [RUNNING, CROWDED] = ['1', '5'];

/** Reading a promotion and the verbs on it, whichever API they are asked through. */
export function promotionVerbRoutes<A, S, R>(
  verbs: PromotionVerbs<A, S, R>,
  words: VerbWords<A, S, R>,
): readonly Route<DrivingDeps>[] {
  const shown = (answer: PromotionState | Refusal, dry_run = false): Answer | Refusal =>
    isRefusal(answer) ? answer : ok({ ...words.view(answer), ...(dry_run ? words.tried(answer) : {}) });
  return [
    route(verbs.get, async ({ principal, param, query }, deps) => {
      const { wait: seconds = 0, ...seen } = query;
      const read = await awaitMove(deps, { principal, id: param('id'), seconds, ...seen });
      if (isRefusal(read)) return read;
      const [stops, missing] = await Promise.all([
        stoppedBy(deps, read.state),
        missingApprovers(deps, read.state),
      ]);
      const warnings = missing.map((one) => missingApproversView(one));
      const standing = { ...words.standing(read.state, stops), warnings };
      return ok(standing, read.crowded ? { 'retry-after': CROWDED } : {});
    }),
    route(verbs.validate, async ({ principal, param, body }, deps) =>
      shown(await validatePromotion(deps, { principal, id: param('id'), ...body })),
    ),
    route(verbs.approve, async ({ principal, param, body, dry_run }, deps) =>
      shown(await approvePromotion(deps, { principal, id: param('id'), ...words.approval(body) }), dry_run),
    ),
    route(verbs.reject, async ({ principal, param, body, dry_run }, deps) =>
      shown(await rejectPromotion(deps, { principal, id: param('id'), reason: body.reason }), dry_run),
    ),
    route(verbs.requestChanges, async ({ principal, param, body, dry_run }, deps) =>
      shown(await requestChanges(deps, { principal, id: param('id'), reason: body.reason }), dry_run),
    ),
    route(verbs.resubmit, async ({ principal, param, body, dry_run }, deps) =>
      shown(await resubmitPromotion(deps, { principal, id: param('id'), ...words.resubmit(body) }), dry_run),
    ),
    route(verbs.execute, async ({ principal, param, dry_run }, deps) => {
      const state = await executePromotion(deps, { principal, id: param('id') });
      if (isRefusal(state) || dry_run) return shown(state, dry_run);
      if (state.status === 'completed') return ok(words.view(state));
      const location = verbs.get.path.replace('{id}', state.id);
      return { status: 202, body: words.view(state), headers: { location, 'retry-after': RUNNING } };
    }),
    route(verbs.schedule, async ({ principal, param, body, dry_run }, deps) => {
      const { at, ...rest } = words.schedule(body);
      // Whatever offset it was written in: instants are compared as texts in UTC.
      const utc = new Date(at).toISOString();
      return shown(await schedulePromotion(deps, { principal, id: param('id'), at: utc, ...rest }), dry_run);
    }),
    route(verbs.unschedule, async ({ principal, param, dry_run }, deps) =>
      shown(await unschedulePromotion(deps, { principal, id: param('id') }), dry_run),
    ),
    route(verbs.cancel, async ({ principal, param, body, dry_run }, deps) =>
      shown(await cancelPromotion(deps, { principal, id: param('id'), ...body }), dry_run),
    ),
  ];
}
