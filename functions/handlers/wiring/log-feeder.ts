import { credentialsIn } from '../../adapters/signed-call.ts';
import type { LogFeeder } from '../../ports/log-feeder.ts';
import { onDemand } from './on-demand.ts';

/** The feeder of the logs; `undefined` in a function that commits nothing, and was not told which it is. */
export function wireLogFeeder(variables: NodeJS.ProcessEnv = process.env): LogFeeder | undefined {
  const { LOG_FEEDER: feeder, AWS_REGION: region, AWS_ENDPOINT_URL_LAMBDA: endpoint } = variables;
  if (feeder === undefined || region === undefined) return undefined;
  const at = endpoint === undefined ? {} : { endpoint };
  const open = onDemand(async () =>
    (await import('../../adapters/lambda/log-feeder.ts')).lambdaLogFeeder({
      ...{ name: feeder, region, credentials: credentialsIn(variables) },
      ...at,
    }),
  );
  return { wake: async (tenant) => (await open()).wake(tenant) };
}
