import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';

/** Pages on which people prove who they are. */

const base = { tag: 'pages', body: EMPTY, query: EMPTY, errors: [], open: true, page: [400, 403] } as const;
const short = z.string().check(z.maxLength(2048));

export const signIn = endpoint({
  ...base,
  method: 'GET',
  path: '/sign-in',
  operation: 'signIn',
  summary: 'Sends a browser to the identity provider; `return` is the path of this site to come back to',
  query: z.strictObject({ return: z.exactOptional(short) }),
  status: [303, 200],
});

export const finishSignIn = endpoint({
  ...base,
  method: 'GET',
  path: '/sign-in/callback',
  operation: 'finishSignIn',
  summary: 'Handle the sign-in callback',
  // The provider may add what it likes (RFC 6749 section 4.1.2).
  query: z.looseObject({
    code: z.exactOptional(short),
    state: z.exactOptional(short),
    error: z.exactOptional(short),
  }),
  status: [303, 200],
});

export const SignInClientView = z.strictObject({
  issuer: z.string(),
  client_id: z.string(),
  scopes: z.array(z.string()),
});

export const getSignInClient = endpoint({
  method: 'GET',
  path: '/sign-in/client',
  operation: 'getSignInClient',
  summary: 'Read how programs sign people in',
  tag: 'meta',
  body: EMPTY,
  query: EMPTY,
  /** The OpenID Connect issuer, and the public client for a code grant with PKCE: it has no secret. */
  response: SignInClientView,
  status: [200],
  errors: [],
  open: true,
});

export const signOut = endpoint({
  ...base,
  method: 'POST',
  path: '/sign-out',
  operation: 'signOut',
  summary: 'Ends the session of a browser',
  form: true,
  body: z.looseObject({ csrf: z.exactOptional(short) }),
  status: [200],
});
