import { expect } from 'vitest';
import { configWorld, PRODUCTION, STAGING } from './world.ts';

export const PROMOTIONS = '/api/v1/config/promotions';

export const entry = (key: string, value: unknown) => ({ kind: 'config', key, value });

export const flag = (key: string, enabled = true) => ({
  kind: 'flag',
  key,
  enabled,
  variants: { on: true, off: false },
  defaultVariant: 'on',
});

/** The document's two environments: 37 and 36 configs of which one is new in staging and one differs; and what people do with them. */
export async function promotionStage(stores?: Parameters<typeof configWorld>[0]) {
  const world = await configWorld(stores);
  const [dev, alice] = [world.as('dev'), world.as('alice')];
  const same = Array.from({ length: 35 }, (_, n) => entry(`service.${n}`, n));
  await dev('POST', `${STAGING}/batch`, {
    put: [...same, entry('query.timeout', '180s'), entry('ai.new-model', 'gpt-4-turbo')],
  });
  await dev('POST', `${PRODUCTION}/batch`, { put: [...same, entry('query.timeout', '120s')] });

  const ask = (more: object = {}) =>
    dev('POST', PROMOTIONS, {
      sourceEnvironment: 'staging',
      targetEnvironment: 'production',
      promotionType: 'FULL',
      ...more,
    });
  const snapshot = async (environment: string) => (await dev('GET', `${environment}/snapshot`)).body;
  const values = async (environment: string) =>
    Object.fromEntries(
      (await snapshot(environment)).entries.map(({ key, value }: { key: string; value: unknown }) => [
        key,
        value,
      ]),
    );

  async function finished(id: string) {
    const approved = await alice('POST', `${PROMOTIONS}/${id}/approve`);
    expect(approved.body.status, JSON.stringify(approved.body)).toBe('approved');
    return await executed(id);
  }

  async function executed(id: string) {
    expect((await dev('POST', `${PROMOTIONS}/${id}/execute`)).status).toBe(202);
    await world.run(id);
    return (await dev('GET', `${PROMOTIONS}/${id}`)).body;
  }

  return {
    world,
    dev,
    alice,
    ask,
    snapshot,
    values,
    finished,
    executed,
    /** Approved, executed and completed, as people and the workflow do it. */
    async carriedOut(more: object = {}) {
      const asked = await ask(more);
      expect(asked.status, JSON.stringify(asked.body)).toBe(201);
      return await finished(asked.body.id);
    },
    /** An edit of production by an admin. */
    edit: (key: string, value: unknown) =>
      world.as('admin')('PUT', `${PRODUCTION}/configs/${key}`, { value, reason: 'meanwhile' }),
    rollBack: (id: string, body: object = {}, query = '') =>
      dev('POST', `${PROMOTIONS}/${id}/rollback${query}`, body),
  };
}

export type PromotionStage = Awaited<ReturnType<typeof promotionStage>>;
