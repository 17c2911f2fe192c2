import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHop } from '../../../functions/domain/catalog/hop.ts';
import {
  DEFAULT_PIPELINE,
  findEnvironment,
  inOrder,
  namesOf,
  sourceBefore,
} from '../../../functions/domain/catalog/pipeline.ts';
import { environmentNamed, NOON } from '../../support/promotion-facts.ts';

const pipeline = DEFAULT_PIPELINE(NOON).toReversed();
const qa = environmentNamed('staging', { name: 'qa', aliases: [], rank: 2 });

describe('the default pipeline', () => {
  it('is development, staging and a protected production', () => {
    expect(
      inOrder(pipeline).map(({ name, protected: guarded, tag_suffix }) => [name, guarded, tag_suffix]),
    ).toEqual([
      ['development', false, 'dev'],
      ['staging', false, 'staging'],
      ['production', true, 'prod'],
    ]);
  });

  it('says by which names each goes', () => {
    expect(namesOf(environmentNamed('staging', { aliases: ['stg', 'pre'] }))).toEqual([
      'staging',
      'stg',
      'pre',
    ]);
    expect(namesOf(undefined)).toEqual([]);
  });

  it('is found by name and alias', () => {
    expect(findEnvironment(pipeline, 'prod')?.name).toBe('production');
    expect(findEnvironment(pipeline, 'production')?.name).toBe('production');
    expect(findEnvironment(pipeline, 'Production')).toBeUndefined();
    const shadow = environmentNamed('development', { name: 'prod', aliases: ['production'] });
    expect(findEnvironment([...pipeline, shadow], 'prod')?.name).toBe('prod');
    expect(findEnvironment([shadow, ...pipeline], 'production')?.name).toBe('production');
  });
});

describe('a promotion goes from one environment to the next', () => {
  it.each([
    ['development', 'staging'],
    ['dev', 'stg'],
    ['staging', 'prod'],
  ])('%s to %s', (source, target) => {
    expect(checkHop(pipeline, source, target)).toBeUndefined();
    expect(sourceBefore(pipeline, target)).toBe(findEnvironment(pipeline, source));
  });

  it('never skips, and the refusal names what is missing, in order', () => {
    expect(checkHop(pipeline, 'dev', 'production')).toMatchObject({
      refused: 'missing_stages',
      data: { missing_stages: ['staging'] },
    });
    const longer = [...pipeline, environmentNamed('staging', { name: 'canary', aliases: [], rank: 2.5 }), qa];
    expect(checkHop(longer, 'development', 'production')?.data).toEqual({
      missing_stages: ['qa', 'staging', 'canary'],
    });
  });

  it('never goes back, aside or nowhere', () => {
    for (const [source, target] of [
      ['staging', 'development'],
      ['production', 'dev'],
      ['staging', 'stg'],
    ] as const) {
      expect(checkHop(pipeline, source, target)).toMatchObject({ refused: 'invalid_transition' });
    }
    expect(checkHop([...pipeline, qa], 'staging', 'qa')).toMatchObject({ refused: 'invalid_transition' });
  });

  it('knows its environments, and says which it does not', () => {
    expect(checkHop(pipeline, 'nowhere', 'production')).toMatchObject({
      refused: 'unknown_environment',
      data: { field: 'source_environment' },
    });
    expect(checkHop(pipeline, 'staging', 'nowhere')).toMatchObject({
      refused: 'unknown_environment',
      data: { field: 'target_environment' },
    });
    expect(checkHop(pipeline, undefined, 'nowhere')).toMatchObject({
      detail: 'there is no environment nowhere',
    });
    expect(checkHop(pipeline, undefined, 'development')).toMatchObject({
      refused: 'unknown_environment',
      detail: expect.stringContaining('before development in the pipeline: name the source'),
      data: { field: 'source_environment' },
    });
  });

  it('has no one source where there is none, or two', () => {
    expect(sourceBefore(pipeline, 'development')).toBeUndefined();
    expect(sourceBefore(pipeline, 'nowhere')).toBeUndefined();
    expect(sourceBefore([...pipeline, qa], 'production')).toBeUndefined();
    expect(sourceBefore([...pipeline, qa], 'qa')?.name).toBe('development');
  });

  it('is possible from the environment before, whatever the ranks and the order they are listed in', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 8 }), (ranks) => {
        const list = ranks.map((rank, index) =>
          environmentNamed('staging', { name: `e${index}`, aliases: [], rank }),
        );
        for (const { name } of list) {
          const source = sourceBefore(list, name);
          if (source === undefined) continue;
          expect(checkHop(list, source.name, name)).toBeUndefined();
        }
        expect(list.filter(({ name }) => sourceBefore(list, name) === undefined)).toHaveLength(1);
      }),
    );
  });
});
