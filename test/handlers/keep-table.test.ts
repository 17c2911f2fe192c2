import { describe, expect, it } from 'vitest';
import { FORMAT } from '../../functions/domain/format/number.ts';
import { keepTableHandler } from '../../functions/handlers/schedule/keep-table.ts';
import type { EgressRequest, EgressResult } from '../../functions/ports/egress.ts';
import type { FormatStore } from '../../functions/ports/format-store.ts';
import { memoryFormatStore } from '../support/memory/format-store.ts';
import { memoryStoredItems } from '../support/memory/stored-items.ts';
import { testLog } from './log.ts';

const CLOCK = { now: () => '2026-11-24T12:00:00.000Z' };
const OK: EgressResult = { result: 'answered', status: 200, headers: {}, body: '', truncated: false };
const BEFORE = { PK: 'T#acme#CATALOG#policy', SK: 'pol-1' };

const stackEvent = (RequestType: 'Create' | 'Update' | 'Delete') => ({
  RequestType,
  ResponseURL: 'https://cloudformation-custom-resource-response.s3.amazonaws.com/x?signed=1',
  StackId: 'arn:stack',
  RequestId: 'req-1',
  LogicalResourceId: 'formatnumber',
  ResourceType: 'Custom::SluiceFormat',
  ResourceProperties: { ServiceToken: 'arn:function', part: 'number', newest: 'none' },
});

function keeper(formats: FormatStore, answers: readonly EgressResult[] = [OK]) {
  const sent: EgressRequest[] = [];
  const collected: unknown[] = [];
  const egress = {
    send: async (request: EgressRequest) => {
      sent.push(request);
      return answers[Math.min(sent.length, answers.length) - 1] ?? OK;
    },
  };
  const handler = keepTableHandler(
    () => ({ formats, items: memoryStoredItems(new Map()), sleep: async () => {}, clock: CLOCK, egress }),
    async (event) => void collected.push(event),
    testLog(),
  );
  return { handler, sent, collected, answer: () => JSON.parse(sent.at(-1)?.body ?? '{}') };
}

describe('the function that keeps the table', () => {
  it('tells CloudFormation that the table may be served, and has numbered it', async () => {
    const formats = memoryFormatStore();
    const { handler, sent, answer, collected } = keeper(formats);
    await handler(stackEvent('Create'));
    expect(await formats.read()).toMatchObject({ format: FORMAT });
    expect(sent).toEqual([expect.objectContaining({ method: 'PUT', headers: { 'content-type': '' } })]);
    expect(answer()).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'formatnumber',
      StackId: 'arn:stack',
      RequestId: 'req-1',
      LogicalResourceId: 'formatnumber',
    });
    expect(collected).toEqual([]);
  });

  it.each(['Create', 'Update'] as const)(
    'ends the deployment (%s) on a table that it does not read',
    async (type) => {
      const formats = memoryFormatStore([BEFORE]);
      const { handler, answer } = keeper(formats);
      await handler(stackEvent(type));
      expect(answer()).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/before format 1/) });
      expect(await formats.read()).toBeUndefined();
    },
  );

  it('judges nothing where the stack is taken away, since the table stays', async () => {
    const formats = memoryFormatStore([BEFORE]);
    const { handler, answer } = keeper(formats);
    await handler(stackEvent('Delete'));
    expect(answer()).toMatchObject({ Status: 'SUCCESS' });
  });

  it('tells CloudFormation of a table that does not answer, in at most 4 KB', async () => {
    const away = () => Promise.reject(new Error('x'.repeat(10_000)));
    const { handler, answer, sent } = keeper({ ...memoryFormatStore(), read: away });
    await handler(stackEvent('Update'));
    expect(answer()).toMatchObject({ Status: 'FAILED' });
    expect(sent.at(-1)?.body?.length).toBeLessThan(4_096);
  });

  it('tries three times to be heard, and then fails', async () => {
    const broken: EgressResult = { result: 'unanswered', message: 'reset', late: false, sent: true };
    const heard = keeper(memoryFormatStore(), [broken, { ...OK, status: 503 }, OK]);
    await heard.handler(stackEvent('Create'));
    expect(heard.sent).toHaveLength(3);
    const unheard = keeper(memoryFormatStore(), [broken]);
    await expect(unheard.handler(stackEvent('Create'))).rejects.toThrow(/took no answer/);
    expect(unheard.sent).toHaveLength(3);
  });

  it('answers a start of the local runtime, and collects garbage on its schedule', async () => {
    const { handler, sent, collected } = keeper(memoryFormatStore());
    expect(await handler({ migrate: true })).toEqual({
      verdict: 'serve',
      numbered: FORMAT,
      done: true,
      format: FORMAT,
      moved: 0,
    });
    expect(await handler({ 'detail-type': 'Scheduled Event' })).toBeUndefined();
    expect(collected).toEqual([{ 'detail-type': 'Scheduled Event' }]);
    expect(sent).toEqual([]);
    const refused = keeper(memoryFormatStore([BEFORE]));
    expect(await refused.handler({ migrate: true })).toMatchObject({ verdict: 'refuse' });
  });
});
