import sax from 'sax';
import { type Case, Declaration, NotJUnit, Suites, verdictOf } from './junit-tally.ts';
import { MAX_LEVELS, type Reading, type Unreadable, unreadable } from './report.ts';

/** Characters handed to the parser at once: an abort costs no more than one of them. */
const CHUNK = 64 * 1024;

/**
 * JUnit XML as Ant began it and Surefire, Jest, pytest and gtest write it. Test cases are counted, since count attributes are
 * optional; one with several verdicts counts once, by the worst. What is declared beyond what is there counts as declared: a failure,
 * a skipped test, or a test of which nothing is known (`unknown`). Nothing executed is no pass. No DOCTYPE, no entities of its own.
 */
export function readJUnit(text: string): Reading | Unreadable {
  const suites = new Suites();
  try {
    parse(text, suites);
  } catch (error) {
    if (error instanceof NotJUnit) return unreadable(error.message);
    throw error;
  }
  const { total, failed, errored, skipped, missing, count } = suites.all;
  const unknown = suites.all.unknown + missing;
  const executed = Math.max(0, total - skipped);
  const bad = failed + errored;
  const result = {
    passed: executed > 0 && bad === 0 && unknown === 0,
    total,
    executed,
    failed,
    errors: errored,
    skipped,
    ...(unknown === 0 ? {} : { unknown }),
    suites: count,
    // Rounded down: 100 is all of them.
    pass_rate: executed > 0 ? Math.max(0, Math.floor(((executed - bad) / executed) * 10_000) / 100) : 0,
  };
  return { result: executed > 0 ? result : { ...result, error: 'no test was executed' } };
}

function parse(text: string, suites: Suites): void {
  const open: string[] = [];
  const cases: Case[] = [];
  let rooted = false;
  const parser = sax.parser(true);
  parser.onerror = () => {
    throw new NotJUnit('the document is not well-formed XML');
  };
  parser.ondoctype = () => {
    throw new NotJUnit('the document has a DOCTYPE');
  };
  parser.onopentagstart = ({ attributes }) => refuseRepeats(attributes);
  parser.onopentag = ({ name, attributes }) => {
    const element = localName(name);
    if (open.length === 0) {
      if (element !== 'testsuites' && element !== 'testsuite') {
        throw new NotJUnit(`${name.slice(0, 40)} is not the root of a JUnit report`);
      }
      if (rooted) throw new NotJUnit('the document has two roots');
      rooted = true;
    }
    if (open.length >= MAX_LEVELS) throw new NotJUnit('the document is nested too deep');
    open.push(element);
    if (element === 'testsuites' || element === 'testsuite') {
      suites.open(new Declaration(lowered(attributes)), element === 'testsuite');
    } else if (element === 'testcase') {
      cases.push(verdictOf(lowered(attributes)));
    } else {
      const current = cases.at(-1);
      if (current === undefined) suites.broken(element);
      else judged(current, element);
    }
  };
  parser.onclosetag = (name) => {
    open.pop();
    const element = localName(name);
    if (element === 'testcase') {
      const closed = cases.pop();
      if (closed !== undefined) suites.count(closed);
    } else if (element === 'testsuites' || element === 'testsuite') suites.close();
  };
  for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  parser.close();
}

/** Readers differ in whether they know prefixes and letter case: for a verdict neither may hide it. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1).toLowerCase();
}

const lowered = (attributes: { readonly [name: string]: unknown }) =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * `flakyFailure` and `flakyError` (Surefire) tell of earlier runs of a test that passed in the end; `rerunFailure` and `rerunError` of
 * later runs of one that failed every time.
 */
function judged(of: Case, element: string): void {
  if (element === 'failure' || element === 'rerunfailure') of.failed = true;
  else if (element === 'error' || element === 'rerunerror') of.errored = true;
  else if (element === 'skipped' || element === 'disabled') of.skipped = true;
}

/**
 * XML has no attribute twice (well-formedness constraint "Unique Att Spec"). The parser asks its object of attributes whether it has
 * one, and passes over the second: here it is told, and no attribute can take the place of the question.
 */
function refuseRepeats(attributes: object): void {
  const seen = new Set(['hasownproperty']);
  Object.defineProperty(attributes, 'hasOwnProperty', {
    value: (name: string) => {
      if (!seen.has(name.toLowerCase())) {
        seen.add(name.toLowerCase());
        return false;
      }
      throw new NotJUnit(`the attribute ${name.slice(0, 40)} is repeated, or no attribute of a report`);
    },
  });
}
