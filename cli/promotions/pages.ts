/** Everything a list has, page by page, up to `most` items; says whether there is more. */
export async function allPages<T>(
  read: (
    cursor: string | undefined,
  ) => Promise<{ readonly items: readonly T[]; readonly next: string | null | undefined }>,
  most = Number.POSITIVE_INFINITY,
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  const items: T[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await read(cursor);
    items.push(...page.items);
    if (items.length > most) return { items: items.slice(0, most), more: true };
    if (page.next === null || page.next === undefined) return { items, more: false };
    if (items.length === most) return { items, more: true };
    cursor = page.next;
  }
}
