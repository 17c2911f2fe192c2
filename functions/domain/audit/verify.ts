import type { Digest } from '../digest.ts';
import type { Evidence } from '../gates/evidence.ts';
import { evidenceDigest } from '../gates/judge-gate.ts';
import type { StoredEvent } from '../promotion/events.ts';
import { eventDigest, promotionChain } from '../promotion/evolve.ts';
import { revisionDigest } from '../promotion/head.ts';
import type { Revision } from '../subject.ts';
import { CHANGES, type Change, changeDigest, wrongValues } from './change.ts';
import { headChain, type SignedCheckpoint } from './checkpoint.ts';
import { readLine } from './export-item.ts';
import { type BrokenLink, type Link, verifyLinks } from './verify-chain.ts';
import { type Problem, vouchedHeads } from './verify-checkpoint.ts';
import { evidenceNamed, verifyHistory } from './verify-history.ts';

/** What verification came to: true to the last byte exactly when there is no problem. */
export type Verification = {
  readonly chains: number;
  readonly entries: number;
  readonly decisions: number;
  readonly evidence: number;
  /** Entries that the checkpoint does not reach yet: newer than it. They are checked against each other alone. */
  readonly beyond: number;
  readonly problems: readonly Problem[];
};

type Entries = {
  readonly events: StoredEvent[];
  readonly revisions: Revision[];
  readonly changes: Change[];
};
type Chains = Map<string, Entries>;

/**
 * Recomputes an export, line by line (`exportLine`), from nothing but its bytes and the public key (SPKI, PEM) of the tenant's
 * checkpoints: signature, every chain against its head, every decision from its recorded inputs, every piece of evidence and every value
 * of a change against what names it. A checkpoint is made before the export it is to judge. Throws only on a key that is none.
 */
export function verifyExport(lines: Iterable<string>, publicKey: string): Verification {
  const { signed, chains, evidence, problems } = readAll(lines);
  const { heads, problems: unvouched } = vouchedHeads(signed, publicKey);
  problems.push(...unvouched);
  let [entries, decisions, beyond] = [0, 0, 0];
  const named = new Set<Digest>();
  for (const chain of new Set([...heads.keys(), ...chains.keys()])) {
    const { events, revisions, changes } = chains.get(chain) ?? noEntries();
    const head = heads.get(chain);
    const what = entriesOf(chain);
    const of = {
      event: events.map(eventLink),
      revision: revisions.map(revisionLink),
      change: changes.map(changeLink),
    };
    const links = of[what];
    const strangers = events.length + revisions.length + changes.length - links.length;
    if (strangers > 0) problems.push({ item: chain, problem: `holds ${strangers} entries of another kind` });
    problems.push(...revisions.flatMap((revision) => misplaced(revision, chain)));
    const broken = verifyLinks(links, head);
    problems.push(...broken.map((link) => problemAt(chain, what, link)));
    entries += links.length;
    beyond += links.filter(({ position }) => position > (head?.length ?? 0)).length;
    problems.push(...changes.flatMap((change) => valuesProblem(chain, change)));
    if (what !== 'event') continue;
    for (const digest of evidenceNamed(events)) named.add(digest);
    if (broken.length > 0 || events.length === 0) continue;
    const history = verifyHistory(events, evidence);
    decisions += history.decisions;
    problems.push(...history.problems.map((link) => problemAt(chain, what, link)));
    if (history.id !== undefined && promotionChain(history.id) !== chain) {
      problems.push({ item: chain, problem: `is the history of ${history.id}` });
    }
  }
  problems.push(...verifyEvidence(named, evidence));
  return { chains: chains.size, entries, decisions, evidence: evidence.size, beyond, problems };
}

function readAll(lines: Iterable<string>) {
  const chains: Chains = new Map();
  const evidence = new Map<Digest, Evidence>();
  const problems: Problem[] = [];
  const signed: SignedCheckpoint[] = [];
  let number = 0;
  for (const line of lines) {
    number += 1;
    const read = readLine(line);
    switch (read.kind) {
      case 'checkpoint':
        signed.push(read.signed);
        break;
      case 'event':
        chainIn(chains, read.chain).events.push(read.event);
        break;
      case 'revision':
        chainIn(chains, read.chain).revisions.push(read.revision);
        break;
      case 'change':
        chainIn(chains, read.chain).changes.push(read.change);
        break;
      case 'evidence':
        evidence.set(evidenceDigest(read.evidence), read.evidence);
        break;
      case 'unreadable':
        problems.push({ item: `line ${number}`, problem: read.problem });
        break;
      default:
        return read satisfies never;
    }
  }
  return { signed, chains, evidence, problems };
}

const noEntries = (): Entries => ({ events: [], revisions: [], changes: [] });

function chainIn(chains: Chains, chain: string) {
  const found = chains.get(chain) ?? noEntries();
  chains.set(chain, found);
  return found;
}

function verifyEvidence(named: ReadonlySet<Digest>, evidence: ReadonlyMap<Digest, Evidence>): Problem[] {
  const missing = [...named].filter((digest) => !evidence.has(digest));
  const unnamed = [...evidence.keys()].filter((digest) => !named.has(digest));
  return [
    ...missing.map((digest) => ({
      item: `evidence ${digest}`,
      problem: 'is missing, or not what was judged',
    })),
    ...unnamed.map((digest) => ({ item: `evidence ${digest}`, problem: 'is named by no decision' })),
  ];
}

function valuesProblem(chain: string, change: Change): Problem[] {
  const problem = wrongValues(change);
  return problem === undefined ? [] : [problemAt(chain, 'change', { position: change.seq, problem })];
}

const problemAt = (chain: string, what: string, { position, problem }: BrokenLink): Problem => ({
  item: `${chain} ${what} ${position}`,
  problem,
});

/** A revision of another slot than its chain is named after: whoever swaps the names of two chains swaps what two places received. */
function misplaced(revision: Revision, chain: string): Problem[] {
  if (headChain(revision.slot) === chain) return [];
  return [
    problemAt(chain, 'revision', {
      position: revision.number,
      problem: `is one of ${headChain(revision.slot)}`,
    }),
  ];
}

/** What the entries of a chain are, by its name. */
function entriesOf(chain: string): 'event' | 'revision' | 'change' {
  if (chain === CHANGES) return 'change';
  return chain.startsWith('head/') ? 'revision' : 'event';
}

const changeLink = (change: Change): Link => ({
  position: change.seq,
  prev: change.prev,
  digest: changeDigest(change),
});

const eventLink = (event: StoredEvent): Link => ({
  position: event.seq,
  prev: event.prev,
  digest: eventDigest(event),
});

const revisionLink = (revision: Revision): Link => ({
  position: revision.number,
  prev: revision.prev,
  digest: revisionDigest(revision),
});
