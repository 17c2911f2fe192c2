/** An element of an answer: its elements by name, or its text. */
export type Element = { readonly name: string; readonly text: string; readonly below: readonly Element[] };

const TOKEN = /<\?[^>]*\?>|<(\/?)([\w:.-]+)[^>]*?(\/?)>|([^<]+)/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Reads the XML of AWS's query protocol: elements and text; attributes are left out. Nothing where it is none. */
export function elementsOf(xml: string): Element | undefined {
  const root = { name: '', text: '', below: [] as Element[] };
  const open = [root];
  for (const [, closes, name, empty, text] of xml.matchAll(TOKEN)) {
    const at = open.at(-1);
    if (at === undefined) return undefined;
    if (text !== undefined) at.text += decoded(text);
    else if (name !== undefined && closes === '/') {
      if (open.length < 2 || open.pop()?.name !== name) return undefined;
    } else if (name !== undefined) {
      const element = { name, text: '', below: [] as Element[] };
      at.below.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  return open.length === 1 ? root.below[0] : undefined;
}

/** The elements of this name, however deep. */
export const named = (at: Element | undefined, name: string): readonly Element[] =>
  (at?.below ?? []).flatMap((each) => (each.name === name ? [each] : named(each, name)));

/** The text of the first element of this name. */
export const textIn = (at: Element | undefined, name: string): string | undefined => named(at, name)[0]?.text;

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));/g, (whole, decimal, hex, name: string | undefined) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
