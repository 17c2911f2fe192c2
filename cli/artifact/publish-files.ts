import { RegistryLogin } from '../../functions/adapters/oci/credentials.ts';
import { OciRepository } from '../../functions/adapters/oci/repository.ts';
import { Transport } from '../../functions/adapters/oci/transport.ts';
import type { EnvironmentView } from '../../functions/contract/environments.ts';
import { listOf } from '../../functions/contract/fields.ts';
import { getMe, MeView } from '../../functions/contract/me.ts';
import { RegistryView, registries } from '../../functions/contract/registries.ts';
import { type Address, type Place, placeOf, placeText } from '../../functions/domain/artifact/place.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { RegistryFault } from '../../functions/ports/registry.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import { signerOf } from '../http/sign.ts';
import { isSameOrigin, serverUrl } from '../login/settings.ts';
import { pipeline } from '../promotions/environments.ts';
import type { Session } from '../session.ts';
import { credentialsFor } from './credentials.ts';
import { exchangeBy } from './exchange.ts';
import { filesNamed } from './files.ts';
import { type Packed, pack } from './pack.ts';
import { push, type Sent } from './push.ts';

/** A file of an artifact, and how the registry came by it. */
export type PublishedFile = {
  readonly title: string;
  readonly digest: string;
  readonly size: number;
  readonly outcome: Sent['outcome'];
};

/** What files became in the registry: the image reference, and each file. */
export type Pushed = { readonly reference: string; readonly files: readonly PublishedFile[] };

/** Packs files as one artifact and pushes it to where the first environment keeps it. Throws a `Failure`. */
export async function pushFiles(
  session: Session,
  artifact: string,
  names: readonly string[],
): Promise<Pushed> {
  const { terminal, progress } = session;
  progress.say('packing');
  const packed = await pack(await filesNamed(terminal.cwd, names));
  const [place, ...others] = await placesOf(session, artifact);
  const repositoryOf = registryClient(session);
  const text = placeText(place);
  const sent = await push(
    {
      target: repositoryOf(place),
      others: others.map(repositoryOf),
      sleep: (ms) => terminal.sleep(ms),
      progress: (done, total) => progress.bar(`pushing to ${text}`, done, total),
    },
    packed,
  ).catch((error: unknown) => {
    if (error instanceof RegistryFault && !terminal.interrupted.aborted) throw failureOf(error, text);
    throw error;
  });
  return { reference: `${text}@${packed.manifest.digest}`, files: listed(packed, sent) };
}

function listed({ layers }: Packed, sent: readonly Sent[]): readonly PublishedFile[] {
  const outcomes = new Map(sent.map(({ digest, outcome }) => [digest, outcome]));
  return layers.map(({ title, digest, size }) => ({
    ...{ title, digest, size },
    outcome: outcomes.get(digest) ?? 'there',
  }));
}

type Places = readonly [Place<Address>, ...Place<Address>[]];

/** Where the first environment keeps an artifact, then the other repositories of the same registry that environments keep it in. */
async function placesOf(session: Session, artifact: string): Promise<Places> {
  const client = await session.client();
  const environments = await pipeline(client);
  const { list } = registries.endpoints;
  const { items } = list === undefined ? { items: [] } : await client.call(list, listOf(RegistryView), {});
  const addresses = items.map(
    ({ id, role, url, repository_prefix }): Address => ({
      ...{ id, role, url },
      ...(repository_prefix === null ? {} : { repository_prefix }),
    }),
  );
  const [first, ...rest] = environments.map((environment) => placeIn(environment, artifact, addresses));
  if (first === undefined || isRefusal(first)) {
    throw new Failure('no_registry', EXIT.not_found, first?.detail ?? 'there is no environment');
  }
  const others = rest.filter((place) => !isRefusal(place) && place.registry.id === first.registry.id);
  const paths = new Map(others.flatMap((place) => (isRefusal(place) ? [] : [[place.path, place]])));
  paths.delete(first.path);
  return [first, ...paths.values()];
}

const placeIn = (
  { name, artifact_repository }: EnvironmentView,
  artifact: string,
  addresses: readonly Address[],
) => placeOf({ name, ...(artifact_repository === null ? {} : { artifact_repository }) }, artifact, addresses);

/** Opens repositories of registries, each registry with one login. */
function registryClient(session: Session): (place: Place<Address>) => OciRepository {
  const { terminal } = session;
  const exchange = exchangeBy(terminal);
  const transports = new Map<string, Transport>();
  return ({ registry, path }) => {
    const origin = serverUrl(registry.url);
    const login = new RegistryLogin(exchange, async () => {
      const found = await credentialsFor(terminal, new URL(origin).host);
      return found ?? ownCredentials(session, origin);
    });
    const transport =
      transports.get(origin) ?? new Transport(origin, { exchange, login, sleep: (ms) => terminal.sleep(ms) });
    transports.set(origin, transport);
    return new OciRepository(transport, path);
  };
}

/** A registry at the very origin of the server takes the caller's address and token, as `docker login` would send them. */
async function ownCredentials(session: Session, origin: string) {
  const target = await session.target();
  if (!isSameOrigin(target.url, origin) || target.auth === undefined || target.auth.type === 'aws') return;
  const { email } = await (await session.client()).call(getMe, MeView);
  const request = { method: 'GET', url: new URL(origin), body: '', headers: {} };
  const { authorization = '' } = await signerOf(session.terminal, target)(request);
  return { username: email, password: authorization.replace(/^Bearer /, '') };
}

/** A fault of the registry as the end of an invocation. */
function failureOf({ code, message }: RegistryFault, place: string): Failure {
  const exits = { tag_exists: EXIT.immutable, registry_denied: EXIT.not_authorized };
  const hint =
    code === 'registry_denied'
      ? {
          hint: `Log in with \`docker login ${place.split('/')[0]}\`, or set SLUICE_REGISTRY_USERNAME and _PASSWORD.`,
        }
      : {};
  const exit = code === 'tag_exists' || code === 'registry_denied' ? exits[code] : EXIT.unavailable;
  return new Failure(code, exit, message, hint);
}
