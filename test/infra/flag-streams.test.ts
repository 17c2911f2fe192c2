import { beforeAll, describe, expect, it } from 'vitest';
import { LIFE, MOST_STREAMS } from '../../functions/domain/flags/stream-event.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { realTemplate, type SynthesizedTemplate } from '../support/template.ts';

let template: SynthesizedTemplate;
beforeAll(async () => {
  template = await realTemplate();
});

const declared = FUNCTIONS.find(({ name }) => name === 'flag-stream');
const functionNamed = (name: string) =>
  template
    .of('AWS::Lambda::Function')
    .find(({ properties }) => properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME === name);

describe('streams of changes of flags', () => {
  it('have a URL that streams, where the operator allows any, and nowhere else', () => {
    const urls = template.of('AWS::Lambda::Url');
    expect(urls.map(({ properties }) => [properties.AuthType, properties.InvokeMode])).toEqual([
      ['NONE', 'RESPONSE_STREAM'],
    ]);
    const [allowed = ''] = urls.map(({ condition }) => condition);
    expect(JSON.parse(template.text).Conditions[allowed]).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'MostFlagStreams' }, '0'] }],
    });
    expect(JSON.parse(template.text).Parameters.MostFlagStreams).toMatchObject({ Default: '0' });
    const open = template
      .of('AWS::Lambda::Permission')
      .filter(({ properties }) => properties.Principal === '*');
    expect(open.map(({ condition, properties }) => [condition, properties.Action])).toEqual([
      [allowed, 'lambda:InvokeFunctionUrl'],
      [allowed, 'lambda:InvokeFunction'],
    ]);
    expect(
      open.map(({ properties }) => [properties.FunctionUrlAuthType, properties.InvokedViaFunctionUrl]),
    ).toEqual([
      ['NONE', undefined],
      [undefined, true],
    ]);
  });

  it('take no more concurrent executions than are reserved for them, and reserve none while they are off', () => {
    expect(functionNamed('flag-stream')?.properties.ReservedConcurrentExecutions).toEqual({
      'Fn::If': [expect.any(String), { Ref: 'MostFlagStreams' }, { Ref: 'AWS::NoValue' }],
    });
    // Each tenant has a share of these.
    expect(functionNamed('flag-stream')?.properties.Environment.Variables.MOST_FLAG_STREAMS).toEqual({
      Ref: 'MostFlagStreams',
    });
    for (const { properties } of template.of('AWS::Lambda::Function'))
      if (properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME !== 'flag-stream')
        expect(properties.ReservedConcurrentExecutions).toBeUndefined();
  });

  it('are known to the function that evaluates flags alone', () => {
    const knowing = template
      .of('AWS::Lambda::Function')
      .filter(({ properties }) => properties.Environment?.Variables?.FLAG_STREAM_URL !== undefined)
      .map(({ properties }) => properties.Environment.Variables.POWERTOOLS_SERVICE_NAME);
    expect(knowing).toEqual(['flags']);
  });

  it('end before the function is stopped', () => {
    expect(declared?.timeout).toBeGreaterThanOrEqual(LIFE.longest + 15);
    expect(MOST_STREAMS.key).toBeLessThan(MOST_STREAMS.tenant);
  });
});
