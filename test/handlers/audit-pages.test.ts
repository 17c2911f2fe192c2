import { beforeAll, describe, expect, it } from 'vitest';
import { type ExportItem, exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import type { Principal } from '../../functions/domain/identity/principal.ts';
import { emptyHead, swap } from '../../functions/domain/promotion/head.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import type { Slot } from '../../functions/domain/subject.ts';
import { makeCheckpoint } from '../../functions/use-cases/audit/checkpoint.ts';
import { exportAudit } from '../../functions/use-cases/audit/export.ts';
import { contentOf, dev, NOON } from '../support/promotion-facts.ts';
import { ACME, createWorld, type World } from './api-world.ts';

const AUDITOR: Principal = {
  tenant: ACME,
  subject: 'auditor',
  email: 'auditor@acme.com',
  kind: 'person',
  groups: [],
  grants: [{ role: 'auditor' }],
};
/** Revisions of each slot: fewer than a page holds, as many, one more, and many times as many. */
const LENGTHS = [1, 6, 7, 8, 29];
const ON_A_PAGE = 7;

let world: World;
beforeAll(async () => {
  world = await createWorld();
  for (const [at, length] of LENGTHS.entries()) {
    const slot: Slot = {
      subject: { kind: 'agent', name: `agent-${at}` },
      environment: 'staging',
      gateway: 'gw-1',
    };
    let head = emptyHead(slot, NOON);
    for (let number = 1; number <= length; number += 1) {
      const cause = { by: 'record', deployment_id: `dep-${number}` } as const;
      const swapped = swap(head, { digest: contentOf(`${number}`), cause, actor: dev, now: NOON });
      const { version: expected } = head;
      await world.commit(
        ACME,
        { write: 'head', head: swapped.head, expected },
        { write: 'revision', revision: swapped.revision },
      );
      head = swapped.head;
    }
  }
});

/** The pages of an export from a position on, at most so many heads each. */
async function pagesFrom(after: string | undefined, limit: number) {
  const pages: { readonly items: readonly ExportItem[]; readonly next: string | undefined }[] = [];
  let next = after;
  do {
    const page = { limit, ...(next === undefined ? {} : { after: next }) };
    const answer = await exportAudit(world.deps, { principal: AUDITOR, page, revisions: ON_A_PAGE });
    if (isRefusal(answer)) throw new Error(answer.detail);
    pages.push({ items: answer.items, next: answer.next });
    next = answer.next;
  } while (next !== undefined);
  return pages;
}

describe('the export of long chains', () => {
  it.each([1, 2, 100])('goes on within a chain, and verifies whole (%i chains a page)', async (limit) => {
    const made = await makeCheckpoint(world.deps, AUDITOR);
    if (isRefusal(made)) throw new Error(made.detail);
    const pages = await pagesFrom(undefined, limit);
    const items = pages.flatMap((page) => page.items);
    expect(items.filter((item) => 'revision' in item)).toHaveLength(LENGTHS.reduce((a, b) => a + b));
    for (const page of pages) expect(page.items.length).toBeLessThanOrEqual(ON_A_PAGE);
    const lines = [made.signed, ...items].map(exportLine);
    expect(verifyExport(lines, made.public_key)).toMatchObject({ problems: [], beyond: 0 });
  });

  it('is taken up at any page where it was broken off', async () => {
    const pages = await pagesFrom(undefined, 100);
    for (const [at, { next }] of pages.entries()) {
      if (next !== undefined) expect(await pagesFrom(next, 100)).toEqual(pages.slice(at + 1));
    }
  });

  it.each([
    'chain',
    'chain staging agent agent-0 gw-1 0 *',
    'chain staging agent agent-0 gw-1 1e3 *',
    'chain staging agent agent#0 gw-1 1 *',
    'chain staging other agent-0 gw-1 1 *',
    'chain staging agent agent-0 gw-1 1',
    'heads',
    'heads a#b',
    'heads staging a b',
    'promotions a b',
    'other',
    '',
  ])('refuses a position that was made up: %j', async (after) => {
    const answer = await exportAudit(world.deps, { principal: AUDITOR, page: { limit: 1, after } });
    expect(answer).toMatchObject({ refused: 'invalid_request', data: { errors: [{ field: 'cursor' }] } });
  });
});

describe('a checkpoint', () => {
  const digest = contentOf('part 1');

  it.each([
    'changes',
    'x x changes',
    `1 ${digest} changes`,
    `0 ${digest} changes`,
    `-2 ${digest} changes`,
    `2.5 ${digest} changes`,
    `1e9 ${digest} changes`,
    '2 sha256:none changes',
    `2 ${digest}`,
    `2 ${digest} nowhere`,
    `2 ${digest} heads a#b`,
    '',
  ])('is not made from a position that was made up: %j', async (after) => {
    expect(await makeCheckpoint(world.deps, AUDITOR, { after })).toMatchObject({
      refused: 'invalid_request',
      data: { errors: [{ field: 'cursor' }] },
    });
  });

  it('made from a forged but well-formed position is a part that follows none, never a whole one', async () => {
    const first = await makeCheckpoint(world.deps, AUDITOR, { most: 1 });
    if (isRefusal(first)) throw new Error(first.detail);
    const [number, prev] = first.next?.split(' ') ?? [];
    const forged = await makeCheckpoint(world.deps, AUDITOR, { after: `${number} ${prev} changes` });
    if (isRefusal(forged)) throw new Error(forged.detail);
    expect(forged.signed.checkpoint.part).toMatchObject({ number: 2, from: 'changes', last: true });
    const lines = [first.signed, forged.signed].map(exportLine);
    expect(verifyExport(lines, first.public_key).problems).toContainEqual({
      item: 'checkpoint part 2',
      problem: 'does not begin where the part before it ends',
    });
  });
});
