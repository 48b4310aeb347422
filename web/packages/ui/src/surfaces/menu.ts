// What a Menu draws.
import type { Component, Snippet } from 'svelte';
import type { Hue } from '../hue';

export interface MenuItem {
  label: string;
  run: () => void;
  icon?: Component<{ class?: string }>;
  mark?: Snippet;
  /** Shown as a dot. */
  hue?: Hue;
  shortcut?: string;
  /** Set where the item is one of several to choose from. */
  checked?: boolean;
  danger?: boolean;
  disabled?: boolean;
}

export interface MenuGroup {
  label?: string;
  items: MenuItem[];
}
