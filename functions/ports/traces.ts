/** What came of an export. `retry`: the receiver may take it later; `refused`: it never will. */
export type Exported =
  | { readonly outcome: 'sent' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'retry'; readonly reason: string; readonly after_seconds?: number };

/** Where traces go. */
export interface Traces {
  /** Names this installation to the receiver. */
  readonly service: string;
  /** Sends the body of an OTLP export of traces. Never throws for what the receiver does. */
  export(body: object): Promise<Exported>;
}
