import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** A package of others that is inside an archive. */
export type ThirdParty = {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  /** The text that its authors ship; empty where they ship none. */
  readonly text: string;
};

const Manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** The innermost package of a path: `node_modules/a/node_modules/@b/c/lib/d.js` is of `node_modules/a/node_modules/@b/c`. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * Returns the packages that the bundled modules are of, by name and version, each once.
 *
 * @param inputs the bundler's own list of what it read, as paths relative to `root`
 * @throws when a package has no name, version or license
 */
export async function thirdParties(root: string, inputs: Iterable<string>): Promise<readonly ThirdParty[]> {
  const folders = new Set([...inputs].flatMap((input) => PACKAGE.exec(input)?.[0] ?? []));
  return uniqueParties(await Promise.all([...folders].map((folder) => partyIn(join(root, folder)))));
}

/** Returns the packages in the order of their names, each version once. */
export function uniqueParties(parties: readonly ThirdParty[]): readonly ThirdParty[] {
  const found = new Map(parties.map((party) => [purl(party), party]));
  return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, party]) => party);
}

async function partyIn(folder: string): Promise<ThirdParty> {
  const manifest = Manifest.safeParse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  if (!manifest.success) throw new Error(`${folder}/package.json has no name, version or license as text.`);
  return { ...manifest.data, text: await licenseText(folder) };
}

async function licenseText(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|notice|copying)(\.|-|$)/i.test(name));
  const texts = await Promise.all(names.toSorted().map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => text.trim()).join('\n\n');
}

/** Returns the package URL of an npm package (purl specification, type `npm`). */
export const purl = ({ name, version }: Pick<ThirdParty, 'name' | 'version'>): string =>
  `pkg:npm/${name.replace(/^@/, '%40')}@${encodeURIComponent(version)}`;

/** Returns the text of `THIRD-PARTY-NOTICES`: each package with its license as its authors ship it. */
export function notices(parties: readonly ThirdParty[]): string {
  const parts = parties.map(({ name, version, license, text }) =>
    [`${name} ${version} (${license})`, text].filter((part) => part !== '').join('\n\n'),
  );
  return `${['Sluice contains these packages of others.', ...parts].join(`\n\n${'-'.repeat(78)}\n\n`)}\n`;
}

/** Returns a CycloneDX 1.6 document of what is inside an archive. It says no time and no serial number: the same content has the same bytes. */
export function sbom(
  product: { readonly name: string; readonly version: string },
  parties: readonly ThirdParty[],
) {
  const component = (party: ThirdParty) => ({
    ...{ type: 'library', 'bom-ref': purl(party), name: party.name, version: party.version },
    licenses: [
      / (OR|AND|WITH) /.test(party.license)
        ? { expression: party.license }
        : { license: { id: party.license } },
    ],
    purl: purl(party),
  });
  const self = { ...product, type: 'application', 'bom-ref': purl(product), purl: purl(product) };
  return {
    ...{
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
    },
    version: 1,
    metadata: { component: { ...self, licenses: [{ license: { id: 'Apache-2.0' } }] } },
    components: parties.map(component),
    dependencies: [
      { ref: self['bom-ref'], dependsOn: parties.map(purl) },
      ...parties.map((party) => ({ ref: purl(party) })),
    ],
  };
}
