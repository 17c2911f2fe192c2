import { beforeEach, describe, expect, it } from 'vitest';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';

let stage: PromotionStage;
beforeEach(async () => {
  stage = await promotionStage();
});

describe('what a config promotion names', () => {
  it.each([
    ['FULL', 'keyPatterns', ['query.*']],
    ['FULL', 'configIds', ['query.timeout']],
    ['FULL', 'flagIds', ['a.flag']],
    ['PATTERN', 'configIds', ['query.timeout']],
    ['PATTERN', 'flagIds', ['a.flag']],
  ])('is refused where %s would leave it aside: %s', async (promotionType, field, names) => {
    const patterns = promotionType === 'PATTERN' ? { keyPatterns: ['query.*'] } : {};
    const asked = await stage.ask({ promotionType, ...patterns, [field]: names });
    const problem = expect.stringContaining(`does not go with promotionType ${promotionType}: use SELECTIVE`);
    expect(asked).toMatchObject({ status: 400, body: { errors: [{ field, problem }] } });
    expect((await stage.dev('GET', PROMOTIONS)).body.items).toEqual([]);
  });

  it.each([
    [{ promotionType: 'FULL', configIds: [], flagIds: [], keyPatterns: [] }, 2],
    [{ promotionType: 'SELECTIVE', configIds: ['ai.new-model'], keyPatterns: ['query.*'] }, 2],
    [{ promotionType: 'PATTERN', keyPatterns: ['query.*'] }, 1],
  ])('is promoted: %j', async (asked, keys) => {
    const answer = await stage.ask(asked);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    expect(answer.body.changes.keys).toHaveLength(keys);
  });
});
