import { beforeDeadline } from '../../functions/adapters/in-time.ts';
import type { GateProviders } from '../../functions/ports/gate-providers.ts';
import { type AskRegistryDeps, askRegistry } from '../../functions/use-cases/evidence/ask-registry.ts';

/** Gates that ask the registry, as the step Assess has them; any other provider fails the test. */
export const askingRegistry = (deps: Omit<AskRegistryDeps, 'within'>): GateProviders => ({
  async ask({ provider, ...question }) {
    if (provider.type !== 'registry') throw new Error('another provider was asked');
    return askRegistry({ ...deps, within: beforeDeadline }, { provider, ...question });
  },
});
