import { Fault } from '../../domain/faults.ts';
import type { LogFeeder } from '../../ports/log-feeder.ts';
import { type Credentials, signedCalls } from '../signed-call.ts';

export type FeederSettings = {
  /** The name of the function. */
  readonly feeder: string;
  readonly region: string;
  /** Where Lambda answers, without a slash at the end; absent: at the endpoint of the region. */
  readonly endpoint?: string;
  readonly credentials: Credentials;
};

/** Milliseconds for a call: a request waits for it, and the feeder runs every minute anyway. */
const DEADLINE_MS = 1_000;

/** The function that feeds the logs, called asynchronously: Lambda keeps the call and answers at once. */
export function lambdaLogFeeder({ feeder, region, endpoint, credentials }: FeederSettings): LogFeeder {
  const call = signedCalls({ service: 'lambda', region, credentials }, DEADLINE_MS);
  const base = endpoint ?? `https://lambda.${region}.amazonaws.com`;
  return {
    async wake(tenant) {
      const answer = await call({
        method: 'POST',
        url: `${base}/2015-03-31/functions/${feeder}/invocations`,
        body: new TextEncoder().encode(JSON.stringify({ wake: tenant })),
        headers: { 'x-amz-invocation-type': 'Event' },
      }).catch((cause: unknown) => {
        throw new Fault('Unavailable', 'Lambda did not answer', { cause });
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Fault('Unavailable', `Lambda answered ${answer.status}`);
    },
  };
}
