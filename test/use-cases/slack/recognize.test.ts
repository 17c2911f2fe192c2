import { describe, expect, it } from 'vitest';

import type { SecretUse } from '../../../functions/domain/catalog/own-secret.ts';
import type { Channel } from '../../../functions/domain/notification/channel.ts';
import type { SlackRequest } from '../../../functions/domain/slack/signature.ts';
import { recognizeSlack } from '../../../functions/use-cases/slack/recognize.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { slackHeaders } from '../../support/slack.ts';
import { appChannel, webhookChannel } from '../../support/slack-channels.ts';

const NOW = '2026-11-21T09:00:00.000Z';
const SECONDS = Date.parse(NOW) / 1000;
const BODY = 'payload=%7B%7D';

const SECRETS: Record<string, string> = {
  'acme slack sluice/acme/slack/signing': 'secret of acme\n',
  'mallory slack sluice/mallory/slack/signing': 'secret of mallory',
};

/** Another tenant that claims the same team, under the same id of a channel. */
const mallory = { ...appChannel, tenant: 'mallory', signing_secret_ref: 'sluice/mallory/slack/signing' };

async function recognize(
  request: SlackRequest,
  claim: { readonly team?: string; readonly tenant?: string; readonly channel?: string } = {},
  channels: readonly Channel[] = [appChannel, mallory],
) {
  const { catalog, transactions } = memoryStores(() => NOW);
  for (const item of channels) {
    await transactions.commit(item.tenant, [
      { write: 'catalog', entry: { type: 'channel', item }, expected: 0 },
    ]);
  }
  const read: string[] = [];
  const secrets = {
    async read({ tenant, purpose }: SecretUse, ref: string) {
      read.push(ref);
      return SECRETS[`${tenant} ${purpose} ${ref}`];
    },
  };
  const { team = 'T1', tenant = 'acme', channel = appChannel.id } = claim;
  const deps = { catalog, secrets, clock: { now: () => NOW } };
  const found = await recognizeSlack(deps, { team, offer: { tenant, channel } }, request);
  return { tenant: found?.tenant, read };
}

function signed(secret: string, seconds = SECONDS): SlackRequest {
  const headers = slackHeaders(secret, BODY, seconds);
  return {
    timestamp: headers['x-slack-request-timestamp'],
    signature: headers['x-slack-signature'],
    body: BODY,
  };
}

describe('a request of Slack', () => {
  it('is for the channel that it names when the secret of that one signed it', async () => {
    expect(await recognize(signed('secret of acme'))).toMatchObject({ tenant: 'acme' });
    const theirs = await recognize(signed('secret of mallory'), { tenant: 'mallory' });
    expect(theirs).toMatchObject({ tenant: 'mallory' });
  });

  it('is for no foreign tenant of the same team, whoever signed it', async () => {
    expect((await recognize(signed('secret of mallory'))).tenant).toBeUndefined();
    expect((await recognize(signed('secret of acme'), { tenant: 'mallory' })).tenant).toBeUndefined();
  });

  it.each<[string, ...Parameters<typeof recognize>]>([
    ['another secret signed it', signed('guess')],
    ['nobody signed it', { timestamp: String(SECONDS), signature: undefined, body: BODY }],
    ['it is from another team', signed('secret of acme'), { team: 'T2' }],
    ['its channel is gone', signed('secret of acme'), {}, []],
    [
      'its channel has no app any more',
      signed('secret of acme'),
      {},
      [{ ...webhookChannel, id: appChannel.id }],
    ],
    [
      'the secret is not there',
      signed(''),
      {},
      [{ ...appChannel, signing_secret_ref: 'sluice/acme/slack/none' }],
    ],
    ['nobody has such a tenant', signed('secret of acme'), { tenant: 'nobody' }],
  ])('is for nobody when %s', async (_, ...parts) => {
    expect((await recognize(...parts)).tenant).toBeUndefined();
  });

  it('is for nobody when it is older than five minutes, and nothing is looked up for it', async () => {
    expect(await recognize(signed('secret of acme', SECONDS - 301))).toEqual({ tenant: undefined, read: [] });
  });
});
