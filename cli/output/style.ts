import { styleText } from 'node:util';

export type Tone = 'good' | 'bad' | 'waiting' | 'plain' | 'faint' | 'strong';

const FORMATS = {
  good: 'green',
  bad: 'red',
  waiting: 'yellow',
  faint: 'dim',
  strong: 'bold',
} as const;

/** A text in the color of a tone, where the stream shows colors. */
export function toned(text: string, tone: Tone, colors: boolean): string {
  if (!colors || tone === 'plain' || text === '') return text;
  return styleText(FORMATS[tone], text, { validateStream: false });
}
