import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, START } from '../api-world.ts';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { STAGING } from './world.ts';

const NO_DUTY = { requester: false, author: false, previous_promoter: false, evidence_producer: false };

let stage: PromotionStage;
beforeEach(async () => {
  stage = await promotionStage();
  for (const [subject, email] of [
    ['erin', 'erin@acme.com'],
    ['erin-2', ' ERIN@acme.COM'],
    ['frank', 'frank@acme.com'],
  ] as const) {
    const roles = ['developer', 'promoter', 'approver'] as const;
    await commit({
      write: 'membership',
      membership: {
        tenant: ACME,
        subject,
        user_id: subject,
        email,
        groups: [],
        grants: roles.map((role) => ({ role })),
        status: 'active',
        version: 1,
        created_at: START,
        updated_at: START,
      },
      expected: 0,
    });
  }
});

type Write = Parameters<PromotionStage['world']['deps']['transactions']['commit']>[1][number];

async function commit(...writes: Write[]): Promise<void> {
  expect(await stage.world.deps.transactions.commit(ACME, writes)).toEqual({ committed: true });
}

/** One approval of what goes to production, by nobody who is what the duties name. */
function demand(duties: Partial<typeof NO_DUTY>): Promise<void> {
  const item = {
    id: 'pol-1',
    name: 'duties',
    environments: ['production'],
    required_approvers: 1,
    groups: [],
    separation_of_duties: { ...NO_DUTY, ...duties },
    expires_after: 'P7D',
    require_comment: false,
    version: 1,
    created_at: START,
    updated_at: START,
  };
  return commit({ write: 'catalog', entry: { type: 'policy', item }, expected: 0 });
}

const edited = async (who: string, key: string, value: unknown) => {
  const answer = await stage.world.as(who)('PUT', `${STAGING}/configs/${key}`, { value });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
};
const asked = async (): Promise<string> => (await stage.ask()).body.id;
const approved = (who: string, id: string) => stage.world.as(who)('POST', `${PROMOTIONS}/${id}/approve`);
const separated = (relation: string) => ({ status: 403, body: { code: 'separation_of_duties', relation } });

describe('separation of duties on configuration', () => {
  it('keeps whoever edited what is promoted from approving, under another subject with the same e-mail too', async () => {
    await demand({ author: true });
    await edited('erin', 'query.timeout', '90s');
    const id = await asked();
    expect(await approved('erin', id)).toMatchObject(separated('author'));
    expect(await approved('erin-2', id)).toMatchObject(separated('author'));
    expect(await approved('frank', id)).toMatchObject({ status: 200, body: { status: 'approved' } });
  });

  it('knows the owner of a machine that edited it as the machine', async () => {
    await demand({ author: true });
    const { world } = stage;
    const slot = { subject: { kind: 'config', name: 'config' }, environment: 'staging' } as const;
    const { items } = await world.deps.heads.revisions(ACME, slot, { limit: 1 });
    expect(items[0]?.actor).toMatchObject({ email: 'dev@acme.com' });
    const { revisions } = world.deps.heads;
    const owned: typeof revisions = async (...of) => {
      const page = await revisions(...of);
      const actor = { subject: 'mach-ci', kind: 'machine', owner: 'ERIN@acme.com' } as const;
      return { ...page, items: page.items.map((revision) => ({ ...revision, actor })) };
    };
    Object.assign(world.deps.heads, { revisions: owned });
    expect(await approved('erin', await asked())).toMatchObject(separated('author'));
  });

  it('asks nobody about edits that the target has too', async () => {
    await demand({ author: true });
    await edited('erin', 'service.1', 'equal');
    expect((await stage.edit('service.1', 'equal')).status).toBeLessThan(300);
    await edited('frank', 'query.timeout', '80s');
    const id = await asked();
    expect(await approved('frank', id)).toMatchObject(separated('author'));
    expect(await approved('erin', id)).toMatchObject({ status: 200 });
  });

  it('says no to everybody where the source was edited too often to tell', async () => {
    await demand({ author: true });
    const { world } = stage;
    const { revisions } = world.deps.heads;
    let pages = 0;
    const endless: typeof revisions = async (...of) => {
      pages += 1;
      const { items } = await revisions(...of);
      const [newest] = items;
      const elsewhere = { added: 1, modified: 0, removed: 0, keys: ['another.key'] };
      const other = newest === undefined ? [] : [{ ...newest, changes: elsewhere }];
      return { items: other.flatMap((one) => Array.from({ length: 100 }, () => one)), next: 'more' };
    };
    Object.assign(world.deps.heads, { revisions: endless });
    const id = await asked();
    expect(await approved('alice', id)).toMatchObject(separated('unreadable'));
    expect(pages).toBeLessThanOrEqual(200);
  });

  it('keeps whoever brought evidence about it from approving', async () => {
    await demand({ evidence_producer: true });
    const id = await asked();
    const state = (await stage.world.deps.promotions.read(ACME, id))?.state;
    const subject_digest = state?.seal.manifest.source.digest ?? `sha256:${'0'.repeat(64)}`;
    await commit({
      write: 'evidence',
      evidence: {
        gate: 'tests',
        format: 'json',
        subject_digest,
        produced_at: START,
        received_at: START,
        producer: { subject: 'erin', email: 'erin@acme.com', kind: 'person' },
        result: { passed: true },
        document_digest: subject_digest,
      },
    });
    expect(await approved('erin-2', id)).toMatchObject(separated('evidence_producer'));
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });
});
