import { expect } from 'vitest';
import type { deploymentsWorld } from './deployments-world.ts';
import { recorder } from './deployments-world.ts';

type World = Awaited<ReturnType<typeof deploymentsWorld>>;

const commit = (sha: string, committedAt: string) => ({ sha, committedAt });
const feb = (day: number, time: string) => `2026-02-${String(day).padStart(2, '0')}T${time}:00.000Z`;

/** Ten deployments of the platform to production, one to staging, and one of an agent to production: made by hand. */
export const PLATFORM_HISTORY = [
  {
    id: 'd1',
    day: 2,
    began: '10:00',
    done: '10:10',
    status: 'DEPLOYED',
    unplanned: false,
    commits: [commit('c000001', feb(1, '10:10'))],
  },
  { id: 'd2', day: 2, began: '14:00', done: '14:05', status: 'FAILED', unplanned: false },
  {
    id: 'd3',
    day: 2,
    began: '15:00',
    done: '15:20',
    status: 'DEPLOYED',
    unplanned: true,
    commits: [commit('c000002', feb(2, '13:20'))],
  },
  { id: 'd4', day: 3, began: '09:00', done: '09:10', status: 'DEPLOYED' },
  { id: 'd5', day: 4, began: '11:00', done: '11:30', status: 'ROLLED_BACK', unplanned: false },
  { id: 'd6', day: 4, began: '12:00', done: '12:10', status: 'FAILED', unplanned: true },
  {
    id: 'd7',
    day: 4,
    began: '13:00',
    done: '13:30',
    status: 'DEPLOYED',
    unplanned: true,
    commits: [commit('c000002', feb(2, '13:20')), commit('c000003', feb(4, '07:30'))],
  },
  {
    id: 'd8',
    day: 10,
    began: '10:00',
    done: '10:02',
    status: 'DEPLOYED',
    unplanned: false,
    commits: [commit('c000004', feb(9, '22:02'))],
  },
  {
    id: 'd9',
    day: 11,
    began: '10:00',
    done: '10:02',
    status: 'DEPLOYED',
    commits: [commit('c000004', feb(9, '22:02'))],
  },
  { id: 'd10', day: 12, began: '10:00', done: '10:04', status: 'FAILED', unplanned: false },
] as const;

type Told = {
  readonly id: string;
  readonly day: number;
  readonly began: string;
  readonly done: string;
  readonly status: 'DEPLOYED' | 'FAILED' | 'ROLLED_BACK';
};

/** Records the twelve in an order that is not theirs. */
export async function recordHistory(world: World): Promise<void> {
  const platform = async ({ id, day, began, done, status, ...said }: Told, environment = 'prod') => {
    const body = {
      id,
      environment,
      imageTag: `v1.0.${id.slice(1)}`,
      status,
      deployedAt: feb(day, began),
      completedAt: feb(day, done),
      ...(status === 'DEPLOYED' ? { liveAt: feb(day, done) } : {}),
      ...said,
    };
    expect((await world.call('POST', '/api/v1/platform/deployments', body, recorder)).status).toBe(201);
  };
  const [first, second, third, ...rest] = PLATFORM_HISTORY;
  for (const one of [...rest, second, third, first]) await platform(one);
  await platform({ id: 'd11', day: 2, began: '09:00', done: '09:05', status: 'DEPLOYED' }, 'staging');
  const agent = {
    id: 'd12',
    agent_id: 'agent-1',
    environment: 'production',
    version: '1.0.0',
    deployed_at: feb(3, '10:00'),
    completed_at: feb(3, '10:01'),
    live_at: feb(3, '10:01'),
    commits: [{ sha: 'c000009', committed_at: feb(3, '09:01') }],
  };
  expect((await world.call('POST', '/api/v1/deployments', agent, recorder)).status).toBe(201);
}
