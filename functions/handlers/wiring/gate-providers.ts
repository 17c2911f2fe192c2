import { httpsEgress } from '../../adapters/egress/https.ts';
import { httpGateProviders } from '../../adapters/gate-provider/http-providers.ts';
import { beforeDeadline } from '../../adapters/in-time.ts';
import type { GateProviders } from '../../ports/gate-providers.ts';
import type { AskRegistryDeps } from '../../use-cases/evidence/ask-registry.ts';
import type { Environment } from '../environment.ts';
import { onDemand } from './on-demand.ts';
import { wireSecrets } from './secrets.ts';

/** The way to gate providers, for a function that may read their secrets and those of registries. */
export function wireProviders(
  environment: Pick<Environment, 'allowLoopback' | 'secretsPrefix'>,
  { catalog }: Pick<AskRegistryDeps, 'catalog'>,
): GateProviders {
  const secrets = wireSecrets(environment);
  const http = httpGateProviders({ egress: httpsEgress(environment), secrets });
  const registry = onDemand(async () => {
    const [{ askRegistry }, { wireRegistries, RECORD_IDLE_MS }] = await Promise.all([
      import('../../use-cases/evidence/ask-registry.ts'),
      import('./registries.ts'),
    ]);
    return { askRegistry, registries: () => wireRegistries(environment, 0, RECORD_IDLE_MS) };
  });
  return {
    async ask({ provider, ...question }) {
      if (provider.type === 'http') return http.ask({ provider, ...question });
      const { askRegistry, registries } = await registry();
      const deps = { catalog, registries: registries(), within: beforeDeadline };
      return askRegistry(deps, { provider, ...question });
    },
  };
}
