import { subjectOf } from '../../domain/notification/words.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { named } from './text.ts';

/** What is promoted from where to where, on one line of markup. */
export function promotionTitle(state: PromotionState): string {
  const { type, source_environment, target_environment, seal } = state;
  const label = seal.plan.source.version_label;
  const what = subjectOf(state, named);
  const version = label === undefined ? '' : ` ${named(label)}`;
  const where =
    type === 'rollback'
      ? `in ${named(target_environment)}`
      : `from ${named(source_environment)} to ${named(target_environment)}`;
  return `${type === 'rollback' ? 'Rollback of ' : ''}${what}${version} ${where}`;
}
