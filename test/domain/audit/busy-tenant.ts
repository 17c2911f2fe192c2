import {
  CHANGES,
  type Change,
  changeDigest,
  nextChange,
  type Told,
} from '../../../functions/domain/audit/change.ts';
import {
  ALGORITHM,
  checkpointDigest,
  checkpointOf,
  headChain,
} from '../../../functions/domain/audit/checkpoint.ts';
import { type ExportItem, exportLine } from '../../../functions/domain/audit/export-item.ts';
import { evidenceDigest } from '../../../functions/domain/gates/judge-gate.ts';
import type { Command } from '../../../functions/domain/promotion/commands.ts';
import { promotionChain } from '../../../functions/domain/promotion/evolve.ts';
import { emptyHead, swap } from '../../../functions/domain/promotion/head.ts';
import type { Revision, Slot } from '../../../functions/domain/subject.ts';
import { by, promotionAfter, type Step } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  contentOf,
  dev,
  NOON,
  testReport,
} from '../../support/promotion-facts.ts';
import { PLACES, TESTED, TESTED_AND_APPROVED } from '../../support/promotions.ts';
import { testSigner } from '../../support/signer.ts';

/** One line of an export and the name by which verification calls it. */
export type NamedLine = { readonly name: string; readonly line: string };

const EVIDENCE = [testReport(), testReport({ gate: 'tests', document_digest: contentOf('another report') })];

/** A promotion in every place there is, two judged on evidence, two slots with revisions, and changes of what governs: everything that can be exported. */
export async function busyTenant(): Promise<readonly NamedLine[]> {
  const [first, second] = EVIDENCE;
  if (first === undefined || second === undefined) throw new Error('no evidence');
  const judged = { requirements: TESTED, evidence: [first] };
  const approved = { requirements: TESTED_AND_APPROVED, evidence: [second] };
  const all: readonly (readonly (Step | Command)[])[] = [
    ...Object.values(PLACES),
    [
      asks.request({ facts: assessmentFacts({ requirements: TESTED }) }),
      { ...asks.attachEvidence(judged), evidence: evidenceDigest(first) } as Command,
    ],
    [asks.request({ facts: assessmentFacts(approved) }), by(alice, asks.approve())],
  ];
  const histories = all.map((steps, index) => {
    const id = `prom-${String(index + 1).padStart(2, '0')}`;
    return { id, ...promotionAfter(...steps.map((step) => identified(step, id))) };
  });
  const slots = [slotRevisions('staging'), slotRevisions('production')];
  const chains = [
    ...histories.map(({ id, state }) => ({
      chain: promotionChain(id),
      length: state.seq,
      digest: state.chain,
    })),
    ...slots.map(({ slot, head }) => ({ chain: headChain(slot), length: head.revision, digest: head.chain })),
  ];
  const changes = madeChanges();
  const newest = changes.at(-1);
  if (newest !== undefined) chains.push({ chain: CHANGES, length: newest.seq, digest: changeDigest(newest) });
  const head = { tenant: 'acme', as_of: NOON, key_id: testSigner.keyId() };
  const checkpoint = checkpointOf(head, chains);
  const value = await testSigner.sign(checkpointDigest(checkpoint));
  const lines: [string, ExportItem][] = [
    ['checkpoint', { checkpoint, signature: { algorithm: ALGORITHM, value } }],
    ...histories.flatMap(({ id, events }) =>
      events.map((event): [string, ExportItem] => [
        `promotion/${id} event ${event.seq}`,
        { chain: promotionChain(id), event },
      ]),
    ),
    ...slots.flatMap(({ slot, revisions }) =>
      revisions.map((revision): [string, ExportItem] => [
        `${headChain(slot)} revision ${revision.number}`,
        { chain: headChain(slot), revision },
      ]),
    ),
    ...changes.map((change): [string, ExportItem] => [
      `${CHANGES} change ${change.seq}`,
      { chain: CHANGES, change },
    ]),
    ...EVIDENCE.map((evidence): [string, ExportItem] => [
      `evidence ${evidenceDigest(evidence)}`,
      { evidence },
    ]),
  ];
  return lines.map(([name, item]) => ({ name, line: exportLine(item) }));
}

function identified(step: Step | Command, id: string): Step | Command {
  if ('command' in step) return { ...step, command: about(step.command, id) };
  return about(step, id);
}

function about(command: Command, id: string): Command {
  if (command.type === 'request') return { ...command, id };
  if (command.type !== 'verify') return command;
  return { ...command, evidence: command.evidence.map((report) => ({ ...report, promotion_id: id })) };
}

/** A lock, the end of it, and a freeze. */
function madeChanges(): readonly Change[] {
  const environment = { type: 'environment', id: 'production' } as const;
  const told: readonly Told[] = [
    { action: 'lock', target: environment, reason: 'incident', before: { v: 1 }, after: { v: 2 } },
    { action: 'unlock', target: environment, before: { v: 2 }, after: { v: 3 } },
    { action: 'create', target: { type: 'freeze', id: 'frz-1' }, reason: 'fair', after: { v: 1 } },
  ];
  const changes: Change[] = [];
  for (const one of told) changes.push(nextChange(changes.at(-1), one, { at: NOON, actor: dev }));
  return changes;
}

function slotRevisions(environment: string) {
  const slot: Slot = { subject: { kind: 'agent', name: 'agent-123' }, environment, gateway: 'gw-789' };
  let head = emptyHead(slot, NOON);
  const revisions: Revision[] = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    const cause = { by: 'record', deployment_id: `dep-${name}` } as const;
    const swapped = swap(head, { digest: contentOf(name), cause, actor: dev, now: NOON });
    revisions.push(swapped.revision);
    head = swapped.head;
  }
  if (head.chain === null) throw new Error('no chain');
  return { slot, head: { ...head, chain: head.chain }, revisions };
}
