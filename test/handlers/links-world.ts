import { formToken } from '../../functions/domain/identity/session.ts';
import { approvalMail } from '../../functions/use-cases/links/approval-mail.ts';
import { ACME, type Name, type World } from './api-world.ts';
import { browser } from './browser.ts';
import type { Answer } from './event.ts';

/** The mail that asks somebody to decide on a promotion, and the path of the link in it. */
export async function mailed(world: World, id: string, name: Name = 'alice', show_values = false) {
  const stored = await world.deps.promotions.read(ACME, id);
  if (stored === undefined) throw new Error(`no promotion ${id}`);
  const approver = { subject: name, email: `${name}@acme.com` };
  const notice = { promotion: stored.state };
  const mail = await approvalMail(world.deps, { notice, approver, show_values });
  const link = /\/approvals\/[\w-]{43}/.exec(mail.text)?.[0];
  if (link === undefined) throw new Error(`no link in ${mail.text}`);
  return { mail, link };
}

/** Somebody signed in, who decides by a link with its page's form. */
export async function signedIn(world: World, name: Name) {
  const own = browser(world);
  await own.signIn(name);
  return {
    ...own,
    decide: (link: string, decision: string, comment = ''): Promise<Answer> =>
      own.post(link, { decision, comment, csrf: formToken(own.secret()) }),
  };
}

/** What happened to a promotion, by type, oldest first. */
export async function happened(world: World, id: string): Promise<readonly string[]> {
  return (await world.deps.promotions.events(ACME, id)).map(({ event }) => event.type);
}
