import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlainFormat, readReport } from '../../../functions/domain/evidence/read-report.ts';
import { times } from '../../support/length.ts';
import { JUNIT } from './corpus/junit.ts';
import type { Sample } from './corpus/sample.ts';
import { JSON_SAMPLES } from './corpus/samples.ts';

const SUBJECT = `sha256:${'a'.repeat(64)}` as const;

type Tree = null | boolean | number | string | Tree[] | { [name: string]: Tree };
type Edited = { readonly what: string; readonly text: string };

/** What a value is edited to: a reader of the format sees none of these as a word that lets it pass. */
const JUNK: readonly Tree[] = ['', 'junk', 'HIGH ', 0, 1.5, 1e300, true, false, null, [], {}];
/** Of these a reader finds nothing where findings were. */
const EMPTY: readonly Tree[] = ['', 0, false, null, [], {}];

const passes = (format: PlainFormat, text: string) => {
  const reading = readReport(format, text, SUBJECT);
  return !('unreadable' in reading) && reading.result['passed'] === true;
};
const failing = (samples: readonly Sample[]) =>
  samples.filter(({ verdict, lifts }) => verdict === 'fails' && lifts !== undefined);

/** Every edit of one place of a JSON report but those that lift what it found, by the sample's own account. */
function* editsOf({ text, lifts = [] }: Sample): Generator<Edited> {
  const root: Tree = JSON.parse(text);
  for (const path of pathsOf(root)) {
    const place = path.join('.');
    // What stands above a finding takes it along; what is no list or object there any more is no report.
    const takesAlong = lifts.some((lift) => lift === place || lift.startsWith(`${place}.`));
    for (const junk of JUNK) {
      if (takesAlong && (EMPTY.includes(junk) || typeof junk === 'object' || lifts.includes(place))) continue;
      yield { what: `${place} = ${JSON.stringify(junk)}`, text: edited(root, path, () => junk) };
    }
    if (!takesAlong) yield { what: `${place} gone`, text: edited(root, path, () => undefined) };
    yield { what: `${place} in a list`, text: edited(root, path, (value) => [value]) };
    yield { what: `${place} twice`, text: twice(root, path) };
    for (const spell of [(name: string) => name.toUpperCase(), (name: string) => name.toLowerCase()]) {
      yield { what: `${place} in another case`, text: renamed(root, path, spell) };
      if (lifts.includes(place)) continue;
      yield {
        what: `the value of ${place} in another case`,
        text: edited(root, path, (value) => (typeof value === 'string' ? spell(value) : value)),
      };
    }
  }
}

function pathsOf(tree: Tree, above: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]) => [
    [...above, name],
    ...pathsOf(value, [...above, name]),
  ]);
}

function edited(tree: Tree, path: readonly string[], edit: (value: Tree) => Tree | undefined): string {
  return JSON.stringify(
    changed(tree, path, (entries, name) =>
      entries.flatMap(([key, value]) => {
        if (key !== name) return [[key, value]];
        const after = edit(value);
        return after === undefined ? [] : [[key, after]];
      }),
    ),
  );
}

/** A member spelled otherwise, where it is not in a list. */
function renamed(tree: Tree, path: readonly string[], spell: (name: string) => string): string {
  return JSON.stringify(
    changed(tree, path, (entries, name) =>
      entries.map(([key, value]) => [key === name ? spell(key) : key, value]),
    ),
  );
}

/** A member given again, with nothing in it: most readers take the last. */
function twice(tree: Tree, [name = '', ...rest]: readonly string[]): string {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    if (!Array.isArray(tree)) return JSON.stringify(tree);
    return `[${tree.map((value, at) => (String(at) === name ? twice(value, rest) : JSON.stringify(value)))}]`;
  }
  const members = Object.entries(tree).flatMap(([key, value]) => {
    const member = `${JSON.stringify(key)}:${key === name ? twice(value, rest) : JSON.stringify(value)}`;
    return key === name && rest.length === 0 ? [member, `${JSON.stringify(key)}:[]`] : [member];
  });
  return `{${members}}`;
}

