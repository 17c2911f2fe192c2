import { beforeEach, describe, expect, it } from 'vitest';
import { as, asking, EVIDENCE, freshWorld, requested } from './evidence-world.ts';

beforeEach(freshWorld);

describe('evidence with a member called __proto__', () => {
  it.each([
    ['a document', '{"passed":true,"__proto__":{"passed":false}}'],
    ['a document in a text', JSON.stringify('{"passed":true,"__proto__":{"passed":false}}')],
    ['a document in a text, deeper', JSON.stringify('{"passed":true,"suites":[{"__proto__":null}]}')],
  ])('is refused as %s', async (_, document) => {
    await asking();
    const { subject } = await requested();
    const body = `{"gate":"tests","format":"json","subject_digest":"${subject}","document":${document}}`;
    const answer = await as('dev')('POST', EVIDENCE, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('is refused for a gate of that name, which would be a member of the facts', async () => {
    await asking();
    const { subject } = await requested();
    const report = { format: 'json', subject_digest: subject, document: { passed: true } };
    expect(await as('dev')('POST', EVIDENCE, { ...report, gate: '__proto__' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'gate', problem: 'is a reserved name' }] },
    });
    expect(
      await as('admin')('PATCH', '/api/v1/environments/staging', { gates: [{ name: '__proto__' }] }),
    ).toMatchObject({ status: 400 });
  });
});
