import { beforeEach, describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import {
  as,
  asking,
  EVIDENCE,
  freshWorld,
  JUNIT,
  junit,
  requested,
  stateOf,
  world,
} from './evidence-world.ts';

beforeEach(freshWorld);

describe('a document by its address', () => {
  const text = `<testsuite>${'<testcase name="x"/>'.repeat(40_000)}</testsuite>`;
  const address = { url: 'https://ci.acme.com/report.xml', sha256: digestOfBytes(text).slice(7) };
  const answer = (body: string, status = 200, truncated = false) => {
    world.answer = () => ({ result: 'answered', status, headers: {}, body, truncated });
  };

  it('is fetched, held against its sha256, judged, and not stored', async () => {
    await asking();
    const { path } = await requested();
    answer(text);
    const taken = await as('dev')('POST', `${path}/evidence`, { ...junit(), document: address });
    expect(taken).toMatchObject({ status: 201, body: { result: { total: 40_000, passed: true } } });
    expect(await stateOf(path)).toMatchObject({ status: 'approved' });
    const stored = await as('dev')('GET', `${EVIDENCE}/document?digest=${taken.body.document_digest}`);
    expect(stored.status).toBe(404);
  });

  it.each([
    ['another content', () => answer(JUNIT)],
    ['an error', () => answer('no', 500)],
    ['too much', () => answer(text, 200, true)],
    ['nothing', () => undefined],
    [
      'no right to be called',
      () => {
        world.answer = () => ({ result: 'forbidden', message: 'private' });
      },
    ],
  ])('is refused with %s behind it', async (_, arrange) => {
    await asking();
    const { path } = await requested();
    arrange();
    const refused = await as('dev')('POST', `${path}/evidence`, { ...junit(), document: address });
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'document' }] } });
  });
});
