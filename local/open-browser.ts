import { spawn } from 'node:child_process';

const OPENERS: { readonly [platform: string]: readonly [string, ...string[]] } = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
};

/** Opens a page in the browser of the person at this machine; does nothing where there is none. */
export function openBrowser(url: string): void {
  const [opener, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(opener, [...words, url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
