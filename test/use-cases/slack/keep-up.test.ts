import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliver } from '../../../functions/use-cases/notifications/deliver.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { ALICE } from '../promotions/people.ts';
import { requested, staged, sure } from '../promotions/stage.ts';
import { createSlackStage, type SlackStage } from './stage.ts';

describe.each(STORES)('a channel that hears of requests for approval alone, on $name', ({ open }) => {
  const world = staged(open);
  let at: SlackStage;
  beforeEach(async () => {
    at = await createSlackStage(world(), { events: ['approvalrequested'] });
  });
  afterEach(() => at.slack.stop());

  const tell = (promotion_id: string) =>
    deliver(
      { ...world().deps, senders: { slack: at.sender, email: at.silent, webhook: at.silent } },
      { tenant: TENANT, channel_id: at.channel.id, promotion_id },
      { last: false },
    );

  it('has its message say what was decided elsewhere, and rings for nothing more', async () => {
    const { id } = await requested(world());
    expect(await tell(id)).toEqual({ outcome: 'done' });
    sure(await approvePromotion(at.deps, { principal: ALICE, id }));
    at.slack.mischief.push({ status: 503 });
    expect(await tell(id)).toMatchObject({ outcome: 'retry' });
    expect(await tell(id)).toEqual({ outcome: 'done' });
    const [message] = [...at.slack.messages.values()];
    expect(message.text).toContain('It is approved by alice@acme.com.');
    expect(JSON.stringify(message.blocks)).not.toContain('sluice_approve');
    expect(at.slack.of('chat.postMessage')).toHaveLength(1);
  });

  it('is not called when it has shown nothing', async () => {
    const { id } = await requested(world());
    await world().commit({
      write: 'catalog',
      entry: { type: 'channel', item: { ...at.channel, since: '9999-01-01T00:00:00.000Z', version: 2 } },
      expected: 1,
    });
    expect(await tell(id)).toEqual({ outcome: 'done' });
    expect(at.slack.calls).toEqual([]);
  });
});
