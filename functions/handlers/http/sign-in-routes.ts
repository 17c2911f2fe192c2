import * as contract from '../../contract/sign-in.ts';
import { html } from '../../domain/html.ts';
import { homeOf } from '../../domain/identity/home.ts';
import type { IdentityProvider } from '../../ports/identity-provider.ts';
import { onward, page } from '../pages/page.ts';
import { SUBJECT } from './identity.ts';
import { type Answer, ok } from './reply.ts';
import { type Route, route } from './route.ts';
import { closeSession, isOwnForm, openSession, readSession, type SessionDeps } from './session.ts';
import { begin, begunWith, forget, ownPath } from './sign-in-attempt.ts';

export type SignInDeps = SessionDeps & {
  readonly provider: IdentityProvider;
  readonly unguessable: () => string;
};

/** Signing in by code grant with PKCE at the identity provider, and out again. */
export const signInRoutes: readonly Route<SignInDeps>[] = [
  route(contract.signIn, async ({ query, cookies, now }, deps) => {
    const back = ownPath(query.return);
    const known = await readSession(deps, { cookies, now });
    if (known !== undefined) return back === undefined ? signedIn(known.email) : onward(back, []);
    const { begun, cookie } = begin(deps.site, deps.unguessable, back);
    return onward(await deps.provider.address(begun), [cookie]);
  }),

  route(contract.finishSignIn, async ({ query, cookies, now }, deps) => {
    const { code, state = '' } = query;
    const over = forget(deps.site, state);
    const begun = begunWith(deps.site, cookies, state);
    if (begun === undefined || code === undefined) return notSignedIn(over, begun?.back);
    const subject = await deps.provider.redeem(code, begun);
    if (subject === undefined || !SUBJECT.test(subject)) return notSignedIn(over, begun.back);
    const memberships = await deps.directory.membershipsOf(subject);
    const membership = homeOf(memberships) ?? memberships[0];
    if (membership === undefined) return stranger(over);
    const set = [await openSession(deps, { subject, now }), ...over];
    return begun.back === undefined ? signedIn(membership.email, set) : onward(begun.back, set);
  }),

  route(contract.getSignInClient, async (_, { provider }) => {
    const { issuer, clientId, scopes } = provider.client;
    const body = { issuer, client_id: clientId, scopes: [...scopes] };
    return ok(body, { 'cache-control': 'public, max-age=300' });
  }),

  route(contract.signOut, async ({ body, cookies, now }, deps) => {
    const known = await readSession(deps, { cookies, now });
    if (known !== undefined && !isOwnForm(known, body.csrf ?? '')) return foreignForm();
    return page({
      status: 200,
      title: 'You are signed out',
      body: html`<p>Your identity provider may still know you: sign out there too on a machine that is not yours.</p>`,
      cookies: [await closeSession(deps, { cookies })],
    });
  }),
];

/** The page for a form that did not come from a page of this session. */
export const foreignForm = (): Answer =>
  page({
    status: 403,
    title: 'Nothing was done',
    body: html`<p>What was sent did not come from your own page, or you signed in again since it was opened. Open the page again.</p>`,
  });

const signedIn = (email: string, cookies: readonly string[] = []): Answer =>
  page({
    status: 200,
    title: 'You are signed in',
    body: html`<p>You are signed in as ${email}. You can close this page.</p>`,
    cookies,
  });

const notSignedIn = (cookies: readonly string[], back: string | undefined): Answer =>
  page({
    status: 400,
    title: 'You are not signed in',
    body: html`<p>This sign-in was not begun in this browser, took longer than ten minutes, or was refused.</p>
<p><a class="button" href="/sign-in${back === undefined ? '' : `?return=${back}`}">Sign in again</a></p>`,
    cookies,
  });

const stranger = (cookies: readonly string[]): Answer =>
  page({
    status: 403,
    title: 'You do not have access',
    body: html`<p>You proved who you are, but you are not a member of any tenant. Ask an administrator to add you.</p>`,
    cookies,
  });
