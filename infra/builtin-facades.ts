import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Importing a built-in module as an ES module makes Node read every property of it, getters included, to fill the names
 * that could be imported: `node:http` then loads a WebSocket client, `node:tls` decodes every root certificate,
 * `node:process` opens the standard streams. A bundle asks for the module itself instead, and reads only what it uses;
 * that is 20 of the 50 ms in which a bare client loads.
 */
export function withoutFacades(): Plugin {
  return {
    name: 'without-facades',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[a-z:_/0-9]+$/ }, ({ path, kind }) => {
        if (!isBuiltin(path)) return undefined;
        const name = path.startsWith('node:') ? path : `node:${path}`;
        return { path: name, namespace: kind === 'import-statement' ? 'builtin-names' : 'builtin-object' };
      });
      onLoad({ filter: /.*/, namespace: 'builtin-names' }, ({ path }) => ({ contents: names(path) }));
      // Whoever imports late or requires gets the object, whose getters stay asleep until they are read.
      onLoad({ filter: /.*/, namespace: 'builtin-object' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule('${path}');`,
      }));
    },
  };
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const RESERVED = new Set(['default', 'module', 'delete', 'import', 'export']);

/** One export for each property; one that nobody imports is dropped, since reading it is declared free of effects. */
function names(path: string): string {
  const module: object | undefined = process.getBuiltinModule(path);
  const exports = Object.keys(module ?? {})
    .filter((name) => IDENTIFIER.test(name) && !RESERVED.has(name))
    .map((name) => `const $${name} = /* @__PURE__ */ (() => m.${name})();\nexport { $${name} as ${name} };`);
  return [
    `const m = /* @__PURE__ */ process.getBuiltinModule('${path}');`,
    'export default m;',
    ...exports,
  ].join('\n');
}
