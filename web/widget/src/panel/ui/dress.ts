// Puts on the looks of the department that the visitor has chosen, or takes them off again (T-061). Loaded where a department has some.
import type { Looks, PanelConfig } from '../../shared/config';

let general: Required<Looks> | undefined;

export function dress({ settings, texts, tint }: PanelConfig, looks: Looks = {}): void {
  general ??= structuredClone({ settings, texts, tint });
  for (const name of Object.keys(settings)) delete (settings as unknown as Record<string, unknown>)[name];
  Object.assign(settings, general.settings, looks.settings);
  Object.assign(texts, general.texts, looks.texts);
  document.documentElement.style.cssText = looks.tint ?? general.tint;
}
