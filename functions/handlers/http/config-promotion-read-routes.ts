import { camelNames } from '../../contract/camel.ts';
import * as reads from '../../contract/config-promotion-reads.ts';
import * as contract from '../../contract/config-promotions.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { maySeeChanges } from '../../use-cases/access/may-see-changes.ts';
import { readable } from '../../use-cases/access/readable.ts';
import { replayDecision } from '../../use-cases/promotions/replay-decision.ts';
import { readTimeline } from '../../use-cases/promotions/timeline.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';
import { changeView, diffView } from './config-promotion-views.ts';
import { cursorOf, positionOf } from './cursor.ts';
import { badFields } from './issues.ts';
import { approvalsRead, decisionRead, impactRead, ofReadable } from './promotion-reads.ts';
import { eventView } from './promotion-views.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** Keys that a page shows when the caller does not say. */
const DIFF = 1000;
const CHANGES = 100;

const noCursor = () => badFields([{ field: 'cursor', problem: 'is not a cursor of this list' }]);

/** What environments and config promotions differ in. */
export const configPromotionReadRoutes: readonly Route<DrivingDeps>[] = [
  route(contract.diffConfig, async ({ principal, query }, deps) => {
    // Loaded by those alone who compare.
    const { diffEnvironments, diffPinnedOf, diffPinnedText } = await import('../../use-cases/config/diff.ts');
    const { source, target, limit = DIFF, cursor } = query;
    const scope = { tenant: principal.tenant, operation: 'diffConfig', filter: { source, target } };
    const position = cursor === undefined ? undefined : await positionOf(deps, cursor, scope);
    if (position !== undefined && 'refused' in position) return position;
    const pinned = position === undefined ? undefined : diffPinnedOf(position.value);
    if (position !== undefined && pinned === undefined) return noCursor();
    const diffed = await diffEnvironments(deps, {
      principal,
      source,
      target,
      limit,
      ...(pinned === undefined ? {} : { pinned }),
    });
    if (isRefusal(diffed)) return diffed;
    return ok(
      diffView(
        diffed,
        diffed.next === undefined ? null : await cursorOf(deps, diffPinnedText(diffed.next), scope),
      ),
    );
  }),
  route(contract.getConfigChanges, async ({ principal, param, query }, deps) => {
    const { limit = CHANGES, cursor } = query;
    const state = await readable(deps, principal, param('id'));
    if (isRefusal(state)) return state;
    if (state.request.kind !== 'config') return refuse('not_found', `${state.id} is no config promotion`);
    const denied = await maySeeChanges(deps, principal, state);
    if (denied !== undefined) return denied;
    const { change_set_digest } = state.seal.plan;
    // A page belongs to one change set: sealed anew, the pages begin again.
    const filter = { id: state.id, change_set_digest };
    const scope = { tenant: principal.tenant, operation: 'getConfigChanges', filter };
    const position = cursor === undefined ? undefined : await positionOf(deps, cursor, scope);
    if (position !== undefined && 'refused' in position) return position;
    // Loaded by those alone who read what a promotion changes.
    const { changePage } = await import('../../use-cases/kinds/config/impact.ts');
    const page = await changePage(deps, state, {
      limit,
      ...(position === undefined ? {} : { after: position.value }),
    });
    return ok({
      changeSetDigest: change_set_digest,
      items: page.changes.map(changeView),
      nextCursor: page.next === undefined ? null : await cursorOf(deps, page.next, scope),
    });
  }),
  route(contract.getConfigApprovals, async ({ principal, param, page, paged }, deps) => {
    const of = { id: param('id') };
    const asked = await page(deps, of);
    if ('refused' in asked) return asked;
    const read = await approvalsRead({ deps, principal, ...of }, asked);
    if (isRefusal(read)) return read;
    const { next_cursor: nextCursor } = await paged(deps, read.people, (person) => person, of);
    return ok({ ...camelNames(read.view), people: read.people.items, nextCursor });
  }),
  route(contract.getConfigTimeline, async ({ principal, param, page, paged }, deps) => {
    const of = { id: param('id') };
    const asked = await page(deps, of);
    if ('refused' in asked) return asked;
    const events = await ofReadable({ deps, principal, ...of }, (given, ref) =>
      readTimeline(given, ref, asked),
    );
    return isRefusal(events) ? events : paged(deps, events, eventView, of);
  }),
  route(reads.getConfigDecision, async ({ principal, param, query }, deps) => {
    const read = await decisionRead({ deps, principal, id: param('id') }, query);
    if (isRefusal(read)) return read;
    const { decision, rule, ...view } = read;
    return ok({ ...camelNames(view), decision, ...(rule === undefined ? {} : { rule }) });
  }),
  route(reads.getConfigManifest, async ({ principal, param }, deps) => {
    const state = await readable(deps, principal, param('id'));
    if (isRefusal(state)) return state;
    const { manifest, manifest_digest: manifestDigest } = state.seal;
    return ok({ manifestDigest, manifest });
  }),
  route(reads.getConfigImpact, async ({ principal, param }, deps) => {
    const read = await impactRead({ deps, principal, id: param('id') });
    return isRefusal(read) ? read : ok(camelNames(read));
  }),
  route(reads.replayConfigDecision, async ({ principal, param, query }, deps) => {
    const replay = await ofReadable({ deps, principal, id: param('id') }, (given, ref) =>
      replayDecision(given, { ...ref, ...query }),
    );
    return isRefusal(replay) ? replay : ok(replay);
  }),
];
