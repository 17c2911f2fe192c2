import { beforeEach, describe, expect, it } from 'vitest';
import type { TaskToken } from '../../../functions/ports/promotion-store.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { STORES } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';
import { asked, staged, sure } from './stage.ts';

describe.each(STORES)('asking for an execution, on $name', ({ open }) => {
  const stage = staged(open);
  let id: string;
  let calls: string[];
  beforeEach(async () => {
    id = sure(await createPromotion(stage().deps, asked())).state.id;
    sure(await approvePromotion(stage().deps, { principal: ALICE, id }));
    calls = [];
  });

  /** An execution waits with this token, entered so many seconds after the first. */
  const waits = async (token: string, seconds: number) => {
    const entered_time = new Date(Date.parse(stage().now) + seconds * 1_000).toISOString();
    const kept: TaskToken = { token, attempt: 1, entered_time, retry_count: 0, state: 'await' };
    await stage().deps.tokens.put(stage().ref(id), kept);
  };

  /** Executes where `waiting` is the only token that wakes anybody, and `meanwhile` happens just before the commit. */
  async function executes(
    waiting: string,
    meanwhile: () => Promise<unknown> = async () => {},
  ): Promise<void> {
    const deps = stage().interrupted(0, meanwhile);
    const workflow: Deps['workflow'] = {
      async start(_, attempt) {
        calls.push(`start ${attempt}`);
        return 'started';
      },
      async wake(token, _, next) {
        calls.push(`wake ${token} to ${next}`);
        return token === waiting ? 'woken' : 'gone';
      },
    };
    const tokens: Deps['tokens'] = {
      put: (...given) => deps.tokens.put(...given),
      get(ref) {
        calls.push('read');
        return deps.tokens.get(ref);
      },
    };
    const state = sure(await executePromotion({ ...deps, workflow, tokens }, { principal: DEV, id }));
    expect(state).toMatchObject({ status: 'approved', execution_requested: { subject: DEV.subject } });
  }

  it('wakes the execution that waits, by the token that was read beside the promotion', async () => {
    await waits('one', 0);
    await executes('one');
    expect(calls).toEqual(['read', 'wake one to execute']);
  });

  it('wakes an execution that began to wait anew while it was decided', async () => {
    await waits('one', 0);
    await executes('two', () => waits('two', 1));
    expect(calls).toEqual(['read', 'wake one to execute', 'read', 'wake two to execute']);
  });

  it('wakes an execution that first waited while it was decided', async () => {
    await executes('one', () => waits('one', 0));
    expect(calls).toEqual(['read', 'read', 'wake one to execute']);
  });

  it('starts one where nobody waits any more', async () => {
    await waits('one', 0);
    await executes('none');
    expect(calls).toEqual(['read', 'wake one to execute', 'read', 'start 1']);
  });

  it('starts one where nobody ever waited', async () => {
    await executes('none');
    expect(calls).toEqual(['read', 'read', 'start 1']);
  });
});
