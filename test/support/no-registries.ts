import type { Registries } from '../../functions/ports/registries.ts';

/** For what talks to no registry: asking for one fails the test. */
export const noRegistries: Registries = {
  copySeconds: 60,
  repository(tenant, { id }) {
    throw new Error(`the registry ${id} of ${tenant} was asked for`);
  },
};
