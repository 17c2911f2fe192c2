import { expect, it } from 'vitest';
import { NOTICE_NAMES } from '../../functions/domain/notification/channel.ts';
import { noticeInWords } from '../../web/words/notices.ts';

it('says in words whatever a channel may be told of', () => {
  const words = Object.fromEntries(NOTICE_NAMES.map((name) => [name, noticeInWords(name)]));
  expect(words).toMatchObject({
    requested: 'requested',
    approvalgranted: 'approval granted',
    approvalrequested: 'approval requested',
    driftdetected: 'drift detected',
  });
  for (const [name, says] of Object.entries(words)) expect(says.replaceAll(' ', '')).toBe(name);
  expect(noticeInWords('unheard')).toBe('unheard');
});
