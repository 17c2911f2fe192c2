import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../functions/domain/notification/notice.ts';
import { headline, plainMail } from '../../../functions/domain/notification/plain-mail.ts';
import { AT, DEV, promotion, stored } from '../../ports/samples.ts';

function noticeOf(change: Parameters<typeof promotion>[3] = {}, more: Partial<Notice> = {}): Notice {
  const state = promotion('acme', 'prom-1', 1, change);
  return {
    id: 'prom-1-1',
    tenant: 'acme',
    promotion: state,
    event: { ...stored(1), at: AT, actor: DEV },
    verb: 'completed',
    severity: 'info',
    environment: state.target_environment,
    asks_approval: false,
    ...more,
  };
}

describe('the mail of a notice', () => {
  it('says what is promoted, and whether it waits', () => {
    expect(headline(noticeOf())).toBe('agent agent-123, development to staging: is completed');
    expect(headline(noticeOf({}, { asks_approval: true }))).toMatch(/: waits for approval$/);
  });

  it.each<[string, number[]]>([
    ['a line feed', [0x0a]],
    ['a carriage return', [0x0d]],
    ['both', [0x0d, 0x0a]],
    ['a vertical tab', [0x0b]],
    ['a form feed', [0x0c]],
    ['a next-line character', [0x85]],
    ['a line separator', [0x2028]],
    ['a paragraph separator', [0x2029]],
    ['a right-to-left override', [0x202e]],
  ])('cannot be given another line by a reason with %s', (_, codes) => {
    const reason = `no${String.fromCodePoint(...codes)}Now: completed`;
    const event = { type: 'PromotionRejected', closed_by: 'person', reason } as const;
    const told = noticeOf({}, { event: { ...stored(1), at: AT, actor: DEV, event }, verb: 'rejected' });
    const { text } = plainMail(told);
    expect(text.split('\n').filter((line) => line.startsWith('Now:'))).toEqual(['Now: pending']);
    expect(text).toContain('Why: no Now: completed\n');
  });

  it('calls the configuration by no name, as there is one', () => {
    const subject = { kind: 'config', name: 'config' } as const;
    expect(headline(noticeOf({ subject }))).toMatch(/^configuration, /);
  });

  it('shows what hostile names hold, and runs none of it', () => {
    const subject = { kind: 'agent', name: '<img src=x onerror=1>' } as const;
    const { html, text } = plainMail(noticeOf({ subject }));
    expect(text).toContain('<img src=x onerror=1>');
    expect(html).not.toContain('<img');
    expect(html).toContain('&#60;img src=x onerror=1&#62;');
  });
});
