/** One sign-in under way, all of it unguessable but `redirect_uri`; it must come back to the browser that began it. */
export type SignInAttempt = {
  readonly state: string;
  readonly nonce: string;
  /** The secret half of PKCE (RFC 7636). */
  readonly verifier: string;
  readonly redirect_uri: string;
};

/** What signs people in: a public client of an issuer, which proves by PKCE that a code is for it. */
export type SignInClient = {
  /** As its tokens name it, without a slash at the end. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
};

/** Where people prove who they are (OpenID Connect). Nothing but the subject is believed of what it says. Throws `Unavailable`. */
export interface IdentityProvider {
  readonly client: SignInClient;
  /** Where a browser is sent to sign in. */
  address(attempt: SignInAttempt): Promise<string>;
  /** The subject behind a code; `undefined` when the code, its PKCE or the ID token is not what was asked for. */
  redeem(code: string, attempt: SignInAttempt): Promise<string | undefined>;
  /** The subject of an access token of this provider, for this client, that still lives; an ID token is none. */
  subjectOf(token: string): Promise<string | undefined>;
}
