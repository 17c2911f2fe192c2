import type { Registries } from '../../functions/ports/registries.ts';

const none = async (): Promise<never> => {
  throw new Error('a signature was to be verified');
};

/** For what talks to no registry: asking for one fails the test. */
export const noRegistries: Registries = {
  copySeconds: 60,
  signatures: { verify: none, open: none },
  trustedRoot: none,
  repository(tenant, { id }) {
    throw new Error(`the registry ${id} of ${tenant} was asked for`);
  },
};
