/** Does something with every item, `width` of them at a time; the results come in the order in which they are done. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) results.push(await act(item));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
