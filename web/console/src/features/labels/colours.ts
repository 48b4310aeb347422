// The labels' colours: which hue each is, and what it is called.
import type { LabelColour } from '@balcao/api';
import type { Hue } from '@balcao/ui';
import { t } from '../../i18n/i18n.svelte';

/** In the order of the tokens' hues. */
const COLOURS: readonly LabelColour[] = ['green', 'blue', 'violet', 'orange', 'pink', 'amber', 'cyan', 'indigo'];

export const hueOfLabel = (colour: LabelColour): Hue => (COLOURS.indexOf(colour) + 1) as Hue;

export function colourOptions(): { value: LabelColour; label: string; hue: Hue }[] {
  return COLOURS.map((value) => ({ value, label: t(`console.labels.colour.${value}`), hue: hueOfLabel(value) }));
}
