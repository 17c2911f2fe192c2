import * as z from 'zod';
import type { Deployed } from './stack.ts';

/** A Cognito user pool with its first client. */
export interface UserPool {
  readonly id: string;
  /** The issuer that the real pool would put in its tokens; authorizers of the template name it. */
  readonly cognitoIssuer: string;
  readonly clientId: string;
  /** Where the client may have people sent back to. */
  readonly callbackUrls: readonly string[];
  /** The function that may change the claims of a token (trigger event V2_0). */
  readonly tokenTrigger: string | undefined;
}

const poolSchema = z.looseObject({
  LambdaConfig: z
    .looseObject({
      PreTokenGenerationConfig: z
        .object({ LambdaArn: z.string(), LambdaVersion: z.literal('V2_0') })
        .optional(),
    })
    .optional(),
});
const clientSchema = z.looseObject({
  UserPoolId: z.string(),
  CallbackURLs: z.array(z.string()).default([]),
});

/** The user pools of the template that have a client. */
export function readUserPools(deployed: Deployed): readonly UserPool[] {
  const clients = deployed.resources('AWS::Cognito::UserPoolClient').map(({ physical, properties }) => ({
    id: physical.ref,
    ...clientSchema.parse(properties),
  }));
  return deployed.resources('AWS::Cognito::UserPool').flatMap(({ physical, properties }) => {
    const client = clients.find(({ UserPoolId }) => UserPoolId === physical.ref);
    if (client === undefined) return [];
    const { LambdaConfig } = poolSchema.parse(properties);
    return {
      id: physical.ref,
      cognitoIssuer: `https://cognito-idp.${deployed.surroundings.region}.amazonaws.com/${physical.ref}`,
      clientId: client.id,
      callbackUrls: client.CallbackURLs,
      tokenTrigger: LambdaConfig?.PreTokenGenerationConfig?.LambdaArn,
    };
  });
}
