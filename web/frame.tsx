import type { ComponentChildren } from 'preact';
import { session } from './api/client.ts';
import { SignOut } from './pages/sign-in.tsx';
import { Help } from './parts/help.tsx';
import { Icon } from './parts/icon.tsx';
import { path } from './router.ts';
import { Search } from './search/search.tsx';
import { waiting } from './waiting.ts';

/** The pages that the head of every page leads to. `below` are the first parts of the paths that belong to them. */
export const PAGES = [
  { to: '/', name: 'Flow', key: 'f', below: [''] },
  { to: '/web/promotions', name: 'Promotions', key: 'p', below: ['promotions'] },
  { to: '/web/compare', name: 'Compare', key: 'c', below: ['compare', 'config'] },
  { to: '/web/delivery', name: 'Delivery', key: 'd', below: ['delivery', 'drift'] },
  { to: '/web/audit', name: 'Audit', key: 'a', below: ['audit'] },
  {
    to: '/web/environments',
    name: 'Environments',
    key: 'e',
    below: ['environments', 'calendar', 'settings'],
  },
] as const;

/** The head with the ways to all pages, and the page below it. */
export const Frame = ({ children }: { readonly children: ComponentChildren }) => {
  const [, , first = ''] = path.value.split('/');
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header class="top">
        <a class="brand" href="/">
          <svg aria-hidden="true">
            <use href="#mark" />
          </svg>
          Sluice
        </a>
        <nav class="nav" aria-label="Main">
          {PAGES.map(({ to, name, below }) => (
            <a key={to} href={to} aria-current={below.some((part) => part === first) ? 'page' : undefined}>
              {name}
              {name === 'Promotions' && waiting.value > 0 ? (
                <span class="n">
                  {waiting.value}
                  <span class="sr"> wait for you</span>
                </span>
              ) : undefined}
            </a>
          ))}
        </nav>
        <div class="right">
          {session.value ? <Search /> : undefined}
          <Account />
        </div>
      </header>
      <main id="main" class="page" tabIndex={-1}>
        {children}
      </main>
      <Help />
    </>
  );
};

const Account = () => {
  const known = session.value;
  if (!known) return undefined;
  const roles = known.roles.map(({ role, environment }) =>
    environment ? `${role} in ${environment}` : role,
  );
  return (
    <details class="account">
      <summary class="me" title={known.email}>
        <span aria-hidden="true">{initials(known.email)}</span>
        <span class="sr">{known.email}, your account</span>
      </summary>
      <div class="card">
        <p>
          <b>{known.email}</b>
        </p>
        <p class="sm sec">
          {roles.length === 0 ? 'You have no roles yet: ask an administrator.' : roles.join(', ')}
        </p>
        {known.groups.length === 0 ? undefined : <p class="sm sec">Groups: {known.groups.join(', ')}</p>}
        <p class="sm">
          <a href="/web/settings/people">People and machines</a>
        </p>
        <p class="sm">
          <a href="/docs">Guides and API</a>
        </p>
        <p class="xs mut">
          <Icon name="comment" tone="s" /> Press <kbd>?</kbd> for the keys
        </p>
        <SignOut csrf={known.csrf} />
      </div>
    </details>
  );
};

const initials = (email: string): string => email.slice(0, 2).toUpperCase();
