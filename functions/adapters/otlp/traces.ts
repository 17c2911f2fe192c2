import type { Egress } from '../../ports/egress.ts';
import type { Exported, Traces } from '../../ports/traces.ts';
import type { OtlpSettings } from './settings.ts';

const TIMEOUT_MS = 10_000;
/** Bytes of an answer that are read: what it refused, and why. */
const MAX_BYTES = 4_096;
/** Answers after which OTLP/HTTP asks for another try. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Seconds that a receiver may ask to wait at most. */
const LONGEST_PAUSE = 3_600;

/** Traces by OTLP/HTTP in JSON. */
export function otlpTracesOver(egress: Egress, { url, headers, service }: OtlpSettings): Traces {
  return {
    service,
    async export(body): Promise<Exported> {
      const result = await egress.send({
        method: 'POST',
        url,
        headers: { 'user-agent': 'Sluice', ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        timeout_ms: TIMEOUT_MS,
        max_bytes: MAX_BYTES,
      });
      if (result.result !== 'answered') {
        return { outcome: 'retry', reason: `the receiver of traces was not reached: ${result.message}` };
      }
      const { status } = result;
      if (status >= 200 && status < 300) return { outcome: 'sent' };
      const reason = `the receiver of traces answered ${status}`;
      if (!RETRYABLE.has(status)) return { outcome: 'refused', reason };
      const after = result.headers['retry-after'] ?? '';
      if (!/^\d{1,9}$/.test(after)) return { outcome: 'retry', reason };
      return { outcome: 'retry', reason, after_seconds: Math.min(Number(after), LONGEST_PAUSE) };
    },
  };
}
