import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError, type AwsService } from '../aws-endpoint.ts';
import { isRecord } from '../json.ts';

/**
 * `GetSecretValue` from `secrets.json` in the data directory: `{"<name>": "<value>"}`, read anew for every call. `provided`
 * are the runtime's own secrets, which the file may replace.
 */
export function secretsManagerService(
  dataDir: string,
  provided: Readonly<Record<string, string>> = {},
): AwsService {
  return {
    name: 'secretsmanager',
    target: 'secretsmanager',
    operations: {
      async GetSecretValue({ SecretId: id }) {
        const name = nameIn(String(id));
        const secrets = { ...provided, ...(await readSecrets(join(dataDir, 'secrets.json'))) };
        if (!Object.hasOwn(secrets, name)) {
          throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret.`);
        }
        const value = secrets[name];
        return { Name: name, SecretString: typeof value === 'string' ? value : JSON.stringify(value) };
      },
    },
  };
}

/** An ARN ends in the name, a hyphen and six random characters. */
function nameIn(id: string): string {
  return /^arn:aws:secretsmanager:[^:]*:[^:]*:secret:(.+)-[A-Za-z0-9]{6}$/.exec(id)?.[1] ?? id;
}

async function readSecrets(file: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return {};
  }
  const secrets: unknown = JSON.parse(text);
  if (!isRecord(secrets)) throw new Error(`${file} must hold one JSON object.`);
  return secrets;
}
