import { camelNames } from '../../contract/camel.ts';
import type { ConfigPromotionView } from '../../contract/config-promotion-view.ts';
import type { ShownEntry } from '../../domain/config-tree/mask.ts';
import { entryOfTreeKey } from '../../domain/config-tree/tree-key.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Stop } from '../../domain/promotion/stops.ts';
import type { Diffed, Difference } from '../../use-cases/config/diff.ts';
import type { Sides } from '../../use-cases/config/shown.ts';
import { valueView } from './config-views.ts';
import { dryRunView, promotionView, standingView } from './promotion-views.ts';

/** Shows a promotion in camelCase. */
export const configPromotionView = (state: PromotionState): ConfigPromotionView => ({
  ...camelNames(promotionView(state)),
  ...ownView(state),
});

function ownView({ request, seal: { plan } }: PromotionState) {
  const asked = request.kind === 'config' ? request : undefined;
  return {
    promotionType: asked?.selects ?? null,
    configIds: [...(asked?.config_ids ?? [])],
    flagIds: [...(asked?.flag_ids ?? [])],
    keyPatterns: [...(asked?.key_patterns ?? [])],
    prune: asked?.prune ?? false,
    notes: asked?.notes ?? null,
    rollbackOf: asked?.rollback?.promotion_id ?? null,
    rollbackMode: asked?.rollback?.mode ?? null,
    changes: plan.tree === undefined ? null : { ...plan.tree.summary, keys: [...plan.tree.summary.keys] },
    conflicts: [...(plan.tree?.conflicts ?? [])],
    unmatched: [...(plan.tree?.unmatched ?? [])],
  };
}

/** Shows a promotion, and what keeps it from executing now. */
export const configStandingView = (state: PromotionState, stops: readonly Stop[]): ConfigPromotionView => ({
  ...camelNames(standingView(state, stops)),
  ...ownView(state),
});

/** Shows what a dry run made: the same members, and the status that it would have got. */
export const configDryRunView = (state: PromotionState, stops: readonly Stop[]) => ({
  ...camelNames(dryRunView(state, stops)),
  ...ownView(state),
});

/** A diff as the config-promotion document writes it; `kind` only on flags, `owned` and `nextCursor` only where there are any. */
export function diffView(
  { source, target, differences, unchanged, agreed }: Diffed,
  nextCursor: string | null,
) {
  const free = differences.filter(({ owned }) => !owned);
  const owned = differences
    .filter((difference) => difference.owned)
    .map((one) => ({
      ...nameOf(one),
      ...(one.after === null ? {} : { sourceValue: valueView(one.after) }),
      ...(one.before === null ? {} : { targetValue: valueView(one.before) }),
      ...movedView(one),
    }));
  return {
    sourceEnvironment: source.name,
    targetEnvironment: target.name,
    added: free.flatMap((one) =>
      one.before === null && one.after !== null
        ? [{ ...nameOf(one), value: valueView(one.after), ...movedView(one) }]
        : [],
    ),
    modified: free.flatMap((one) =>
      one.before !== null && one.after !== null
        ? [
            {
              ...nameOf(one),
              sourceValue: valueView(one.after),
              targetValue: valueView(one.before),
              ...movedView(one),
            },
          ]
        : [],
    ),
    removed: free.flatMap((one) =>
      one.after === null && one.before !== null
        ? [{ ...nameOf(one), value: valueView(one.before), ...movedView(one) }]
        : [],
    ),
    unchanged,
    ...(agreed === undefined
      ? {}
      : { agreed: { environment: agreed.environment, revision: agreed.revision } }),
    ...(owned.length === 0 ? {} : { owned }),
    ...(nextCursor === null ? {} : { nextCursor }),
  };
}

function movedView({ moved }: Difference) {
  if (moved === undefined) return {};
  const { changed_in: changedIn, agreed } = moved;
  return agreed === null ? { changedIn } : { changedIn, agreedValue: valueView(agreed) };
}

function nameOf(difference: Pick<Difference, 'key'>) {
  const { kind, key } = entryOfTreeKey(difference.key);
  return kind === 'flag' ? { key, kind } : { key };
}

export function changeView({ key, before, after }: Sides<ShownEntry>) {
  const change = before === null ? 'added' : after === null ? 'removed' : 'modified';
  return {
    ...entryOfTreeKey(key),
    change,
    ...(before === null ? {} : { from: valueView(before) }),
    ...(after === null ? {} : { to: valueView(after) }),
  };
}
