import { beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './api-world.ts';
import type { Answer } from './event.ts';

const POLICIES = '/api/v1/approval-policies';
const WHAT_IF = `${POLICIES}/what-if`;

let world: World;
const as =
  (name: Parameters<World['as']>[0]) =>
  (...call: Parameters<ReturnType<World['as']>>) =>
    world.as(name)(...call);
const [dev, admin, alice] = [as('dev'), as('admin'), as('alice')];

async function must(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

const asked = (body: object) => must(dev('POST', WHAT_IF, body));

const production = { name: 'proposed', environments: ['production'] };

describe('what if, of what came to a bad end', () => {
  const strict = { ...production, required_approvers: 3 };
  const promotion = async (deployment: string, version: string) => {
    await must(
      dev('POST', '/api/v1/deployments', {
        id: deployment,
        ...{ agent_id: 'bot', gateway_id: 'gw-stg', environment: 'staging', version },
      }),
    );
    const { id } = await must(
      dev('POST', '/api/v1/promotions', {
        ...{ agent_id: 'bot', source_deployment_id: deployment },
        ...{ target_gateway_id: 'gw-prod', target_environment: 'production' },
      }),
    );
    return await executed(id);
  };
  const executed = async (id: string): Promise<string> => {
    await must(alice('POST', `/api/v1/promotions/${id}/approve`));
    await must(dev('POST', `/api/v1/promotions/${id}/execute`));
    await world.run(id);
    return id;
  };
  const namesOf = ({ items }: { items: readonly { promotion_id: string }[] }) =>
    items.map(({ promotion_id }) => promotion_id);
  const statusOf = async (id: string) => (await must(dev('GET', `/api/v1/promotions/${id}`))).status;

  beforeAll(async () => {
    world = await createWorld();
    await must(admin('POST', '/api/v1/gateways', { id: 'gw-prod', environment: 'production' }));
  });

  it('judges what was let through and failed, and what was rolled back', async () => {
    await promotion('dep-1', '1');
    const second = await promotion('dep-2', '2');
    const back = await must(
      dev('POST', `/api/v1/promotions/${second}/rollback`, { reason: 'errors rise', acknowledge_risk: true }),
    );
    await executed(back.id);
    expect(await statusOf(second)).toBe('rolled_back');
    await must(
      admin('PATCH', '/api/v1/gateways/gw-prod', {
        ...{ driver: 'http', endpoint: 'https://gw.acme.com/', reason: 'it moved' },
      }),
    );
    world.at('2026-11-21T09:01:00.000Z');
    world.outcome = { outcome: 'refused', message: 'no' };
    const third = await promotion('dep-3', '3');
    expect(await statusOf(third)).toBe('failed');
    const found = await asked(strict);
    expect(found).toMatchObject({ replayed: 4, already_refused: 0 });
    expect(namesOf(found)).toEqual(expect.arrayContaining([second, third, back.id]));
    // What is refused as it is, a change does not refuse.
    await must(admin('POST', POLICIES, { ...production, name: 'active', required_approvers: 2 }));
    expect(await asked(strict)).toMatchObject({ replayed: 4, already_refused: 4, items: [] });
  });
});
