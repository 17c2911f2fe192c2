/** An error as Lambda reports it to the caller. */
export interface LambdaError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What an invocation comes to: the handler's answer (any JSON value) or the error it threw. */
export type InvokeResult =
  | { readonly ok: true; readonly payload: unknown }
  | { readonly ok: false; readonly error: LambdaError };

/** What a worker thread is given at its start. */
export interface WorkerStart {
  readonly file: string;
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** Milliseconds (one Float64) that the clock of the functions runs ahead of the host's; absent when it is not adjustable. */
  readonly clock?: SharedArrayBuffer;
}

/** Host to worker: one invocation; the event is JSON text, as on the wire. */
export interface InvokeMessage {
  readonly event: string;
  readonly requestId: string;
  /** Unix milliseconds by the clock of the host. */
  readonly deadline: number;
}

/** Host to worker. Only functions that stream have more than one invocation at once. */
export type HostMessage =
  | ({ readonly type: 'invoke' | 'stream' } & InvokeMessage)
  /** The client took the last chunk, or is gone. */
  | { readonly type: 'taken' | 'gone'; readonly requestId: string };

/** Worker to host, of one streamed answer: its bytes, and that its handler is done. */
export type StreamMessage =
  | { readonly type: 'chunk'; readonly requestId: string; readonly bytes: Uint8Array }
  | { readonly type: 'streamed'; readonly requestId: string; readonly error?: LambdaError };

/** Worker to host. `payload` is JSON text. */
export type WorkerMessage =
  | StreamMessage
  | { readonly type: 'ready' }
  | { readonly type: 'init-failed'; readonly error: LambdaError }
  | { readonly type: 'answered'; readonly payload: string }
  | { readonly type: 'failed'; readonly error: LambdaError };
