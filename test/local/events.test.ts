import { describe, expect, it } from 'vitest';
import { matchesPattern } from '../../local/events/pattern.ts';
import { readSchedule } from '../../local/events/schedule-expression.ts';
import { eventBridgeService } from '../../local/events/service.ts';

const event = {
  source: 'sluice',
  'detail-type': 'Thing',
  detail: {
    type: 'dev.cdevents.service.deployed',
    tags: ['a', 'b'],
    size: 5,
    nothing: null,
    parts: [{ n: 1 }, { n: 2 }],
  },
};

describe('an event pattern', () => {
  it.each([
    [{ source: ['sluice'] }, true],
    [{ source: ['other', 'sluice'] }, true],
    [{ source: ['other'] }, false],
    [{ source: ['sluice'], detail: { type: ['x'] } }, false],
    [{ detail: { type: [{ prefix: 'dev.cdevents.service.' }] } }, true],
    [{ detail: { type: [{ prefix: 'dev.cdeventsx.' }] } }, false],
    [{ detail: { type: [{ suffix: '.deployed' }] } }, true],
    [{ detail: { type: [{ wildcard: 'dev.*.service.*' }] } }, true],
    [{ detail: { type: [{ wildcard: 'dev.*.service' }] } }, false],
    [{ detail: { type: [{ 'equals-ignore-case': 'DEV.cdevents.service.deployed' }] } }, true],
    [{ source: [{ 'anything-but': ['aws', 'other'] }] }, true],
    [{ source: [{ 'anything-but': 'sluice' }] }, false],
    [{ source: [{ 'anything-but': { prefix: 'slu' } }] }, false],
    [{ detail: { absent: [{ 'anything-but': 'x' }] } }, false],
    [{ detail: { absent: [{ exists: false }], type: [{ exists: true }] } }, true],
    [{ detail: { type: [{ exists: false }] } }, false],
    [{ detail: { tags: ['b'] } }, true],
    [{ detail: { tags: ['c'] } }, false],
    [{ detail: { parts: { n: [2] } } }, true],
    [{ detail: { nothing: [null] } }, true],
    [{ detail: { absent: [null] } }, false],
    [{ detail: { size: [{ numeric: ['>', 1, '<=', 5] }] } }, true],
    [{ detail: { size: [{ numeric: ['<', 5] }] } }, false],
    [{ $or: [{ source: ['x'] }, { detail: { size: [5] } }] }, true],
  ])('%j: %j', (pattern, expected) => {
    expect(matchesPattern(pattern, event)).toBe(expected);
  });

  it('refuses an operator it does not know', () => {
    expect(() => matchesPattern({ source: [{ cidr: '10.0.0.0/8' }] }, event)).toThrow('cidr');
  });
});

describe('PutEvents', () => {
  const sent: unknown[] = [];
  const rule = {
    name: 'r',
    busName: 'sluice',
    pattern: { source: ['sluice'] },
    targets: [{ functionName: 'f', input: undefined }],
  };
  const service = eventBridgeService(new Set(['default', 'sluice']), [rule], (name, delivered) =>
    sent.push([name, delivered]),
  );
  const put = (input: Record<string, unknown>) => {
    if (typeof service.operations === 'function') throw new Error('The bus answers by operation.');
    return service.operations['PutEvents']?.(input);
  };
  const good = {
    EventBusName: 'sluice',
    Source: 'sluice',
    DetailType: 'T',
    Detail: '{"a":1}',
    Time: 1795255201,
  };

  it('judges every entry by itself', () => {
    const answer = put({
      Entries: [
        good,
        { ...good, Source: '' },
        { ...good, Detail: '{' },
        { ...good, Detail: '[]' },
        { ...good, EventBusName: 'nowhere' },
        { ...good, EventBusName: 'arn:aws:events:us-east-1:000000000000:event-bus/sluice' },
        { ...good, EventBusName: 'default' },
      ],
    });
    expect(answer).toMatchObject({
      FailedEntryCount: 4,
      Entries: [
        { EventId: expect.any(String) },
        { ErrorCode: 'InvalidArgument' },
        { ErrorCode: 'MalformedDetail' },
        { ErrorCode: 'MalformedDetail' },
        { ErrorCode: 'ResourceNotFoundException' },
        { EventId: expect.any(String) },
        { EventId: expect.any(String) },
      ],
    });
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatchObject([
      'f',
      { version: '0', source: 'sluice', 'detail-type': 'T', detail: { a: 1 }, time: '2026-11-21T10:00:01Z' },
    ]);
  });

  it('refuses a call that is too large', () => {
    expect(() => put({ Entries: [] })).toThrow('between 1 and 10');
    expect(() => put({ Entries: Array(11).fill(good) })).toThrow('between 1 and 10');
    expect(() => put({ Entries: [{ ...good, Detail: JSON.stringify({ a: 'x'.repeat(262_144) }) }] })).toThrow(
      'size',
    );
  });
});

describe('a schedule', () => {
  const at = (text: string) => Date.parse(text);
  it.each([
    ['rate(1 minute)', '2026-11-21T10:00:30Z', '2026-11-21T10:01:30Z'],
    ['rate(5 minutes)', '2026-11-21T10:00:00Z', '2026-11-21T10:05:00Z'],
    ['rate(2 days)', '2026-11-21T10:00:00Z', '2026-11-23T10:00:00Z'],
    ['cron(0/15 * * * ? *)', '2026-11-21T10:00:00Z', '2026-11-21T10:15:00Z'],
    ['cron(30 8 * * ? *)', '2026-11-21T10:00:00Z', '2026-11-22T08:30:00Z'],
    ['cron(0 9 ? * 2-6 *)', '2026-11-21T10:00:00Z', '2026-11-23T09:00:00Z'],
    ['cron(0 0 1 1,7 ? *)', '2026-11-21T10:00:00Z', '2027-01-01T00:00:00Z'],
  ])('%s after %s fires at %s', (expression, now, next) => {
    expect(new Date(readSchedule(expression)(at(now))).toISOString()).toBe(new Date(next).toISOString());
  });

  it.each([
    'rate(0.5 minutes)',
    'at(2026-11-21T10:00:00)',
    'cron(0 9 ? * MON-FRI *)',
    'cron(0 0 L * ? *)',
    '',
  ])('refuses %j', (expression) => {
    expect(() => readSchedule(expression)).toThrow('does not know');
  });
});
