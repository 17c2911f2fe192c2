import { gatewayAuthority } from '../../domain/authority/places.ts';
import { type Gateway, type GatewayFields, gateway } from '../../domain/catalog/gateway.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { isReserved } from '../../domain/ids.ts';
import { refuse } from '../../domain/refusal.ts';
import { type Description, inCatalog, raised } from './description.ts';
import { checkedGateway } from './gateway-fields.ts';
import { runningOn } from './in-use.ts';

/** Gateways. One stays in its environment: heads name both. */
export const gateways: Description<Gateway, GatewayFields> = {
  type: 'gateway',
  words: 'gateway',
  actions: { read: 'read', write: 'manage_catalog' },
  limit: 500,
  storage: inCatalog('gateway', (item) => ({ type: 'gateway', item })),
  prefix: 'gw',
  named: ({ id }) => id,
  idOf: ({ id }) => id,
  scope: (before, after) => [before, after].flatMap((one) => (one === undefined ? [] : [one.environment])),
  asked: (_, fields, stored) =>
    fields === undefined || fields.environment === stored?.environment ? [] : [fields.environment],
  async make({ deps, tenant, environments, fields, ref, stored, stamp }) {
    const { id } = ref;
    if (isReserved(id)) return refuse('reserved_name', `${id} is a reserved name`, { name: id });
    const environment = findEnvironment(environments, fields.environment)?.name ?? fields.environment;
    if (stored !== undefined && stored.environment !== environment) {
      return refuse('immutable', 'environment cannot be changed: create another gateway there', {
        field: 'environment',
      });
    }
    const made = { ...fields, id, environment, ...stamp };
    return (await checkedGateway(deps, tenant, made, deps)) ?? made;
  },
  heldBy: runningOn,
  // An execution that has read it decides again.
  beside: ({ environments, before }) =>
    raised(environments, before === undefined ? [] : [before.environment]),
  authority: gatewayAuthority,
  recorded: gateway.recorded,
};
