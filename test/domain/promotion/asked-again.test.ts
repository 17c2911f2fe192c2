import { describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { askedAgain } from '../../../functions/domain/promotion/asked-again.ts';
import type { PromotionRequest } from '../../../functions/domain/promotion/state.ts';

const [old, now] = [digestOfBytes('old'), digestOfBytes('now')];

/** Every member that a request of each kind may have, and what going back says again. */
const CASES: readonly { readonly failed: Required<PromotionRequest>; readonly back: PromotionRequest }[] = [
  {
    failed: {
      ...{ kind: 'agent', agent_id: 'a', source_deployment_id: 'dep-1', target_gateway_id: 'gw-1' },
      ...{ notes: 'why', rollback: { mode: 'restore', to: old, revision: 1 } },
    },
    back: {
      ...{ kind: 'agent', agent_id: 'a', source_deployment_id: 'dep-2', target_gateway_id: 'gw-1' },
      rollback: { mode: 'restore', to: now, revision: 2 },
    },
  },
  {
    failed: {
      ...{ kind: 'config', selects: 'FULL', config_ids: [], flag_ids: [], key_patterns: [], prune: true },
      ...{ notes: 'why', rollback: { mode: 'revert', from: old, to: old } },
    },
    back: {
      ...{ kind: 'config', selects: 'FULL', config_ids: [], flag_ids: [], key_patterns: [], prune: true },
      rollback: { mode: 'revert', from: now, to: now },
    },
  },
  {
    failed: {
      ...{ kind: 'artifact', artifact: 'p', version: '1.0.0', sync_registries: true, acknowledge_eol: true },
      ...{ notes: 'why', rollback: { to: old, revision: 1 } },
    },
    back: {
      ...{ kind: 'artifact', artifact: 'p', version: '2.0.0', sync_registries: true },
      rollback: { to: now, revision: 2 },
    },
  },
];

describe.each(CASES)('a rollback of the kind $failed.kind that is asked for again', ({ failed, back }) => {
  it('keeps every member of the request, and goes back to where that is now', () => {
    expect(askedAgain(failed, back)).toEqual({ ...failed, ...back });
    expect(Object.keys(askedAgain(failed, back)).sort()).toEqual(Object.keys(failed).sort());
    expect(askedAgain(failed, back).notes).toBe('why');
  });
});

it('takes nothing over from a request of another kind', () => {
  const [agent, config] = CASES;
  if (agent === undefined || config === undefined) throw new Error('two kinds');
  expect(askedAgain(agent.failed, config.back)).toEqual(config.back);
});
