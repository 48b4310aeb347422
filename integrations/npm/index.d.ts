// What the package offers. docs/guide/script.md says what each key of a page does.

/** Who is logged in on the site. With `hash`, your server's signature of `id`, the agents see that it is confirmed. */
export interface Contact {
  id?: string | number;
  hash?: string;
  name?: string;
  email?: string;
  phone?: string;
}

/** What a page may tell the chat, for itself alone. */
export interface Payload {
  startOpen?: boolean;
  visibleButton?: boolean;
  hideWhenOffline?: boolean;
  position?: 'left' | 'right';
  language?: 'pt-BR' | 'en' | 'es';
  /** A department's id, or `choose`. */
  department?: string;
  contact?: Contact | null;
  /** Up to 20 texts of your own for the agents. */
  custom?: Record<string, string | number> | null;
  /** Called once the button stands. */
  onStart?: () => void;
}

export interface Options extends Payload {
  /** Where your Balcão is: `https://chat.example.com`. */
  base: string;
  /** The connection's code. */
  id: string;
  /** For pages whose policy lets scripts in by a nonce. */
  nonce?: string;
  /** How long the chat may take to come, in milliseconds; 20 seconds where nothing is said. */
  patience?: number;
}

/** Something that happened with the chat; never what is written in it. */
export type Happening = 'show' | 'open' | 'close' | 'start' | 'message' | 'rating';

export interface Chat {
  readonly id: string;
  open(): void;
  close(): void;
  toggle(): void;
  /** Another person is logged in on the site; with nothing: nobody any more. */
  identify(contact?: Contact): void;
  /** Listens; what it answers stops listening. */
  on(what: Happening, run: () => void): () => void;
  /** Gives it back: the chat leaves the page with the last who loaded it. It may be loaded again. */
  unload(): void;
}

/**
 * Why there is no chat: `options` are wrong; `other`: another chat is on the page; `blocked`: the script could not be fetched
 * (a policy, the network, the address); `refused`: the code is unknown or switched off, or this site may not carry it; `late`.
 */
export type Reason = 'options' | 'other' | 'blocked' | 'refused' | 'late';

export class ChatError extends Error {
  readonly reason: Reason;
}

/**
 * Brings the chat from your own Balcão and answers when its button stands. It is there once, however often this is called; the
 * first call's payload counts. Where there is no window (a page made on a server) nothing happens, and what is answered does
 * nothing.
 *
 * Rejects with a {@link ChatError}. May be called again then.
 */
export function load(options: Options): Promise<Chat>;
