import { describe, expect, it } from 'vitest';
import { type Known, MOST, placesFor, promotionIdIn } from '../../web/search/found.ts';

const subject = (name: string, version: string): Known['subjects'][number] => ({
  kind: 'agent',
  name,
  active: [
    {
      environment: 'staging',
      gateway_id: 'gw-7',
      digest: `sha256:${'ab'.repeat(32)}`,
      revision: 3,
      version,
      deployment_id: null,
      since: '2026-11-21T09:00:00.000Z',
    },
  ],
});
const environment = (name: string, ...aliases: string[]): Known['environments'][number] => ({
  name,
  aliases,
  protected: name === 'production',
  lock: null,
  freeze: null,
});
const known: Known = {
  environments: [environment('staging', 'stage'), environment('production', 'prod')],
  subjects: [subject('old-claims', '0.9.0'), subject('claims', '1.4.2')],
  promotions: [],
};
const names = (text: string, given: Known | undefined = known) =>
  placesFor(text, given).map(({ group, name }) => `${group}: ${name}`);

describe('the search of the head', () => {
  it('finds nothing for no words', () => {
    expect(placesFor('   ', known)).toEqual([]);
  });

  it('puts what begins with the text before what only holds it', () => {
    expect(names('Claims')).toEqual(['Subjects: claims', 'Subjects: old-claims']);
  });

  it('asks each word to be somewhere: in the name, the kind, a version, a digest or a gateway', () => {
    expect(names('agent 1.4.2')).toEqual(['Subjects: claims']);
    expect(names(`gw-7 ${'ab'.repeat(32)}`)).toEqual(['Subjects: old-claims', 'Subjects: claims']);
    expect(names('claims nowhere')).toEqual([]);
  });

  it('finds environments by their aliases, and says what they are', () => {
    expect(placesFor('prod', known).find(({ group }) => group === 'Environments')).toMatchObject({
      name: 'production',
      says: 'prod, protected',
      to: '/web/environments/production',
    });
  });

  it('finds pages by what people call them, before anything else is known', () => {
    expect(names('separation', undefined)).toEqual(['Pages: Rules and policies']);
    expect(names('dora', undefined)).toEqual(['Pages: Delivery']);
  });

  it('offers few of each group, however many fit', () => {
    const subjects = Array.from({ length: 1_000 }, (_, at) => subject(`subject-${at}`, '1'));
    expect(placesFor('subject', { ...known, subjects })).toHaveLength(MOST);
  });

  it('leads to a name that holds what a path would be split by', () => {
    const [place] = placesFor('a/b', { ...known, subjects: [subject('a/b?c#d', '1')] });
    expect(place?.to).toBe('/web/subjects/agent/a%2Fb%3Fc%23d');
  });

  it('knows the whole id of a promotion in any case, and nothing less', () => {
    const id = `prom-${'0K'.repeat(13)}`;
    expect(promotionIdIn(` ${id.toLowerCase()} `)).toBe(id);
    expect(promotionIdIn(id.slice(0, -1))).toBeUndefined();
    expect(promotionIdIn(`${id}/x`)).toBeUndefined();
  });
});
