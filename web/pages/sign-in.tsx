import { path } from '../router.ts';

/** What a person sees who is not known here yet; signing in leads back to where they wanted to go. */
export const SignIn = () => (
  <main class="one" id="main">
    <p class="brand">
      <svg aria-hidden="true">
        <use href="#mark" />
      </svg>
      Sluice
    </p>
    <h1>Sign in</h1>
    <p class="lead">
      Sluice moves configuration, artifacts and agents from environment to environment. Sign in to see yours.
    </p>
    <p class="btns signin">
      <a
        class="btn go big"
        href={`/sign-in?return=${encodeURIComponent(path.value === '/' ? '/web/flow' : path.value)}`}
      >
        Sign in
      </a>
    </p>
  </main>
);

/** Ends the session, here and on the server. */
export const SignOut = ({ csrf }: { readonly csrf: string }) => (
  <form method="post" action="/sign-out">
    <input type="hidden" name="csrf" value={csrf} />
    <button type="submit" class="btn">
      Sign out
    </button>
  </form>
);
