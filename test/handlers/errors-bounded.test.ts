import { describe, expect, it } from 'vitest';
import * as config from '../../functions/contract/config-files.ts';
import * as environments from '../../functions/contract/environments.ts';
import { parsed } from '../../functions/handlers/http/issues.ts';

/** Bodies of up to 2 MB of which nearly every byte is wrong. */
const HOSTILE: readonly [string, Parameters<typeof parsed>[0], unknown][] = [
  ['a list of what are no entries', config.importConfig.body, { entries: Array(1_000_000).fill(1) }],
  [
    'entries with a wrong member each',
    config.importConfig.body,
    { entries: Array.from({ length: 100_000 }, () => ({ key: 1, valu: 1 })) },
  ],
  [
    'members that nobody knows',
    environments.NewEnvironment,
    Object.fromEntries(Array.from({ length: 150_000 }, (_, at) => [`unknown-${at}`, 1])),
  ],
  ['one member with a name of 2 MB', environments.NewEnvironment, { ['x'.repeat(2_000_000)]: 1 }],
  [
    'gates that are none, as a list and as a map',
    environments.NewEnvironment,
    { name: 'a', gates: Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`g ${at}`, 1])) },
  ],
];

describe('a body in which nearly everything is wrong', () => {
  it.each(HOSTILE)('is refused with at most 50 errors in a short answer: %s', (_, schema, body) => {
    const refused = parsed(schema, body);
    if (!('refused' in refused)) throw new Error('it was taken');
    expect(JSON.stringify(refused.data).split('"problem":').length - 1).toBeLessThanOrEqual(50);
    expect(JSON.stringify(refused).length).toBeLessThan(40_000);
  });
});
