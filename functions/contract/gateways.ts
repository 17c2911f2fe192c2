import { gateway } from '../domain/catalog/gateway.ts';
import { resource } from './resource.ts';

/** Gateways: where agents run. */
export const gateways = resource({
  governs: true,
  tag: 'gateways',
  words: 'a gateway',
  path: '/api/v1/gateways',
  key: 'id',
  operations: {
    create: 'createGateway',
    list: 'listGateways',
    get: 'getGateway',
    replace: 'updateGateway',
    remove: 'deleteGateway',
  },
  body: gateway.body,
  fixed: ['id'],
  view: gateway.view,
  errors: ['unknown_environment', 'reserved_name'],
  removal: ['in_use'],
});
