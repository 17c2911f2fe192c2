/** One outgoing call. `url` is https; credentials travel in `headers`. */
export type EgressRequest = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body?: string;
  /** Milliseconds for all of it: resolving, connecting, sending, and the answer's body. */
  readonly timeout_ms: number;
  /** Bytes of the answer's body that are kept. */
  readonly max_bytes: number;
};

/**
 * What came of it. `answered`: the status is the peer's own; redirects are not followed, so a 3xx is an answer too.
 * `forbidden`: nothing was sent, because this address must never be called. `unanswered`: `sent` says whether a byte of the request
 * may have left; without one the peer did not act. `late` when the time was up.
 */
export type EgressResult =
  | {
      readonly result: 'answered';
      readonly status: number;
      readonly headers: { readonly [name: string]: string };
      readonly body: string;
      /** The body went on past `max_bytes`, or broke off. */
      readonly truncated: boolean;
    }
  | { readonly result: 'forbidden'; readonly message: string }
  | {
      readonly result: 'unanswered';
      readonly message: string;
      readonly late: boolean;
      readonly sent: boolean;
    };

/** The one way out: every call to an address that a tenant chose goes through it. Never throws for what a peer does. */
export interface Egress {
  send(request: EgressRequest): Promise<EgressResult>;
}
