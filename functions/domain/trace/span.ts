import { milliseconds } from '../instant.ts';

/** What a span says of its end (opentelemetry-proto, `Status.StatusCode`). */
export const STATUS = { unset: 0, ok: 1, error: 2 } as const;

/** Attributes of a span; numbers are whole. */
export type Attributes = { readonly [name: string]: string | number };

/** A span of a trace. Ids are hex: 32 digits for the trace, 16 for the span. Times are instants. */
export type Span = {
  readonly trace: string;
  readonly span: string;
  readonly parent: string | undefined;
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly attributes: Attributes;
  readonly events: readonly { readonly at: string; readonly name: string }[];
  readonly status: (typeof STATUS)[keyof typeof STATUS];
  readonly message?: string;
};

/** `SPAN_KIND_INTERNAL`. */
const INTERNAL = 1;

/**
 * Spans as the body of an OTLP export (OTLP 1.x, "JSON Protobuf Encoding": ids in hex, 64-bit numbers as strings, enums as numbers).
 * Equal spans give equal bodies.
 */
export function otlpTraces(service: string, spans: readonly Span[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf({ 'service.name': service }) },
        scopeSpans: [{ scope: { name: 'sluice' }, spans: spans.map(otlpSpan) }],
      },
    ],
  };
}

function otlpSpan({ trace, span, parent, name, start, end, attributes, events, status, message }: Span) {
  return {
    traceId: trace,
    spanId: span,
    ...(parent === undefined ? {} : { parentSpanId: parent }),
    name,
    kind: INTERNAL,
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(end),
    attributes: attributesOf(attributes),
    events: events.map((event) => ({ timeUnixNano: nanoseconds(event.at), name: event.name })),
    status: { code: status, ...(message === undefined ? {} : { message }) },
  };
}

const attributesOf = (attributes: Attributes) =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));

const nanoseconds = (instant: string): string => `${milliseconds(instant)}000000`;
