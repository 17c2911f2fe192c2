import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { promotionTrace } from '../../../functions/domain/trace/promotion-trace.ts';
import { otlpTraces } from '../../../functions/domain/trace/span.ts';
import { programPath, skipWithout } from '../../support/programs.ts';
import { type Place, promotionIn } from '../../support/promotions.ts';

const details = {
  registries: [
    { registry: 'main', repository: 'registry.acme.com/platform' },
    { registry: 'dr', repository: 'dr.acme.com/platform' },
  ],
};

const traceIn = (place: Place) => promotionTrace(promotionIn(place).events, { details }) ?? [];

describe('the trace of a promotion', () => {
  it('has a span for the whole, each assessment and its gates, the approval, the execution and each copy', () => {
    const spans = traceIn('completed');
    const [whole] = spans;
    expect(whole).toMatchObject({ parent: undefined, status: 1 });
    expect(whole?.name).toMatch(/^promote \w+ \S+ to \w+$/);
    const names = spans.map(({ name }) => name);
    for (const name of ['assess', 'wait for approval', 'execute', 'copy to main', 'copy to dr']) {
      expect(names, name).toContain(name);
    }
    const execute = spans.find(({ name }) => name === 'execute');
    for (const { name, parent } of spans.slice(1)) {
      const copy = name.startsWith('copy');
      if (!name.startsWith('gate')) expect(parent, name).toBe(copy ? execute?.span : whole?.span);
    }
    for (const gate of spans.filter(({ name }) => name.startsWith('gate'))) {
      const step = spans.find(({ span }) => span === gate.parent);
      expect(['assess', 'execute']).toContain(step?.name);
      expect(gate.start).toBe(step?.start);
    }
    expect(names.filter((name) => name.startsWith('gate')).length).toBeGreaterThan(0);
  });

  it('is the same however often it is asked for, and after what happened later', () => {
    const { events } = promotionIn('rolled back');
    const completed = events.findIndex(({ event }) => event.type === 'PromotionCompleted') + 1;
    expect(completed).toBeLessThan(events.length);
    expect(promotionTrace(events)).toEqual(promotionTrace(events.slice(0, completed)));
    expect(promotionTrace(events)).toEqual(promotionTrace(structuredClone(events)));
  });

  it('has one trace id and a span id for each span, of the lengths that W3C Trace Context has', () => {
    for (const place of ['completed', 'rejected', 'cancelled'] as const) {
      const spans = traceIn(place);
      expect(new Set(spans.map(({ trace }) => trace)).size).toBe(1);
      expect(new Set(spans.map(({ span }) => span)).size).toBe(spans.length);
      for (const { trace, span, start, end } of spans) {
        expect(trace).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
        expect(span).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
        expect(end >= start).toBe(true);
      }
    }
  });

  it('does not exist before the promotion ended', () => {
    for (const place of ['approved', 'executing', 'scheduled'] as const) {
      expect(promotionTrace(promotionIn(place).events)).toBeUndefined();
    }
    expect(promotionTrace([])).toBeUndefined();
  });

  it('says what failed', () => {
    for (const name of ['execute', 'assess']) {
      const fine = traceIn('completed').find((span) => span.name === name);
      expect(fine?.status).toBe(1);
      expect(fine?.message).toBeUndefined();
    }
    const failed = promotionTrace(promotionIn('failed').events) ?? [];
    expect(failed[0]).toMatchObject({ status: 2, message: expect.stringMatching(/./) });
    expect(failed.find(({ name }) => name === 'execute')).toMatchObject({ status: 2 });
    expect(traceIn('rejected')[0]).toMatchObject({ status: 0 });
  });
});

describe('an export', () => {
  const body = otlpTraces('sluice', [
    {
      trace: '5b8efff798038103d269b633813fc60c',
      span: 'eee19b7ec3c1b174',
      parent: 'eee19b7ec3c1b173',
      name: 'execute',
      start: '2026-11-21T12:00:00.001Z',
      end: '2026-11-21T12:00:02.000Z',
      attributes: { 'sluice.tenant': 'acme', 'sluice.event': 7 },
      events: [{ at: '2026-11-21T12:00:01.000Z', name: 'ExecutionStarted' }],
      status: 2,
      message: 'the gateway refused',
    },
  ]);

  it('is in the JSON mapping of OTLP: ids in hex, nanoseconds and whole numbers as strings, enums as numbers', () => {
    expect(body).toEqual({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'sluice' } }] },
          scopeSpans: [
            {
              scope: { name: 'sluice' },
              spans: [
                {
                  traceId: '5b8efff798038103d269b633813fc60c',
                  spanId: 'eee19b7ec3c1b174',
                  parentSpanId: 'eee19b7ec3c1b173',
                  name: 'execute',
                  kind: 1,
                  startTimeUnixNano: '1795262400001000000',
                  endTimeUnixNano: '1795262402000000000',
                  attributes: [
                    { key: 'sluice.tenant', value: { stringValue: 'acme' } },
                    { key: 'sluice.event', value: { intValue: '7' } },
                  ],
                  events: [{ timeUnixNano: '1795262401000000000', name: 'ExecutionStarted' }],
                  status: { code: 2, message: 'the gateway refused' },
                },
              ],
            },
          ],
        },
      ],
    });
  });

  // The protocol's own messages, generated from its definitions, refuse a field or an enum that they do not know.
  it.skipIf(skipWithout('opentelemetry-python'))('is read by the protocol’s own definitions', () => {
    const script = [
      'import base64, json, sys',
      'from google.protobuf import json_format',
      'from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest as Request',
      'body = json.load(sys.stdin)',
      'for resource in body["resourceSpans"]:',
      '  for scope in resource["scopeSpans"]:',
      '    for span in scope["spans"]:',
      '      for name in ("traceId", "spanId", "parentSpanId"):',
      '        if name in span: span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()',
      'request = json_format.ParseDict(body, Request())',
      'spans = request.resource_spans[0].scope_spans[0].spans',
      'print(json.dumps([[s.name, s.trace_id.hex(), s.span_id.hex(), s.start_time_unix_nano, s.kind, s.status.code] for s in spans]))',
    ].join('\n');
    const spans = traceIn('completed');
    const read = execFileSync(programPath('opentelemetry-python') ?? '', ['-c', script], {
      input: JSON.stringify(otlpTraces('sluice', spans)),
      encoding: 'utf8',
    });
    const nanoseconds = (instant: string) => Date.parse(instant) * 1_000_000;
    expect(JSON.parse(read)).toEqual(
      spans.map(({ name, trace, span, start, status }) => [name, trace, span, nanoseconds(start), 1, status]),
    );
  });
});
