import { describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { isCamel } from '../../functions/contract/camel.ts';
import { everyMemberOf } from '../../functions/contract/shape.ts';

/** Members whose digest is of exactly what was recorded, and so in the casing of the record. */
const RECORDED = ['decision', 'manifest'];
/** Kept beside `dryRun`, since scripts have it. */
const OTHER = ['dry_run'];
/** The protocol of OpenFeature has its own names. */
const own = ENDPOINTS.filter(({ tag }) => tag !== 'ofrep');

const cases = own.map((endpoint) => [endpoint.operation, endpoint] as const);

describe('one casing per API:', () => {
  it.each(cases)('%s', (_, endpoint) => {
    const { body, query, response } = endpoint;
    const members = [body, query, ...(response === undefined ? [] : [response])].flatMap((schema) =>
      everyMemberOf(schema, RECORDED),
    );
    const foreign = isCamel(endpoint) ? /_/ : /[A-Z]/;
    expect(members.filter((name) => foreign.test(name) && !OTHER.includes(name))).toEqual([]);
  });

  it('has operations in both', () => {
    expect(own.filter(isCamel).length).toBeGreaterThan(30);
    expect(own.filter((one) => !isCamel(one)).length).toBeGreaterThan(60);
  });
});
