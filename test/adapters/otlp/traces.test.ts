import { describe, expect, it } from 'vitest';
import { otlpSettings } from '../../../functions/adapters/otlp/settings.ts';
import { otlpTracesOver } from '../../../functions/adapters/otlp/traces.ts';
import type { EgressRequest, EgressResult } from '../../../functions/ports/egress.ts';

describe('the settings', () => {
  it('are the standard variables of OpenTelemetry', () => {
    expect(otlpSettings({})).toBeUndefined();
    expect(otlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: '' })).toBeUndefined();
    expect(otlpSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.acme.com/in/' })).toEqual({
      url: 'https://otel.acme.com/in/v1/traces',
      headers: {},
      service: 'sluice',
    });
    expect(
      otlpSettings({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.acme.com',
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.acme.com/own/path',
        OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20abc, x-tenant = acme,nonsense,x-odd=%zz',
        OTEL_SERVICE_NAME: 'promotions',
      }),
    ).toEqual({
      url: 'https://traces.acme.com/own/path',
      headers: { authorization: 'Bearer abc', 'x-tenant': 'acme', 'x-odd': '%zz' },
      service: 'promotions',
    });
  });
});

describe('an export', () => {
  const settings = {
    url: 'https://otel.acme.com/v1/traces',
    headers: { authorization: 'x' },
    service: 'sluice',
  };
  const answered = (status: number, headers: { readonly [name: string]: string } = {}): EgressResult => ({
    ...{ result: 'answered', status, headers, body: '{}', truncated: false },
  });

  async function exported(result: EgressResult) {
    const sent: EgressRequest[] = [];
    const egress = {
      send: async (request: EgressRequest) => {
        sent.push(request);
        return result;
      },
    };
    return { outcome: await otlpTracesOver(egress, settings).export({ resourceSpans: [] }), sent };
  }

  it('is one POST of JSON', async () => {
    const { outcome, sent } = await exported(answered(200));
    expect(outcome).toEqual({ outcome: 'sent' });
    expect(sent).toMatchObject([
      {
        method: 'POST',
        url: settings.url,
        headers: { 'content-type': 'application/json', authorization: 'x' },
        body: '{"resourceSpans":[]}',
      },
    ]);
  });

  it.each([429, 502, 503, 504])('that is answered %i is made again', async (status) => {
    expect((await exported(answered(status, { 'retry-after': '7' }))).outcome).toMatchObject({
      outcome: 'retry',
      after_seconds: 7,
    });
    expect((await exported(answered(status, { 'retry-after': 'soon' }))).outcome).toEqual({
      outcome: 'retry',
      reason: `the receiver of traces answered ${status}`,
    });
  });

  it.each([400, 401, 404, 500, 301])(
    'that is answered %i is given up, as the protocol says',
    async (status) => {
      expect((await exported(answered(status))).outcome).toMatchObject({ outcome: 'refused' });
    },
  );

  it('that reaches nobody is made again', async () => {
    const silent = { result: 'unanswered', message: 'refused', late: false, sent: false } as const;
    expect((await exported(silent)).outcome).toMatchObject({ outcome: 'retry' });
    expect((await exported({ result: 'forbidden', message: 'private' })).outcome).toMatchObject({
      outcome: 'retry',
    });
  });
});
