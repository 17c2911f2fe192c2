import * as z from 'zod';
import { functionNameIn } from './physical.ts';
import type { Deployed } from './stack.ts';

const schema = z.looseObject({
  TargetFunctionArn: z.string(),
  AuthType: z.literal('NONE'),
  InvokeMode: z.literal('RESPONSE_STREAM'),
});

/** The names of the functions that have a URL of their own. Throws on a URL that is not served locally. */
export function readFunctionUrls(deployed: Deployed): readonly string[] {
  return deployed.resources('AWS::Lambda::Url').map(({ logicalId, properties }) => {
    const name = functionNameIn(schema.parse(properties).TargetFunctionArn);
    if (name === undefined) throw new Error(`The URL ${logicalId} leads to no function.`);
    return name;
  });
}