function changed(
  tree: Tree,
  [name = '', ...rest]: readonly string[],
  edit: (entries: readonly [string, Tree][], name: string) => readonly [string, Tree][],
): Tree {
  if (typeof tree !== 'object' || tree === null) return tree;
  const entries = Object.entries(tree);
  const after =
    rest.length === 0
      ? edit(entries, name)
      : entries.map(([key, value]): [string, Tree] => [
          key,
          key === name ? changed(value, rest, edit) : value,
        ]);
  return Array.isArray(tree) ? after.map(([, value]) => value) : Object.fromEntries(after);
}

/** Every edit of one attribute of a JUnit report, and of the spelling of its elements. */
function* editsOfXml({ text, lifts = [] }: Sample): Generator<Edited> {
  for (const { 0: whole, 1: name = '', index } of text.matchAll(/ ([\w:]+)="[^"]*"/g)) {
    const put = (by: string) => text.slice(0, index) + by + text.slice(index + whole.length);
    const what = `${name} at ${index}`;
    yield { what: `${what} twice`, text: put(` ${name}="0"${whole}`) };
    yield { what: `${what} in another case`, text: put(whole.replace(name, name.toUpperCase())) };
    if (lifts.includes(name)) continue;
    yield { what: `${what} gone`, text: put('') };
    for (const junk of ['', '0', '1.0', '-1', 'junk', '1e9', '٣']) {
      yield { what: `${what} = ${junk}`, text: put(` ${name}="${junk}"`) };
    }
  }
  for (const element of ['failure', 'error', 'rerunFailure']) {
    for (const other of [element.toUpperCase(), `x:${element}`]) {
      const text2 = text.replaceAll(new RegExp(`(</?)${element}\\b`, 'g'), `$1${other}`);
      yield { what: `${element} as ${other}`, text: text2 };
    }
    yield {
      what: `${element} inside another element`,
      text: text.replaceAll(
        new RegExp(`<${element}\\b[^>]*/>`, 'g'),
        (one) => `<properties>${one}</properties>`,
      ),
    };
  }
  yield {
    what: 'a passing suite beside',
    text: `<testsuites>${text}<testsuite><testcase name="z"/></testsuite></testsuites>`,
  };
  yield { what: 'a skipped mark on all', text: text.replaceAll('</testcase>', '<skipped/></testcase>') };
}

describe.each(JSON_SAMPLES)('a failing %s report', (format, samples) => {
  it.each(failing(samples).map((sample) => [sample.source, sample] as const))(
    'never passes by an edit after which a reader still calls it failing: %s',
    (_, sample) => {
      let tried = 0;
      for (const { what, text } of editsOf(sample)) {
        tried += 1;
        expect(passes(format, text), `${what}: ${text}`).toBe(false);
      }
      expect(tried).toBeGreaterThan(100);
    },
  );

  it('never passes by several such edits', () => {
    const edits = failing(samples).map((sample) => ({ sample, all: [...editsOf(sample)] }));
    fc.assert(
      fc.property(fc.constantFrom(...edits), fc.nat(), fc.nat(), ({ sample, all }, first, second) => {
        const one = all[first % all.length]?.text ?? sample.text;
        // The second edit is made of what the first left, where that is JSON without a repeated member.
        const again = isPlain(one) ? [...editsOf({ ...sample, text: one })] : [];
        const two = again.length === 0 ? one : (again[second % again.length]?.text ?? one);
        expect(passes(format, two), two).toBe(false);
      }),
      { numRuns: times(40, 150), seed: 7 },
    );
  });
});

describe('a failing junit report', () => {
  it.each(
    failing(JUNIT.map((sample) => ({ lifts: [], ...sample }))).map(
      (sample) => [sample.source, sample] as const,
    ),
  )('never passes by an edit after which a reader still calls it failing: %s', (_, sample) => {
    for (const { what, text } of editsOfXml(sample)) {
      expect(passes('junit', text), `${what}: ${text}`).toBe(false);
    }
  });
});

function isPlain(text: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === text;
  } catch {
    return false;
  }
}
