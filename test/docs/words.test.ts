import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';

const text = (path: string) => readFileSync(path, 'utf8');
const cellsOf = (path: string) =>
  text(path)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')));

/** The words in capitals of a text: the parts of keys, which separate by `#`. */
const partsIn = (source: string) => new Set(source.match(/\b[A-Z][A-Z]{2,}\b/g) ?? []);

/** The parts of keys in the strings of the modules that build them. */
function keyParts(): ReadonlySet<string> {
  const sources = globSync('functions/adapters/dynamodb/keys*.ts').map(text).join('\n');
  const code = sources.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const strings = [...code.matchAll(/'([^'\n]*)'|`([^`]*)`/g)].map(([, one, other]) => one ?? other ?? '');
  return partsIn(
    strings
      .filter((one) => !one.startsWith('.'))
      .join('\n')
      .replaceAll(/\$\{[^}]*\}/g, '#'),
  );
}

describe('the table of items', () => {
  const README = 'functions/adapters/dynamodb/README.md';
  const documented = partsIn(
    cellsOf(README)
      .map(([, ...keys]) => keys.join(' '))
      .join(' '),
  );
  const built = keyParts();

  it('names every part of a key that the code builds', () => {
    expect(built.size).toBeGreaterThan(40);
    expect([...built].filter((part) => !documented.has(part))).toEqual([]);
  });

  it('names no part that no code builds', () => {
    const notKeys = new Set(['TTL']);
    expect([...documented].filter((part) => !built.has(part) && !notKeys.has(part))).toEqual([]);
  });
});

/** Modules of ports that are named with words of the field, or after a service, a protocol or an act on one. */
const OF_THE_FIELD = new Set([
  ...['bus', 'catalog-store', 'clock', 'cursors', 'directory', 'egress', 'mailer', 'page', 'queue'],
  ...['scheduler', 'secrets', 'sender', 'signatures', 'signer', 'site-files', 'slack', 'slack-messages'],
  ...['slack-people', 'stores', 'traces', 'transaction', 'uploads', 'workflow', 'node-store', 'node-sweep'],
]);
/** The glossary's word for what a port is about, where the module says it otherwise. */
const SAID: Readonly<Record<string, string>> = {
  answers: 'idempotency record',
  'artifact-versions': 'version',
  'change-log': 'change',
  'gate-providers': 'provider',
  'identity-provider': 'provider',
  'gateway-driver': 'gateway',
  'log-news': 'log news',
  deliveries: 'delivery',
  registries: 'registry',
  'flag-key-uses': 'flag key',
};
const singular = (name: string) =>
  name
    .replace(/-store$/, '')
    .replaceAll('-', ' ')
    .replace(/s$/, '');

describe('the glossary', () => {
  const rows = cellsOf('docs/glossary.md').slice(1);
  const words = rows.map(([word = '']) => word);

  it('says each word once, and what it means', () => {
    expect(words.length).toBeGreaterThan(60);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
    expect(rows.filter(([, meaning = '']) => meaning.length < 10)).toEqual([]);
  });

  it('has what each port is about, where that is no word of the field', () => {
    const ports = globSync('functions/ports/*.ts').map((file) => basename(file, '.ts'));
    const about = ports.filter((port) => !OF_THE_FIELD.has(port)).map((port) => SAID[port] ?? singular(port));
    expect(about.filter((word) => !words.includes(word))).toEqual([]);
    const known = [...OF_THE_FIELD, ...Object.keys(SAID)];
    expect(known.filter((port) => !ports.includes(port))).toEqual([]);
  });

  it('has no word that the code does not use', () => {
    const code = globSync('{functions,web,cli}/**/*.{ts,tsx,json}').map(text).join('\n').toLowerCase();
    const letters = code.replaceAll(/[^a-z]+/g, ' ');
    const unused = words.filter((word) => {
      const said = word.toLowerCase();
      return !letters.includes(said) && !code.includes(said.replaceAll(' ', ''));
    });
    expect(unused).toEqual([]);
  });
});
