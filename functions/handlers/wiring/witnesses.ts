import { httpsEgress } from '../../adapters/egress/https.ts';
import { witnessesIn } from '../../domain/transparency-log/witness.ts';
import type { Witnesses } from '../../use-cases/transparency-log/cosign.ts';
import type { Environment } from '../environment.ts';

/** Who cosigns checkpoints; nobody where the installation names none. Throws when the setting makes no sense. */
export function wireWitnesses(
  environment: Pick<Environment, 'allowLoopback'>,
  variables: NodeJS.ProcessEnv = process.env,
): { readonly witnesses?: Witnesses } {
  const all = witnessesIn(variables['LOG_WITNESSES'] ?? '');
  return all.length === 0 ? {} : { witnesses: { all, egress: httpsEgress(environment) } };
}
