import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { artifactVersionKey } from './keys-artifact.ts';
import { atVersion, put, type WriteOf } from './write.ts';
import { assertRises } from './write-rules.ts';

/** A published version, at the edition its writer saw. */
export function artifactVersionItem(
  name: string,
  tenant: string,
  { item, expected }: WriteOf<'artifact_version'>,
): TransactWriteItem {
  const { artifact, version, edition } = item;
  const key = artifactVersionKey(tenant, artifact, version);
  assertRises(`artifact ${artifact} ${version}`, expected, edition);
  return put(name, { key, body: item, attributes: { ver: edition } }, atVersion(expected));
}
