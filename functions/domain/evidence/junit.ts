import sax from 'sax';
import { MAX_LEVELS, type Reading, type Unreadable, unreadable } from './report.ts';

/** Characters handed to the parser at once: an abort costs no more than one of them. */
const CHUNK = 64 * 1024;

/** Why reading stops; never leaves this file. */
class NotJUnit extends Error {
  override readonly name = 'NotJUnit';
}

type Case = { failed: boolean; errored: boolean; skipped: boolean };
/** A suite as declared and as counted below it; what is declared and not there (a crashed runner) still counts. */
type Suite = { readonly failures: number; readonly errors: number; failed: number; errored: number };
type Tally = { total: number; failed: number; errored: number; skipped: number; suites: number };

/**
 * JUnit XML as Ant began it and Surefire, Jest, pytest and gtest write it. Test cases are counted, since count attributes are
 * optional; one with several verdicts counts once, by the worst. Nothing executed is no pass. No DOCTYPE, no entities of its own.
 */
export function readJUnit(text: string): Reading | Unreadable {
  const tally: Tally = { total: 0, failed: 0, errored: 0, skipped: 0, suites: 0 };
  try {
    parse(text, tally);
  } catch (error) {
    if (error instanceof NotJUnit) return unreadable(error.message);
    throw error;
  }
  const { total, failed, errored, skipped, suites } = tally;
  const executed = total - skipped;
  const bad = failed + errored;
  const result = {
    passed: executed > 0 && bad === 0,
    total,
    executed,
    failed,
    errors: errored,
    skipped,
    suites,
    // Rounded down: 100 is all of them.
    pass_rate: executed > 0 ? Math.max(0, Math.floor(((executed - bad) / executed) * 10_000) / 100) : 0,
  };
  return { result: executed > 0 ? result : { ...result, error: 'no test was executed' } };
}

function parse(text: string, tally: Tally): void {
  const open: string[] = [];
  const suites: Suite[] = [];
  let current: Case | undefined;
  let rooted = false;
  const parser = sax.parser(true);
  parser.onerror = () => {
    throw new NotJUnit('the document is not well-formed XML');
  };
  parser.ondoctype = () => {
    throw new NotJUnit('the document has a DOCTYPE');
  };
  parser.onopentag = ({ name, attributes }) => {
    const parent = open.at(-1);
    if (parent === undefined && name !== 'testsuites' && name !== 'testsuite') {
      throw new NotJUnit(`${name.slice(0, 40)} is not the root of a JUnit report`);
    }
    if (parent === undefined && rooted) throw new NotJUnit('the document has two roots');
    rooted = true;
    if (open.length >= MAX_LEVELS) throw new NotJUnit('the document is nested too deep');
    open.push(name);
    if (name === 'testsuites' || name === 'testsuite') {
      if (name === 'testsuite') tally.suites += 1;
      suites.push({
        failures: declared(attributes['failures']),
        errors: declared(attributes['errors']),
        failed: 0,
        errored: 0,
      });
    } else if (name === 'testcase') {
      current = { failed: false, errored: false, skipped: attributes['status'] === 'notrun' };
    } else if (parent === 'testcase' && current !== undefined) verdict(current, name);
    else if (parent === 'testsuite' && name === 'error') brokenSuite(suites.at(-1));
  };
  parser.onclosetag = (name) => {
    open.pop();
    if (name === 'testcase' && current !== undefined) {
      count(current, tally, suites.at(-1));
      current = undefined;
    } else if (name === 'testsuites' || name === 'testsuite') closeSuite(suites, tally);
  };
  for (let at = 0; at < text.length; at += CHUNK) parser.write(text.slice(at, at + CHUNK));
  parser.close();
}

/** `rerunFailure` and `flakyFailure` (Surefire) tell of earlier runs of a test that passed in the end. */
function verdict(of: Case, name: string): void {
  if (name === 'failure') of.failed = true;
  else if (name === 'error') of.errored = true;
  else if (name === 'skipped' || name === 'disabled') of.skipped = true;
}

/** A suite that broke before its cases. */
function brokenSuite(suite: Suite | undefined): void {
  if (suite !== undefined) suite.errored += 1;
}

function count(of: Case, tally: Tally, suite: Suite | undefined): void {
  tally.total += 1;
  if (of.errored) {
    if (suite !== undefined) suite.errored += 1;
  } else if (of.failed) {
    if (suite !== undefined) suite.failed += 1;
  } else if (of.skipped) tally.skipped += 1;
}

/** What a suite declares beyond what was counted below it counts too, and goes up with the rest. */
function closeSuite(suites: Suite[], tally: Tally): void {
  const suite = suites.pop();
  if (suite === undefined) return;
  const failed = Math.max(suite.failed, suite.failures);
  const errored = Math.max(suite.errored, suite.errors);
  const parent = suites.at(-1);
  if (parent === undefined) {
    tally.failed += failed;
    tally.errored += errored;
  } else {
    parent.failed += failed;
    parent.errored += errored;
  }
}

/** A count attribute, which may be absent or anything. */
function declared(value: unknown): number {
  const text = typeof value === 'string' && /^\d{1,9}$/.test(value) ? value : '0';
  return Number(text);
}
