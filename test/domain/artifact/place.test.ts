import { describe, expect, it } from 'vitest';
import { type Address, placeOf, placeText, usualPlace } from '../../../functions/domain/artifact/place.ts';

const main: Address = { id: 'main', role: 'primary', url: 'https://registry.acme.com' };
const mirror: Address = {
  id: 'mirror',
  role: 'secondary',
  url: 'https://mirror.acme.com:5000',
  repository_prefix: 'team',
};
const environment = (registry?: string, repository?: string) => ({
  name: 'staging',
  artifact_repository: {
    ...(registry === undefined ? {} : { registry }),
    ...(repository === undefined ? {} : { repository }),
  },
});

describe('the place of an artifact', () => {
  it('is the primary registry, unless its environment names another', () => {
    const registries = [mirror, main];
    expect(placeOf({ name: 'staging' }, 'app', registries)).toEqual({ registry: main, path: 'app' });
    expect(placeOf(environment('mirror'), 'app', registries)).toEqual({ registry: mirror, path: 'team/app' });
    expect(placeOf(environment(undefined, 'acme'), 'app', registries)).toEqual({
      registry: main,
      path: 'acme/app',
    });
    expect(placeOf(environment('mirror', 'acme'), 'app', registries)).toMatchObject({ path: 'acme/app' });
  });

  it('is nowhere without a primary registry, or where the named one is gone', () => {
    expect(placeOf({ name: 'staging' }, 'app', [mirror])).toMatchObject({
      refused: 'no_registry',
      detail: expect.stringContaining('no primary registry'),
    });
    expect(placeOf(environment('gone'), 'app', [main, mirror])).toMatchObject({
      refused: 'no_registry',
      detail: expect.stringContaining('staging keeps its artifacts in gone'),
      data: { registry_id: 'gone' },
    });
  });

  it('is read as host and path', () => {
    expect(placeText(usualPlace(mirror, 'app'))).toBe('mirror.acme.com:5000/team/app');
  });
});
