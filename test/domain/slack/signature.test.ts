import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isRecent, isSignedWith, type SlackRequest } from '../../../functions/domain/slack/signature.ts';
import { slackHeaders } from '../../support/slack.ts';

/** The worked example of Slack's documentation. */
const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const EXAMPLE: SlackRequest = {
  timestamp: '1531420618',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
};

describe('a request', () => {
  it('is signed with a secret when the signature is that of its time and its body', () => {
    expect(isSignedWith(SECRET, EXAMPLE)).toBe(true);
    const { body } = EXAMPLE;
    const headers = slackHeaders('another secret', body, 1_700_000_000);
    const [timestamp, signature] = [headers['x-slack-request-timestamp'], headers['x-slack-signature']];
    expect(isSignedWith('another secret', { timestamp, signature, body })).toBe(true);
    expect(isSignedWith(SECRET, { timestamp, signature, body })).toBe(false);
  });

  it.each<[string, Partial<SlackRequest>]>([
    ['another time', { timestamp: '1531420619' }],
    ['no time', { timestamp: undefined }],
    ['another body', { body: `${EXAMPLE.body} ` }],
    ['no body', { body: '' }],
    ['no signature', { signature: undefined }],
    ['an empty signature', { signature: '' }],
    ['a signature of another version', { signature: EXAMPLE.signature?.replace('v0', 'v1') }],
    ['a shorter signature', { signature: EXAMPLE.signature?.slice(0, -2) }],
    ['a longer signature', { signature: `${EXAMPLE.signature}00` }],
    ['a signature in capitals', { signature: EXAMPLE.signature?.toUpperCase() }],
    ['a signature in another alphabet', { signature: `v0=${'ä'.repeat(64)}` }],
  ])('is not signed with %s', (_, change) => {
    expect(isSignedWith(SECRET, { ...EXAMPLE, ...change })).toBe(false);
  });

  it('is not signed with another secret, nor with none', () => {
    expect(isSignedWith(`${SECRET}x`, EXAMPLE)).toBe(false);
    const forged = createHmac('sha256', '').update(`v0:${EXAMPLE.timestamp}:${EXAMPLE.body}`).digest('hex');
    expect(isSignedWith('', { ...EXAMPLE, signature: `v0=${forged}` })).toBe(false);
  });

  it.each([
    ['at that moment', '2018-07-12T18:36:58.000Z', true],
    ['300 s before', '2018-07-12T18:41:58.999Z', true],
    ['301 s before', '2018-07-12T18:41:59.000Z', false],
    ['300 s later, by our clock', '2018-07-12T18:31:58.000Z', true],
    ['301 s later, by our clock', '2018-07-12T18:31:57.999Z', false],
  ])('that was made %s is recent or not', (_, now, recent) => {
    expect(isRecent(EXAMPLE, now)).toBe(recent);
  });

  it.each([
    undefined,
    '',
    'now',
    '-1531420618',
    '1531420618.5',
    '1e9',
    ' 1531420618',
    '0x5b479e0a',
    '9'.repeat(13),
  ])('that says %j for its time is not', (timestamp) => {
    expect(isRecent({ ...EXAMPLE, timestamp }, '2018-07-12T18:36:58.000Z')).toBe(false);
  });
});
