// Single-key shortcuts. The page on top answers first; nothing fires while somebody types or a dialog is open.
export type Shortcuts = Record<string, () => void>;

const layers: (() => Shortcuts)[] = [];

/** Call it inside an effect: `$effect(() => useShortcuts(() => ({ e: close })))`. */
export function useShortcuts(shortcuts: () => Shortcuts): () => void {
  layers.push(shortcuts);
  return () => {
    const index = layers.indexOf(shortcuts);
    if (index >= 0) layers.splice(index, 1);
  };
}

export function startShortcuts(openPalette: () => void): void {
  addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      openPalette();
      return;
    }
    const name = nameOf(event);
    // With Ctrl or Command it is no sign that somebody types.
    if (!name || isCovered() || (isTyping(event.target) && !name.startsWith('Mod+'))) return;
    for (const layer of layers.toReversed()) {
      const run = layer()[name];
      if (!run) continue;
      event.preventDefault();
      run();
      return;
    }
  });
}

/** `e`, `Escape`, `Mod+Shift+F`; null for what is none of ours. */
function nameOf(event: KeyboardEvent): string | null {
  if (event.altKey || event.isComposing || event.defaultPrevented) return null;
  if (event.ctrlKey || event.metaKey) return event.shiftKey ? `Mod+Shift+${event.key.toUpperCase()}` : null;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'color'].includes(target.type);
}

function isCovered(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;
}
