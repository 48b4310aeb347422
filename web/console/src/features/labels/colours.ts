// The labels' colours: which hue each is, and what it is called.
import type { LabelColour } from '@balcao/api';
import type { Hue } from '@balcao/ui';
import { t, type Key } from '../../i18n/i18n.svelte';

/** In the order of the tokens' hues. */
const COLOURS: readonly LabelColour[] = ['green', 'blue', 'violet', 'orange', 'pink', 'amber', 'cyan', 'indigo'];

const COLOUR_TEXTS: Record<LabelColour, Key> = {
  green: 'console.labels.colour.green',
  blue: 'console.labels.colour.blue',
  violet: 'console.labels.colour.violet',
  orange: 'console.labels.colour.orange',
  pink: 'console.labels.colour.pink',
  amber: 'console.labels.colour.amber',
  cyan: 'console.labels.colour.cyan',
  indigo: 'console.labels.colour.indigo',
};

export const hueOfLabel = (colour: LabelColour): Hue => (COLOURS.indexOf(colour) + 1) as Hue;

export function colourOptions(): { value: LabelColour; label: string; hue: Hue }[] {
  return COLOURS.map((value) => ({ value, label: t(COLOUR_TEXTS[value]), hue: hueOfLabel(value) }));
}
