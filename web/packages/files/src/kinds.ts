// Which kind a file is, what its chooser offers, and why one cannot be sent (P-120, P-121, P-122, P-126). The server checks
// all of it again by what is really inside.
import type { FileKind, Limits } from './shapes';

export const KINDS: readonly FileKind[] = ['image', 'video', 'file', 'audio'];
export const MEGABYTE = 1_000_000;

/** What the chooser of each kind offers; nothing filters "file", which takes whatever there is. */
export const ACCEPT: Record<FileKind, string> = {
  image: 'image/jpeg,image/png,image/webp,image/gif',
  video: 'video/mp4,video/webm,video/quicktime,.mp4,.webm,.mov',
  audio: 'audio/*,.mp3,.m4a,.ogg,.opus,.wav,.aac,.flac',
  file: '',
};

/** Programs and scripts, which the server refuses too. */
const PROGRAMS =
  /\.(?:exe|msi|msix|msp|com|bat|cmd|scr|pif|cpl|dll|sys|hta|js|jse|mjs|vbs|vbe|wsf|wsh|ps1|psm1|jar|app|apk|ipa|dmg|pkg|deb|rpm|sh|bash|run|bin|elf|lnk|reg|inf|gadget|scf|url|desktop|command|py|pl|rb|php)$/i;

const BY_NAME: [RegExp, FileKind][] = [
  [/\.(?:jpe?g|png|webp|gif)$/i, 'image'],
  [/\.(?:mp4|m4v|webm|mov)$/i, 'video'],
  [/\.(?:mp3|m4a|aac|ogg|oga|opus|wav|flac)$/i, 'audio'],
];
const SHOWN_IMAGES = /^image\/(?:jpeg|png|webp|gif)$/;

interface Described {
  name: string;
  type: string;
}

/** Where nobody has said it: pasted and dropped. A picture that no browser shows is a file. */
export function kindOf({ name, type }: Described): FileKind {
  if (type.startsWith('image/')) return SHOWN_IMAGES.test(type) ? 'image' : 'file';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('audio/')) return 'audio';
  if (type && type !== 'application/octet-stream') return 'file';
  return BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'file';
}

export type Problem =
  | { code: 'too_large'; limit: number }
  | { code: 'empty' | 'program' }
  /** It was chosen as a picture, say, and is none. */
  | { code: 'wrong_kind'; kind: FileKind };

/** Why a file cannot be sent as `kind`; null where it can. */
export function problemOf(file: Described & { size: number }, kind: FileKind, limits: Limits): Problem | null {
  if (PROGRAMS.test(file.name)) return { code: 'program' };
  if (file.size === 0) return { code: 'empty' };
  if (kind !== 'file' && kindOf(file) !== kind) return { code: 'wrong_kind', kind };
  const limit = limits[kind];
  return file.size > limit * MEGABYTE ? { code: 'too_large', limit } : null;
}
