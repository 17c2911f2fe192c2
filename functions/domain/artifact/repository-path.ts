/** One component of a repository's name, and names of several (OCI distribution specification, "Pulling manifests"). */
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const ONE = new RegExp(`^${COMPONENT}$`);
const SEVERAL = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);

/** Characters of a repository's name: registries commonly store host and name in 255. */
const LONGEST = 200;

/** Whether a text names an artifact: one component of a repository's name, at most 128 characters. */
export function isArtifactName(text: string): boolean {
  return text.length <= 128 && ONE.test(text);
}

/** Whether a text names a repository: components with slashes between. */
export function isRepositoryPath(text: string): boolean {
  return text.length <= LONGEST && SEVERAL.test(text);
}
