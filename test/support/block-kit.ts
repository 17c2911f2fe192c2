import { expect } from 'vitest';

/** The limits of Slack's documentation, as facts of their own: the code under test keeps its own list. */
const TEXTS: { readonly [where: string]: number } = {
  section: 3000,
  field: 2000,
  context: 2000,
  button: 75,
  modal: 24,
  label: 2000,
};

type Loose = ReturnType<typeof JSON.parse>;

/** Fails unless Slack would take a message: its blocks by their documented limits, and its text. */
export function expectMessage(message: Loose): void {
  expect(message.text.length).toBeGreaterThan(0);
  expect(message.text.length).toBeLessThanOrEqual(4000);
  wellFormed(message.text);
  expectBlocks(message.blocks, 50);
}

/** Fails unless Slack would open a view. */
export function expectModal(view: Loose): void {
  expect(view).toMatchObject({ type: 'modal', callback_id: expect.stringMatching(/^.{1,255}$/) });
  expect(view.private_metadata.length).toBeLessThanOrEqual(3000);
  for (const part of [view.title, view.submit, view.close]) text(part, 'modal', 'plain_text');
  expectBlocks(view.blocks, 100);
}

function expectBlocks(blocks: Loose[], most: number): void {
  expect(blocks.length).toBeGreaterThan(0);
  expect(blocks.length).toBeLessThanOrEqual(most);
  const ids = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^.{1,255}$/);
  for (const block of blocks) expectBlock(block);
}

function expectBlock(block: Loose): void {
  switch (block.type) {
    case 'section':
      if (block.text !== undefined) text(block.text, 'section');
      expect(block.text ?? block.fields).toBeDefined();
      expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10);
      for (const field of block.fields ?? []) text(field, 'field');
      return;
    case 'context':
      expect(block.elements.length).toBeLessThanOrEqual(10);
      for (const element of block.elements) text(element, 'context');
      return;
    case 'actions':
      expect(block.elements.length).toBeLessThanOrEqual(25);
      for (const element of block.elements) button(element);
      return;
    case 'input':
      text(block.label, 'label', 'plain_text');
      expect(block.element.max_length ?? 3000).toBeLessThanOrEqual(3000);
      return;
    default:
      throw new Error(`a block ${block.type}`);
  }
}

function button(element: Loose): void {
  expect(element.type).toBe('button');
  expect(element.action_id).toMatch(/^.{1,255}$/);
  text(element.text, 'button', 'plain_text');
  expect(element.value?.length ?? 0).toBeLessThanOrEqual(2000);
  expect(element.url?.length ?? 0).toBeLessThanOrEqual(3000);
  expect(element.value ?? element.url).toBeDefined();
  expect([undefined, 'primary', 'danger']).toContain(element.style);
}

function text(part: Loose, where: string, type?: string): void {
  expect(['plain_text', 'mrkdwn']).toContain(part.type);
  if (type !== undefined) expect(part.type).toBe(type);
  expect(part.text.length).toBeGreaterThan(0);
  expect(part.text.length, where).toBeLessThanOrEqual(TEXTS[where] ?? 0);
  wellFormed(part.text);
  // Of markup every `<`, `>` and `&` is one that was written as such, and each entity is whole.
  if (part.type === 'mrkdwn') expect(part.text.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
}

function wellFormed(value: string): void {
  expect(value.isWellFormed()).toBe(true);
}
