import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppProps } from 'aws-cdk-lib';
import { checkedApp } from '../../infra/checked-app.ts';
import { FUNCTIONS } from '../../infra/functions.ts';

/** The app with bundles that only answer their name: template tests need no handler and no bundler. */
export async function fixtureApp(folder: string, props: AppProps = {}) {
  const bundles = join(folder, 'functions');
  for (const { name } of FUNCTIONS) {
    await mkdir(join(bundles, name), { recursive: true });
    await writeFile(join(bundles, name, 'index.mjs'), `export const handler = () => '${name}';\n`);
  }
  return checkedApp({ folder: bundles, shared: false }, { outdir: join(folder, 'cdk.out'), ...props });
}
