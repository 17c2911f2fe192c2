import { createRequire } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/**
 * Lambda hands credentials over in environment variables, so the chain that would look for them in files, SSO, containers
 * and instance metadata is replaced by the provider that reads those variables.
 */
export function environmentCredentials(): Plugin {
  return {
    name: 'environment-credentials',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({
        path: 'environment-credentials',
        namespace: 'sluice-cut',
      }));
      onLoad({ filter: /^environment-credentials$/, namespace: 'sluice-cut' }, () => ({
        contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
        resolveDir: require.resolve('@aws-sdk/client-dynamodb/package.json').replace(/package\.json$/, ''),
      }));
    },
  };
}
