import { type Answer, Api, until } from './api.ts';
import { type Environment, type Runtime, type RuntimeOptions, startRuntime } from './runtime.ts';

/** A runtime that dies, by itself or when told to, and comes back where it was; and clients that live through that. */
export class MortalRuntime {
  readonly #options: RuntimeOptions;
  readonly #revived: (runtime: Runtime) => Promise<void>;
  readonly #successors = new WeakMap<Runtime, Promise<Runtime>>();
  #current: Promise<Runtime>;
  /** How often it came back. */
  lives = 0;

  /** `environment` is that of the first life. `revived` is called after each later start, before anybody goes on. */
  constructor(
    environment: Environment,
    options: RuntimeOptions,
    revived: (runtime: Runtime) => Promise<void> = async () => {},
  ) {
    this.#options = options;
    this.#revived = revived;
    this.#current = startRuntime(environment, options);
  }

  current(): Promise<Runtime> {
    return this.#current;
  }

  /** Ends it as a power cut would, and starts it again. */
  async kill(): Promise<void> {
    const runtime = await this.#current;
    await runtime.kill9();
    await this.#revive(runtime);
  }

  async stop(): Promise<void> {
    await (await this.#current).stop();
  }

  /** Acts as a person at a client that tries again after a power cut, until the answer is good. */
  persistently(
    email: string,
    act: (api: Api) => Promise<Answer>,
    good: (answer: Answer) => boolean,
  ): Promise<Answer | undefined> {
    return until(
      async () => {
        const runtime = await this.#current;
        try {
          return await act(new Api(runtime.url, await runtime.token(email)));
        } catch {
          await this.#revive(runtime);
          return undefined;
        }
      },
      (answer) => answer !== undefined && good(answer),
    );
  }

  async #revive(dead: Runtime): Promise<void> {
    await dead.gone;
    const known = this.#successors.get(dead);
    if (known !== undefined) return void (await known);
    // Many clients see one death: the first of them brings it back.
    this.#current = this.#restart(dead);
    this.#successors.set(dead, this.#current);
    await this.#current;
  }

  async #restart({ dataDir, port }: Runtime): Promise<Runtime> {
    const runtime = await startRuntime({}, { ...this.#options, dataDir, port });
    this.lives += 1;
    await this.#revived(runtime);
    return runtime;
  }
}
