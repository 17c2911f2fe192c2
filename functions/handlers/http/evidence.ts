import { httpsEgress } from '../../adapters/egress/https.ts';
import { sigstoreSignatures } from '../../adapters/sigstore/signatures.ts';
import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { BRIEF_COPY_SECONDS, wireRegistries } from '../wiring/registries.ts';
import { wireDriving } from '../wiring/wiring.ts';
import { configEvidenceRoutes } from './config-evidence-routes.ts';
import { evidenceRoutes } from './evidence-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  [...evidenceRoutes, ...configEvidenceRoutes],
  () => {
    const environment = readEnvironment();
    const { allowLoopback } = environment;
    return {
      ...wireDriving(environment),
      egress: httpsEgress({ allowLoopback }),
      signatures: sigstoreSignatures,
      registries: wireRegistries(environment, BRIEF_COPY_SECONDS),
    };
  },
  openLog(),
);
