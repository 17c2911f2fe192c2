import type { AwsService } from '../aws-endpoint.ts';

/** Passes calls to the table on as they are, so that a crash plan sees them. Only there when one watches the table. */
export function tableProxy(endpoint: string): AwsService {
  return {
    name: 'dynamodb',
    target: 'DynamoDB_20120810',
    async operations(_operation, body, headers) {
      const answer = await fetch(endpoint, { method: 'POST', headers, body: new Uint8Array(body) });
      return { status: answer.status, body: await answer.text() };
    },
  };
}
