import type * as z from 'zod/mini';
import { registry } from '../domain/catalog/registry.ts';
import { resource } from './resource.ts';

/** Registries: where artifacts are kept. */

export const RegistryView = registry.view;
export type RegistryView = z.infer<typeof RegistryView>;

export const registries = resource({
  governs: true,
  tag: 'registries',
  words: 'a registry',
  path: '/api/v1/registries',
  key: 'id',
  operations: {
    create: 'createRegistry',
    list: 'listRegistries',
    get: 'getRegistry',
    replace: 'updateRegistry',
    remove: 'deleteRegistry',
  },
  body: registry.body,
  demanded: ['role'],
  fixed: ['id'],
  view: RegistryView,
  errors: ['reserved_name'],
  removal: ['in_use'],
});
