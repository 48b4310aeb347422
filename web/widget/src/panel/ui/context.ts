// What every screen is given, and what all of them show.
import type { Department, PanelConfig } from '../../shared/config';
import type { Client } from '../client';
import type { Host } from '../host';
import type { Prefs } from '../prefs';
import { iconButton } from './dom';
import type { Words } from './words';

export type View = 'home' | 'form' | 'chat' | 'consent' | 'offline';

export interface Context {
  config: PanelConfig;
  client: Client;
  host: Host;
  prefs: Prefs;
  words: Words;
  go(view: View): void;
  /** To the conversation, by way of the form where something has to be asked first. */
  write(): void;
  redraw(): void;
  /** Who is there where what is written would go: the department that was chosen, else anybody. */
  there(): Pick<Department, 'online' | 'closed'>;
  /** What is written now is an offline message: nobody is there where it would go. */
  isAway(): boolean | undefined;
}

export interface Screen {
  node: HTMLElement;
  update(): void;
  focus(): void;
}

export const backButton = ({ words, go }: Context): HTMLElement =>
  iconButton('back', words.t('chat.back'), () => go('home'));

/** A window of its own is closed by its own means. */
export const closeButton = ({ words, host }: Context): HTMLElement | false =>
  host.isFramed && iconButton('close', words.t('close'), () => host.close());

/** What stands at both ends of a head: the way back, and the way out where there is one. */
export const endsOf = (context: Context): [HTMLElement, HTMLElement | false] => [
  backButton(context),
  closeButton(context),
];
