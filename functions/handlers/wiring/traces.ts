import { httpsEgress } from '../../adapters/egress/https.ts';
import { otlpSettings } from '../../adapters/otlp/settings.ts';
import { otlpTracesOver } from '../../adapters/otlp/traces.ts';
import type { Traces } from '../../ports/traces.ts';
import type { Environment } from '../environment.ts';

/** Where traces go, for a function that sends them; undefined where nobody wants them. */
export function wireTraces(environment: Pick<Environment, 'allowLoopback'>): Traces | undefined {
  const settings = otlpSettings(process.env);
  return settings === undefined ? undefined : otlpTracesOver(httpsEgress(environment), settings);
}
