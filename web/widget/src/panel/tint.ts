// The company's colour as text on the panel's own surfaces, light and dark.
import { contrast, textOn } from '../shared/contrast';

/** 4.5:1, and what `luminance` may be wrong by on a dark surface. */
const ENOUGH = 4.9;

const mix = (a: string, b: string, part: number): string =>
  '#' +
  [1, 3, 5]
    .map((at) => {
      const [x, y] = [a, b].map((colour) => parseInt(colour.slice(at, at + 2), 16)) as [number, number];
      return Math.round(x + (y - x) * part)
        .toString(16)
        .padStart(2, '0');
    })
    .join('');

/** The colour, moved towards `text` until it can be read on `surface`. */
export function inkOn(colour: string, surface: string, text: string): string {
  for (let part = 0; part < 1; part += 0.1) {
    const ink = mix(colour, text, part);
    if (contrast(ink, surface) >= ENOUGH) return ink;
  }
  return text;
}

/** Hands the company's colour to the style sheet. */
export function tint(root: HTMLElement, colour: string, text = ''): void {
  const set = (name: string, value: string) => root.style.setProperty(name, value);
  set('--brand', colour);
  const on = text || textOn(colour);
  set('--on-brand', on);
  // A message that is not sent yet: a shade further away from the text that can be read on it.
  set('--pending', mix(colour, textOn(colour) === '#fff' ? '#000000' : '#ffffff', 0.14));
  set('--ink-light', inkOn(colour, '#ffffff', '#1d1d1b'));
  set('--ink-dark', inkOn(colour, '#232322', '#ffffff'));
}
