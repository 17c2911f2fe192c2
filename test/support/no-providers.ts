import type { GateProviders } from '../../functions/ports/gate-providers.ts';

/** Where no gate has a provider: asking one is an error of the test. */
export const NO_PROVIDERS: GateProviders = {
  ask: ({ gate }) => Promise.reject(new Error(`the provider of ${gate} was asked`)),
};
