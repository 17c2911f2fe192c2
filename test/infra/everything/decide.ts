import { expect } from 'vitest';
import { Api, until } from '../../support/api.ts';
import { WebBrowser } from '../../support/web-browser.ts';
import { reaches, requested } from './requests.ts';
import { ok, type World } from './world.ts';

type Mail = { readonly to: readonly string[]; readonly subject: string; readonly text: string };

/** The link that alice was mailed for a promotion of an agent. */
async function linkFor({ runtime }: World, agent: string): Promise<string> {
  const mails: readonly Mail[] = await until(
    async () => (await ok(new Api(runtime.url, 'none').get('/_local/mail'))).items,
    (items: readonly Mail[]) => items.some((mail) => isFor(mail, agent)),
  );
  const text = mails.find((mail) => isFor(mail, agent))?.text ?? '';
  return /\/approvals\/[\w-]{43}/.exec(text)?.[0] ?? '';
}

const isFor = ({ to, subject, text }: Mail, agent: string): boolean =>
  to.includes('alice@acme.com') && subject.includes(`agent ${agent} `) && text.includes('/approvals/');

/** Somebody decides by the links of mails: yes, no, and yes to what has a time. */
export async function decideByMail(world: World): Promise<void> {
  const { runtime, dev } = world;
  const alice = new WebBrowser(runtime.url);

  const path = await requested(world, 'a-linked');
  const link = await linkFor(world, 'a-linked');
  const page = await alice.get(link);
  expect(page.text).toContain('Promote agent a-linked from staging to production?');
  expect((await alice.signIn('alice@acme.com', link)).text).toContain('You decide as alice@acme.com');
  const decide = (to: string, decision: string) =>
    alice.post(to, { decision, comment: 'by mail', csrf: alice.formToken() });
  expect((await decide(link, 'approve')).text).toContain('You approved');
  expect(await decide(link, 'approve')).toMatchObject({ status: 410 });
  await ok(dev.post(`${path}/execute`));
  await reaches(world, path, 'completed');

  const unwanted = await requested(world, 'a-unwanted');
  expect((await decide(await linkFor(world, 'a-unwanted'), 'reject')).status).toBe(200);
  await reaches(world, unwanted, 'rejected');

  const timed = await requested(world, 'a-timed');
  const at = new Date(Date.now() + 3 * 24 * 3_600_000).toISOString();
  await ok(dev.post(`${timed}/schedule`, { at }));
  expect((await decide(await linkFor(world, 'a-timed'), 'approve')).status).toBe(200);
  await reaches(world, timed, 'scheduled');
  await ok(dev.delete(timed));

  expect((await alice.post('/sign-out', { csrf: alice.formToken() })).status).toBe(200);
}
