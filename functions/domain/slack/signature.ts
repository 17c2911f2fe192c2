import { keyedHash, sameBytes } from '../digest.ts';
import { unixSeconds } from '../instant.ts';

/** A request as it claims to come from Slack: its headers `x-slack-request-timestamp` and `x-slack-signature`, and its body to the byte. */
export type SlackRequest = {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: string;
};

/** Seconds by which a request's time may differ from ours, in either direction: what Slack recommends against replays. */
const WINDOW = 300;
const TIMESTAMP = /^[1-9]\d{0,11}$/;
const SIGNATURE = /^v0=([0-9a-f]{64})$/;

/** Whether a request was made within five minutes of `now`, an instant. Nothing is believed of it yet. */
export function isRecent({ timestamp = '' }: SlackRequest, now: string): boolean {
  return TIMESTAMP.test(timestamp) && Math.abs(unixSeconds(now) - Number(timestamp)) <= WINDOW;
}

/**
 * Whether Slack signed a request with an app's signing secret: HMAC-SHA-256 of `v0:<timestamp>:<body>`, compared in constant time
 * (docs.slack.dev, verifying requests from Slack). An empty secret signs nothing.
 */
export function isSignedWith(
  secret: string,
  { timestamp = '', signature = '', body }: SlackRequest,
): boolean {
  const hex = SIGNATURE.exec(signature)?.[1];
  if (hex === undefined || secret === '') return false;
  const expected = keyedHash(Buffer.from(secret))(`v0:${timestamp}:${body}`);
  return sameBytes(expected, Buffer.from(hex, 'hex'));
}
