import { signal } from '@preact/signals';

export { partsOf, pathTo } from './paths.ts';

/** The path that the page shows, always without a slash at the end but for `/` itself. */
export const path = signal(clean(location.pathname));

/** Goes to another page of the dashboard without loading anything anew. */
export function go(to: string): void {
  if (to !== path.value) history.pushState(null, '', to);
  path.value = clean(to);
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Goes wherever a link would lead: a page is changed in place, anything else is loaded. */
export function follow(to: string): void {
  if (isPage(to)) go(to);
  else location.assign(to);
}

/** Lets links to pages of the dashboard change the page in place; those that are to open elsewhere do. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    path.value = clean(location.pathname);
  });
  addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.target !== '' || link.hash !== '' || link.origin !== location.origin) return;
    if (!isPage(link.pathname)) return;
    event.preventDefault();
    go(link.pathname);
  });
}

/** Everything below `/web/` but what the server answers with something else than the page. */
const isPage = (to: string): boolean =>
  to === '/' || (to.startsWith('/web/') && !/^\/web\/(api|assets|session)(\/|$)/.test(to));

function clean(given: string): string {
  const short = given.replace(/\/+$/, '');
  return short === '' || short === '/web' || short === '/web/flow' ? '/' : short;
}
