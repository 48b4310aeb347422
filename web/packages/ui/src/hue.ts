// A stable hue for everyone: the same id has the same colour on every screen and in both themes.
export type Hue = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Whole class names, so that Tailwind finds them. */
export const HUE_CLASSES: Record<Hue, string> = {
  1: 'bg-hue-1-soft text-hue-1',
  2: 'bg-hue-2-soft text-hue-2',
  3: 'bg-hue-3-soft text-hue-3',
  4: 'bg-hue-4-soft text-hue-4',
  5: 'bg-hue-5-soft text-hue-5',
  6: 'bg-hue-6-soft text-hue-6',
  7: 'bg-hue-7-soft text-hue-7',
  8: 'bg-hue-8-soft text-hue-8',
};

/** The hue itself, for a dot. */
export const HUE_DOTS: Record<Hue, string> = {
  1: 'bg-hue-1',
  2: 'bg-hue-2',
  3: 'bg-hue-3',
  4: 'bg-hue-4',
  5: 'bg-hue-5',
  6: 'bg-hue-6',
  7: 'bg-hue-7',
  8: 'bg-hue-8',
};

export function hueOf(id: string): Hue {
  let hash = 0x811c9dc5; // FNV-1a
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return (((hash >>> 0) % 8) + 1) as Hue;
}
