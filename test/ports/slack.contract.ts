import { expect, it } from 'vitest';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import type { SlackMessages } from '../../functions/ports/slack-messages.ts';
import type { NewSlackLink, SlackLink, SlackPeople } from '../../functions/ports/slack-people.ts';

const NOW = '2026-11-21T09:00:00.000Z';
const LATER = '2026-11-21T10:00:00.000Z';
const team = 'T1';
const APP = { channel: 'chan-1', app: 'A1', signing_secret_ref: 'sluice/acme/slack/one' };

/** The stored link of somebody who accepted these invitations, the last for `given`. */
function storedOf({ app, ...link }: NewSlackLink, ...before: NewSlackLink['app'][]): SlackLink {
  return { ...link, apps: [...before, app], version: before.length + 1 };
}

/** What any store of who is who in Slack does. `people` is asked in each test; tenants and users are told apart by `unique`. */
export function slackPeopleContract(people: () => SlackPeople): void {
  let made = 0;
  const fresh = (): NewSlackLink => {
    made += 1;
    return { tenant: `t${made}`, team, user: `U${made}`, subject: `sub|${made}`, app: APP, linked_at: NOW };
  };
  const invited = async ({ tenant, user, app }: NewSlackLink) => {
    const token = digestOfBytes(`token ${made} ${user}`);
    await people().invite(token, { tenant, team, user, app, expires_at: LATER });
    return token;
  };

  it('links a Slack user to a member with one invitation, once', async () => {
    const link = fresh();
    expect(await people().linkOf(link.tenant, link)).toBeUndefined();
    const token = await invited(link);
    expect(await people().invitation(token, NOW)).toMatchObject({ tenant: link.tenant, user: link.user });
    expect(await people().accept(token, link)).toBe('linked');
    expect(await people().linkOf(link.tenant, link)).toEqual(storedOf(link));
    expect(await people().linksOf(link.tenant, link.subject)).toEqual([storedOf(link)]);
    expect(await people().invitation(token, NOW)).toBeUndefined();
    expect(await people().accept(token, link)).toBe('used');
  });

  it('knows no invitation that has expired, and none that was never made', async () => {
    const token = await invited(fresh());
    expect(await people().invitation(token, LATER)).toBeUndefined();
    expect(await people().invitation(digestOfBytes('another'), NOW)).toBeUndefined();
  });

  it('lets one of many who accept the same invitation at once be linked', async () => {
    const link = fresh();
    const token = await invited(link);
    const subjects = Array.from({ length: 20 }, (_, at) => `racer|${at}`);
    const answers = await Promise.all(
      subjects.map((subject) =>
        people()
          .accept(token, { ...link, subject })
          .catch(() => 'unavailable'),
      ),
    );
    expect(answers.filter((answer) => answer === 'linked')).toHaveLength(1);
    const subject = subjects[answers.indexOf('linked')] ?? '';
    expect(await people().linkOf(link.tenant, link)).toMatchObject({ subject });
  });

  it('gives no Slack user to a second member, and no member a second user of the team', async () => {
    const link = fresh();
    await people().accept(await invited(link), link);
    const another = { ...link, subject: 'another' };
    const token = await invited(another);
    expect(await people().accept(token, another)).toBe('user_taken');
    const second = { ...link, user: `${link.user}X` };
    expect(await people().accept(await invited(second), second)).toBe('member_taken');
    expect(await people().invitation(token, NOW), 'not used up').toBeDefined();
    expect(await people().linkOf(link.tenant, second)).toBeUndefined();
    expect(await people().linksOf(link.tenant, 'another')).toEqual([]);
  });

  it('links the same two again, and a member to users of several teams', async () => {
    const link = fresh();
    await people().accept(await invited(link), link);
    expect(await people().accept(await invited(link), link)).toBe('linked');
    const elsewhere = { ...link, team: 'T2' };
    expect(await people().accept(await invited(elsewhere), elsewhere)).toBe('linked');
    expect(await people().linksOf(link.tenant, link.subject)).toEqual([
      { ...storedOf(link), version: 2 },
      storedOf(elsewhere),
    ]);
  });

  it('keeps the app of each channel, the newest one, and links again with every invitation', async () => {
    const link = fresh();
    const second = { ...link, app: { ...APP, channel: 'chan-2' } };
    const changed = { ...link, app: { ...APP, app: 'A2' } };
    for (const each of [link, second]) await people().accept(await invited(each), each);
    expect(await people().linkOf(link.tenant, link)).toEqual(storedOf(second, APP));
    expect(await people().accept(await invited(changed), changed)).toBe('linked');
    const apps = [second.app, changed.app];
    expect(await people().linkOf(link.tenant, link)).toEqual({ ...storedOf(link), apps, version: 3 });
    expect(await people().linksOf(link.tenant, link.subject)).toMatchObject([{ apps, version: 3 }]);
  });

  it('loses no app when one member links two channels at once', async () => {
    const link = fresh();
    await people().accept(await invited(link), link);
    const both = ['chan-2', 'chan-3'].map((channel) => ({ ...link, app: { ...APP, channel } }));
    const answers = await Promise.all(
      both.map(async (each, at) => {
        const token = digestOfBytes(`both ${made} ${at}`);
        await people().invite(token, { ...each, expires_at: LATER });
        return people()
          .accept(token, each)
          .catch(() => 'unavailable');
      }),
    );
    const linked = both.filter((_, at) => answers[at] === 'linked').map(({ app }) => app.channel);
    const stored = await people().linkOf(link.tenant, link);
    expect(stored?.apps.map(({ channel }) => channel).sort()).toEqual(['chan-1', ...linked]);
    expect(linked.length).toBeGreaterThan(0);
  });

  it('keeps tenants apart: the same Slack user is whoever each of them says', async () => {
    const link = fresh();
    const foreign = { ...link, tenant: `${link.tenant}-other`, subject: 'carol' };
    await people().accept(await invited(link), link);
    expect(await people().linkOf(foreign.tenant, link)).toBeUndefined();
    expect(await people().accept(await invited(foreign), foreign)).toBe('linked');
    expect(await people().linkOf(link.tenant, link)).toEqual(storedOf(link));
    expect(await people().linksOf(foreign.tenant, link.subject)).toEqual([]);
  });

  it('takes back exactly the link it is shown', async () => {
    const link = fresh();
    await people().accept(await invited(link), link);
    expect(await people().unlink({ ...link, subject: 'another' })).toBe(false);
    expect(await people().unlink(link)).toBe(true);
    expect(await people().unlink(link)).toBe(false);
    expect(await people().linkOf(link.tenant, link)).toBeUndefined();
    expect(await people().linksOf(link.tenant, link.subject)).toEqual([]);
    const another = { ...link, subject: 'another' };
    expect(await people().accept(await invited(another), another)).toBe('linked');
  });
}

/** What any store of messages does. */
export function slackMessagesContract(messages: () => SlackMessages): void {
  it('keeps the newest message of a promotion, for each channel of each tenant', async () => {
    const message = { place: 'C1', ts: '1.1', notice: 'prom-1-1', at: NOW };
    const newer = { ...message, ts: '2.2' };
    expect(await messages().read('acme', 'chan-1', 'prom-1')).toBeUndefined();
    await messages().write('acme', 'chan-1', 'prom-1', message);
    await messages().write('acme', 'chan-1', 'prom-1', newer);
    expect(await messages().read('acme', 'chan-1', 'prom-1')).toEqual(newer);
    expect(await messages().read('acme', 'chan-2', 'prom-1')).toBeUndefined();
    expect(await messages().read('acme', 'chan-1', 'prom-2')).toBeUndefined();
    expect(await messages().read('globex', 'chan-1', 'prom-1')).toBeUndefined();
  });
}
