import type { ShownEntry } from './mask.ts';

/** Last words of names whose texts are usually secrets: `db.password`, `STRIPE_API_KEY`, `github.accessToken`. */
const NAMES = new Set([
  ...['password', 'passwd', 'pwd', 'passphrase', 'secret', 'token', 'credential', 'credentials'],
  ...['apikey', 'secretkey', 'privatekey', 'accesskey', 'signingkey', 'encryptionkey'],
]);

/** What stands for such a value where people read. Whoever edits the entry sees it. */
export const LOOKS_SECRET = '(hidden: looks like a secret. Use secretRef, or set sensitive: false)';

/** Forms that their issuers document, so that scanners can find them. */
const FORMS = [
  /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/,
  // AWS access keys; GitHub, GitLab, npm and Slack tokens; Stripe, Google and OpenAI keys; JSON Web Tokens.
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{36}|glpat-[A-Za-z0-9_-]{20}|npm_[A-Za-z0-9]{36})/,
  /\bxox[abposr]-[A-Za-z0-9-]{10}/,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10}/,
  /\bAIza[A-Za-z0-9_-]{35}/,
  /\bsk-[A-Za-z0-9_-]{20}/,
  /\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,2000}\./,
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,100}:[^\s/@]{1,100}@/,
];

/**
 * Whether an entry that nobody marked looks like a secret: a text whose name ends in a word such as `password`, at any depth of the value, or
 * a text in the form of a known secret. A guess for pages, mails and messages; `sensitive: false` says that it is wrong.
 */
export function looksSecret(entry: ShownEntry): boolean {
  if (entry.kind === 'config' && 'secret_ref' in entry) return false;
  if (entry.sensitive !== undefined) return false;
  if (entry.kind === 'config') return holdsSecret(nameIsSecret(entry.key), entry.value);
  return Object.values(entry.variants).some((value) => holdsSecret(false, value));
}

/** The same of a value alone, by the key that it stands at: for pages that know no more of an entry. */
export function valueLooksSecret(key: string, value: unknown): boolean {
  return holdsSecret(nameIsSecret(key), value);
}

function holdsSecret(named: boolean, value: unknown): boolean {
  if (typeof value === 'string') return value !== '' && (named || FORMS.some((form) => form.test(value)));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, one]) => holdsSecret(named || nameIsSecret(name), one));
}

/** Whether the last word of a name, or its last two together, is one of `NAMES`. */
function nameIsSecret(name: string): boolean {
  const words = name
    .slice(-100)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1.$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return NAMES.has(words.at(-1) ?? '') || NAMES.has(words.slice(-2).join(''));
}
