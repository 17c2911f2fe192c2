import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { promotionOutcome } from '../../cli/promotions/outcome.ts';
import { waitsFor } from '../../cli/promotions/words.ts';
import { type Cli, createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

let cli: Cli;
const config = (environment: string, key: string, value: unknown) =>
  cli.world.as('dev')('PUT', `/api/v1/config/environments/${environment}/configs/${key}`, { value });

beforeEach(async () => {
  cli = await createCli();
  await config('staging', 'query.timeout', 30);
  await config('staging', 'query.limit', 100);
});

const promote = ['promote', '--key', 'query.timeout', '--to', 'production'];

describe('a promotion of configuration', () => {
  it('is requested, approved, executed and listed', async () => {
    const asked = jsonOf(await cli.as('dev')(...promote, '--output', 'json'));
    expect(asked).toMatchObject({ ok: true, promotion: { status: 'pending', kind: 'config' } });
    const { id } = asked.promotion;
    const waiting = await cli.as('alice')('inbox');
    expect(waiting.out).toContain(id);
    expect(jsonOf(await cli.as('alice')('approve', id, '--comment', 'fine', '-o', 'json'))).toMatchObject({
      promotion: { status: 'approved', approvals: [{ subject: 'alice', comment: 'fine' }] },
    });
    const executed = await cli.as('dev')('execute', id);
    expect(executed).toMatchObject({ exit: 0 });
    expect(executed.err).toContain(`It goes on by itself. Follow it with \`sluice watch ${id}\``);
    const shown = await cli.as('dev')('show', id);
    expect(shown.out).toMatch(/query\.timeout +– → 30/);
    expect(shown.out).toContain('PromotionCompleted');
    expect(jsonOf(await cli.as('dev')('list', '--env', 'prod', '-o', 'json')).items).toHaveLength(1);
  });

  it('that nobody has to execute says so, and one that is held says for whom', async () => {
    const asked = await cli.as('dev')(...promote, '--execution', 'automatic', '-o', 'json');
    const { id } = jsonOf(asked).promotion;
    const approved = await cli.as('alice')('approve', id);
    expect(approved.err).toContain('It goes on by itself.');
    const { promotion } = jsonOf(await cli.as('alice')('show', id, '-o', 'json'));
    const held = { ...promotion, status: 'approved', waiting_for: 'execution', reason_code: 'governor' };
    expect(waitsFor(held)).toBe('execution by somebody who did not weaken what governs it');
    expect(promotionOutcome(held).hint).toBe(`Execute with \`sluice execute ${id}\`.`);
  });

  it('is compared first, as diff compares', async () => {
    const differing = await cli.as('dev')('diff', 'staging', 'production');
    expect(differing).toMatchObject({ exit: 1, err: '' });
    expect(differing.out).toMatch(/\+ added +query\.limit +100/);
    expect(await cli.as('dev')('diff', 'staging', 'staging')).toMatchObject({ exit: 0 });
  });

  it('is one however often its answer is lost on the way, and another when it is asked for again', async () => {
    const { fetch } = cli;
    const keys: (string | null)[] = [];
    let lost = 2;
    cli.fetch = async (input, init) => {
      if (init?.method !== 'POST') return fetch(input, init);
      keys.push(new Headers(init.headers).get('idempotency-key'));
      const answer = await fetch(input, init);
      lost -= 1;
      if (lost >= 0) throw new Error('the connection broke');
      return answer;
    };
    const json = [...promote, '--supersede', '-o', 'json'];
    const first = jsonOf(await cli.as('dev')(...json));
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(jsonOf(await cli.as('dev')('list', '-o', 'json')).items).toMatchObject([
      { id: first.promotion.id },
    ]);
    const second = jsonOf(await cli.as('dev')(...json));
    expect(second.promotion.id).not.toBe(first.promotion.id);
    expect(keys[3]).not.toBe(keys[0]);
    keys.length = 0;
    lost = 1;
    const [again, once] = [
      await cli.as('dev')(...json, '--idempotency-key', 'run-7.1'),
      await cli.as('dev')(...json, '--idempotency-key', 'run-7.1'),
    ].map(jsonOf);
    expect(keys).toEqual(['run-7.1', 'run-7.1', 'run-7.1']);
    expect(once.promotion.id).toBe(again.promotion.id);
  });

  it('names the groups whose approvals are missing', async () => {
    const policy = { name: 'security', environments: ['production'], required_approvers: 1 };
    const groups = [{ group: 'security', min: 1 }];
    await cli.world.as('admin')('POST', '/api/v1/approval-policies', { ...policy, groups });
    const made = await cli.as('dev')(...promote);
    expect(made.out + made.err).toContain('approval (0 of 1; missing: security)');
  });

  it('waits for its end, and says what for', async () => {
    cli.during = async () => {
      cli.during = async () => {};
      const [open] = (await cli.world.as('alice')('GET', '/api/v1/promotions?waiting_for=me')).body.items;
      if (open !== undefined) await cli.world.as('alice')('POST', `/api/v1/promotions/${open.id}/approve`);
    };
    const done = await cli.as('dev')(...promote, '--wait');
    expect(done, done.err).toMatchObject({ exit: 0 });
    expect(done.err).toContain('waits for approval (0 of 1)');
    expect(done.out).toContain('completed');
  });
});
