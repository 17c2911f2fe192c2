import { Api } from './api.ts';
import type { Runtime } from './runtime.ts';

/** Who may read everything in each of the demo tenants. */
const READERS = ['admin@acme.com', 'carol@globex.com'];
const AT_ONCE = 8;

/**
 * Ends a runtime of the real template after its API has made every decision again that it ever made. Throws when one comes out otherwise,
 * and when there was none.
 */
export async function stopReplayed(runtime: Runtime): Promise<void> {
  try {
    let decisions = 0;
    for (const email of READERS)
      decisions += await replayAll(new Api(runtime.url, await runtime.token(email)));
    if (decisions === 0) throw new Error('nothing was decided');
  } finally {
    await runtime.stop();
  }
}

async function replayAll(api: Api): Promise<number> {
  const rest = everyId(api);
  let decisions = 0;
  const worker = async () => {
    for await (const id of rest) decisions += await replayEach(api, id);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return decisions;
}

async function* everyId(api: Api): AsyncGenerator<string> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await answered(
      api.get(`/api/v1/promotions?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`),
    );
    for (const { id } of page.items) yield id;
    cursor = page.next_cursor;
  }
}

async function replayEach(api: Api, id: string): Promise<number> {
  const path = `/api/v1/promotions/${id}`;
  const { items } = await answered(api.get(`${path}/timeline?limit=100`));
  const carrying = items.filter((item: { type: string; event: object }) => 'decision' in item.event);
  if (carrying.length === 0) throw new Error(`${id} was never decided on`);
  for (const { seq } of carrying) {
    const { same, decision } = await answered(api.post(`${path}/decision/replay?seq=${seq}`));
    if (same !== true)
      throw new Error(`${id} event ${seq} is decided otherwise: ${JSON.stringify(decision)}`);
  }
  return carrying.length;
}

async function answered(answer: ReturnType<Api['get']>) {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body;
}
