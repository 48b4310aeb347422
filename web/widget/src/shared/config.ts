// What the server writes into the loader and into the panel page.

import type { FileKind } from '@balcao/files';

export type Language = 'pt-BR' | 'en' | 'es';

export interface Person {
  name?: string;
  email?: string;
  /** Anything: agrees to what the company asks. */
  consent?: string;
}

/** What a page says: texts, or numbers for texts. */
export type Texts = Record<string, string | number>;

export interface Page {
  url: string;
  title: string;
}

/**
 * What the launcher needs of a connection; it replaces the loader's placeholder. The names are short because every page of
 * the company's site pays for them; `launcher` in crates/desk/src/visitors/loader.rs writes them.
 */
export interface LoaderConfig {
  /** Address of the panel page: `<public address>/widgets/<code>`. */
  u: string;
  /** Style rules: the company's colour and that of the text on it, and what stands on the launcher where it is not the usual icon. */
  s: string;
  /** Side of the window. */
  p: 'right' | 'left';
  /** Call to action; empty: none. */
  a: string;
  /** Starts open: 1 on desktops, 2 on phones, 3 on both. */
  o: number;
  /** Nothing of the visitor may outlive the visit. */
  v: boolean;
  /** Where the widget may appear: a pattern of origins; empty: anywhere. */
  d: string;
  /** Hidden while nobody answers. */
  h?: boolean;
  /** Some department has a launcher of its own: a page that names one fetches the script for it. */
  k?: boolean;
  /** Tells of the page while the chat is closed. */
  w?: boolean;
  /** Text: dismiss the call to action. */
  x: string;
  /** Text: the panel did not come up. */
  f: string;
}

export interface WebchatSettings {
  plugin_name: string;
  /** Ids of pictures: the company's, and of agents without one of their own. */
  logo?: string | null;
  offline_logo?: string | null;
  agent_picture?: string | null;
  position: 'right' | 'left';
  greeting: string;
  offline_text: string;
  offline_form_intro: string;
  ask_name: boolean;
  ask_email: boolean;
  visitor_may_close: boolean;
  capture_visitor_data: boolean;
  show_branding: boolean;
  /** Who answers sees what is being written before it is sent. */
  typing_preview?: boolean;
}

/** Hours that do not run. */
export interface Closed {
  reopens_at: string | null;
  /** The name of the exceptional day that is today. */
  day: string | null;
}

/** What is shown in one department and not in all; `dress` puts it on. */
export interface Looks {
  settings?: Partial<WebchatSettings>;
  texts?: Record<string, string>;
  tint?: string;
}

export interface Department {
  id: string;
  name: string;
  online: boolean;
  /** While its hours do not run. */
  closed?: Closed | null;
  looks?: Looks;
}

export interface Privacy {
  consent: 'off' | 'notice' | 'required';
  /** Empty: the product's own sentence. */
  text: string;
  /** Of the policy; empty: none. */
  url: string;
}

export interface PanelConfig {
  code: string;
  /** By whatever name the server was reached. */
  base: string;
  language: Language;
  /** `widget.*` without the prefix. */
  texts: Record<string, string>;
  online: boolean;
  /** While the hours do not run. */
  closed?: Closed | null;
  settings: WebchatSettings;
  /** What the company says of visitors' data, where it says anything. */
  privacy?: Privacy;
  /** The company's colours, as properties of the style sheet. */
  tint: string;
  /** Other ways to the company: addresses by what they are called. */
  channels?: Record<string, string>;
  /** Filled only where the visitor chooses. */
  departments: Department[];
  /** What is written while nobody is online is answered by e-mail. */
  offline_messages?: boolean;
  /** Of a conversation that has ended a copy may be had by e-mail. */
  copies?: boolean;
  /** A new conversation needs a proof at this time. */
  prove?: boolean;
  /** Looked at before it is saved: connected to nothing. */
  preview?: boolean;
  /** The company's Google tag, where the panel is a page of its own. */
  tag?: string | null;
  /** How large files may be, in MB; null where visitors may send none. */
  files: Record<FileKind, number> | null;
}
