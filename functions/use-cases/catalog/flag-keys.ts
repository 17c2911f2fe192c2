import { flagKeyAuthority } from '../../domain/authority/readers.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { type FlagKey, type FlagKeyFields, flagKey, isOrigin } from '../../domain/flags/flag-key.ts';
import { refuse } from '../../domain/refusal.ts';
import { type Description, inCatalog } from './description.ts';

/** Keys that read flags or metrics. They are created and revoked, never changed. A server's key reads sensitive values. */
export const flagKeys: Description<FlagKey, FlagKeyFields> = {
  type: 'flag_key',
  words: 'flag key',
  actions: { read: 'read', write: 'manage_catalog' },
  limit: 500,
  storage: inCatalog('flag_key', (item) => ({ type: 'flag_key', item })),
  prefix: 'key',
  named: ({ id }) => id,
  idOf: ({ id }) => id,
  scope: (before, after) => [before, after].flatMap((one) => (one === undefined ? [] : [one.environment])),
  asked: (_, fields) => (fields === undefined ? [] : [fields.environment]),
  make({ environments, fields, stamp }) {
    const { type, allowed_origins } = fields;
    if (type !== 'browser' && allowed_origins.length > 0) {
      return refuse('invalid_request', 'only a key of type browser has allowed_origins', {
        field: 'allowed_origins',
      });
    }
    if (type === 'browser' && allowed_origins.length === 0) {
      return refuse('invalid_request', 'a key of type browser needs allowed_origins', {
        field: 'allowed_origins',
      });
    }
    const wrong = allowed_origins.find((origin) => !isOrigin(origin));
    if (wrong !== undefined) {
      return refuse('invalid_request', `${wrong} is not an origin such as https://app.acme.com`, {
        field: 'allowed_origins',
      });
    }
    const environment = findEnvironment(environments, fields.environment)?.name ?? fields.environment;
    return { ...fields, environment, allowed_origins: [...new Set(allowed_origins)], ...stamp };
  },
  beside: () => [],
  authority: flagKeyAuthority,
  recorded: flagKey.recorded,
};
