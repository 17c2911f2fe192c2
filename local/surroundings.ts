/** Region that functions and clients are told; no request ever leaves the machine for it. */
export const localRegion = 'us-east-1';

/** The account of every local ARN. */
export const localAccountId = '000000000000';

/** Credentials that satisfy an SDK client; no local endpoint checks them. */
export const localCredentials = { accessKeyId: 'LOCAL', secretAccessKey: 'LOCAL' } as const;
