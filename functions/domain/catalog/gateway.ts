/**
 * Where agents run. `record`: a deployment is live once it is written. `http`: the gateway's endpoint deploys and answers.
 * `principal` is the machine that may report this gateway's outcomes; `secret_ref` names the credential, never holds it.
 */
export type Gateway = {
  readonly id: string;
  readonly environment: string;
  readonly driver: 'record' | 'http';
  readonly endpoint?: string;
  readonly secret_ref?: string;
  readonly principal?: string;
  readonly status: 'active' | 'inactive';
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};
