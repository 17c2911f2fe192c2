import type { Api } from '../../support/api.ts';
import type { GatewayServer } from '../../support/gateway.ts';
import type { Runtime } from '../../support/runtime.ts';

export const TENANT = '550e8400-e29b-41d4-a716-446655440000';

export type World = {
  readonly runtime: Runtime;
  readonly gateway: GatewayServer;
  readonly dev: Api;
  readonly alice: Api;
  readonly admin: Api;
  /** Settles when the execution of a promotion, given by its path, waits to be woken. */
  readonly waits: (path: string) => Promise<void>;
};

/** Expects a 2xx and answers the body. */
export async function ok(answer: ReturnType<Api['get']>) {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}
