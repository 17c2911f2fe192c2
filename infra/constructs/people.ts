import { Aws, Duration, Validations } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { type DeletionProtection, KEPT } from './keeping.ts';
import type { SluiceFunction } from './sluice-function.ts';

/** Where the command line waits for the answer of a sign-in (RFC 8252: loopback, fixed because Cognito compares the whole URL). */
const CLI_CALLBACK = 'http://localhost:8765/callback';

export type PeopleProps = {
  /** Begins the domain under which people sign in, together with the account. */
  readonly prefix: string;
  readonly protection: DeletionProtection;
  readonly tokenClaims: SluiceFunction;
  /** The URL under which the pages are, without a slash at the end. */
  readonly pages: string;
};

/** The people: nobody signs up by themselves, nobody edits themselves, and only `sub` is trusted of what a token says. */
export class People extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { prefix, protection, tokenClaims, pages }: PeopleProps) {
    super(scope, id);
    this.pool = new UserPool(this, 'pool', {
      selfSignUpEnabled: false,
      signInAliases: { username: true, email: true },
      autoVerify: { email: true },
      signInCaseSensitive: false,
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      // The least plan that calls a token trigger of version 2.
      featurePlan: FeaturePlan.ESSENTIALS,
      removalPolicy: KEPT,
    });
    protection.guard(this.pool, 'DeletionProtection', 'ACTIVE', 'INACTIVE');
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, tokenClaims, LambdaVersion.V2_0);
    this.pool.addDomain('domain', { cognitoDomain: { domainPrefix: `${prefix}-${Aws.ACCOUNT_ID}` } });
    this.client = this.pool.addClient('client', {
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      // Sign-in by code grant alone (PKCE, since there is no secret): no scope lets a token change its user,
      // and an empty list of writable attributes would mean all of them, so it names one that nothing reads.
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [CLI_CALLBACK, `${pages}/sign-in/callback`],
        logoutUrls: [CLI_CALLBACK],
      },
      writeAttributes: new ClientAttributes().withStandardAttributes({ locale: true }),
    });
    Validations.of(this.pool).acknowledge({
      id: 'AwsSolutions-COG8',
      reason:
        'Threat protection is billed per person and month; a second factor is required, sign-up is closed and tokens carry no rights.',
    });
  }
}
