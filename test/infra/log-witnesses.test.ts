import { beforeAll, describe, expect, it } from 'vitest';
import { witnessesIn } from '../../functions/domain/transparency-log/witness.ts';
import { wireWitnesses } from '../../functions/handlers/wiring/witnesses.ts';
import { testCosigner } from '../support/cosigner.ts';
import { realTemplate, type SynthesizedTemplate } from '../support/template.ts';

let template: SynthesizedTemplate;
beforeAll(async () => {
  template = await realTemplate();
});

const [one, other] = [testCosigner('a.example/w'), testCosigner('b.example')];
const both = `${one.verifierKey} https://a.example/w,${other.verifierKey} https://b.example`;

describe('witnesses of the logs', () => {
  it('are named by a parameter, for the function that feeds the logs and no other', () => {
    const told = template
      .of('AWS::Lambda::Function')
      .filter(({ properties }) => 'LOG_WITNESSES' in (properties.Environment?.Variables ?? {}));
    expect(told.map(({ properties }) => properties.Environment.Variables)).toEqual([
      expect.objectContaining({
        POWERTOOLS_SERVICE_NAME: 'feed-log',
        LOG_WITNESSES: { Ref: 'LogWitnesses' },
      }),
    ]);
    expect(JSON.parse(template.text).Parameters.LogWitnesses).toMatchObject({ Type: 'String', Default: '' });
  });

  it.each([
    ['nobody', '', true],
    ['one', `${one.verifierKey} https://a.example/w`, true],
    ['two', both, true],
    ['two, with a space', both.replace(',', ', '), true],
    ['no address', one.verifierKey, false],
    ['an address without TLS', `${one.verifierKey} http://a.example`, false],
    ['no key', 'https://a.example', false],
    ['a comma at the end', `${both},`, false],
  ])('are taken as the function takes them: %s', (_, setting, taken) => {
    const { AllowedPattern } = JSON.parse(template.text).Parameters.LogWitnesses;
    expect(new RegExp(`^(?:${AllowedPattern})$`).test(setting)).toBe(taken);
    if (taken) expect(() => witnessesIn(setting)).not.toThrow();
  });

  it('are asked where there are any', () => {
    const wired = (LOG_WITNESSES?: string) =>
      wireWitnesses({ allowLoopback: false }, LOG_WITNESSES === undefined ? {} : { LOG_WITNESSES });
    expect(wired(both).witnesses?.all.map(({ name }) => name)).toEqual(['a.example/w', 'b.example']);
    expect([wired(), wired('')]).toEqual([{}, {}]);
    expect(() => wired('x')).toThrow('no verifier key');
  });
});
