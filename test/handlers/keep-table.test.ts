import { describe, expect, it } from 'vitest';
import { FORMAT, type Moving } from '../../functions/domain/format/number.ts';
import type { StoredItem } from '../../functions/domain/format/stored-item.ts';
import { addDuration } from '../../functions/domain/instant.ts';
import { keepTableHandler } from '../../functions/handlers/schedule/keep-table.ts';
import type { EgressRequest, EgressResult } from '../../functions/ports/egress.ts';
import type { FormatStore } from '../../functions/ports/format-store.ts';
import { memoryFormatStore } from '../support/memory/format-store.ts';
import { memoryStoredItems } from '../support/memory/stored-items.ts';
import { testLog } from './log.ts';

const START = '2026-11-24T12:00:00.000Z';
const OK: EgressResult = { result: 'answered', status: 200, headers: {}, body: '', truncated: false };
const BEFORE = { PK: 'T#acme#CATALOG#policy', SK: 'pol-1' };

const stackEvent = (RequestType: 'Create' | 'Update' | 'Delete', part = 'number') => ({
  RequestType,
  ResponseURL: 'https://cloudformation-custom-resource-response.s3.amazonaws.com/x?signed=1',
  StackId: 'arn:stack',
  RequestId: 'req-1',
  LogicalResourceId: 'formatnumber',
  ResourceType: 'Custom::SluiceFormat',
  ResourceProperties: { ServiceToken: 'arn:function', part, newest: 'none' },
});

function keeper(
  formats: FormatStore,
  answers: readonly EgressResult[] = [OK],
  pages: readonly (readonly StoredItem[])[] = [[]],
  called: () => Promise<void> = async () => {},
) {
  const log = testLog();
  const sent: EgressRequest[] = [];
  const collected: unknown[] = [];
  const egress = {
    send: async (request: EgressRequest) => {
      sent.push(request);
      return answers[Math.min(sent.length, answers.length) - 1] ?? OK;
    },
  };
  const calls: object[] = [];
  let now = START;
  const handler = keepTableHandler(
    () => ({
      formats,
      items: {
        ...memoryStoredItems(new Map()),
        // A page takes five minutes.
        async page(after) {
          now = addDuration(now, 'PT5M');
          const at = Number(after ?? 0);
          const page = { items: pages[at] ?? [] };
          return at + 1 < pages.length ? { ...page, next: String(at + 1) } : page;
        },
      },
      sleep: async (ms) => {
        now = addDuration(now, `PT${ms / 1_000}S`);
      },
      clock: { now: () => now },
      egress,
      async later(event) {
        await called();
        calls.push(event);
      },
    }),
    async (event) => void collected.push(event),
    log,
  );
  return { handler, sent, collected, calls, log, answer: () => JSON.parse(sent.at(-1)?.body ?? '{}') };
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

describe('a migration that the stack begins', () => {
  /** A table that the migration to format 1 has not reached, or whose migration stands at its beginning. */
  const behind = async (moving?: Moving) => {
    const formats = memoryFormatStore();
    const number = { format: moving === undefined ? FORMAT - 1 : FORMAT, readable_from: 0 };
    const rest = { written_by: 'sluice 0', at: START, ...(moving === undefined ? {} : { moving }) };
    await formats.write({ ...number, ...rest }, undefined);
    return formats;
  };
  const ON = { migrate: 'on' };

  it('is called for, and the deployment goes on at once', async () => {
    const formats = await behind();
    const { handler, calls, answer, collected } = keeper(formats);
    await handler(stackEvent('Update', 'moves'));
    expect(calls).toEqual([ON]);
    expect(answer()).toMatchObject({ Status: 'SUCCESS' });
    expect(await formats.read()).toMatchObject({ format: FORMAT - 1 });
    expect(collected).toEqual([]);
  });

  it('is called for by nothing where nothing is left to move, or the stack goes', async () => {
    const done = keeper(memoryFormatStore());
    await done.handler(stackEvent('Create', 'moves'));
    const gone = keeper(await behind());
    await gone.handler(stackEvent('Delete', 'moves'));
    expect([done.calls, gone.calls]).toEqual([[], []]);
  });

  it('ends the deployment where it cannot be called for: the table stays as it is', async () => {
    const formats = await behind();
    const { handler, answer } = keeper(formats, [OK], [[]], () => Promise.reject(new Error('throttled')));
    await handler(stackEvent('Update', 'moves'));
    expect(answer()).toMatchObject({ Status: 'FAILED', Reason: 'throttled' });
    expect(await formats.read()).toMatchObject({ format: FORMAT - 1 });
  });

  it('goes on by itself, call after call, to its end, and says how far it is', async () => {
    const formats = await behind();
    const { handler, calls, log } = keeper(formats, [OK], [[], [], [], [], []]);
    let runs = 0;
    await handler(ON);
    for (; calls.length > runs; runs += 1) await handler(calls[runs]);
    expect(runs).toBe(1);
    expect((await formats.read())?.moving).toBeUndefined();
    expect(log.lines.filter(({ message }) => message === 'table_migrating').length).toBeGreaterThan(3);
  });

  it('is gone on with by the daily call, where every other one was lost', async () => {
    const { handler, calls, collected } = keeper(await behind({ moved: 0, read_only: false }));
    await handler({ 'detail-type': 'Scheduled Event' });
    expect(calls).toEqual([ON]);
    expect(collected).toHaveLength(1);
  });

  it('answers a start that waits after so many seconds', async () => {
    const { handler, calls } = keeper(await behind(), [OK], [[], [], []]);
    const asked = { migrate: true, seconds: 5, alone: true };
    const answers = [await handler(asked), await handler(asked), await handler(asked)];
    expect(answers.map((each) => each?.done)).toEqual([false, false, true]);
    expect(calls).toEqual([]);
  });
});
