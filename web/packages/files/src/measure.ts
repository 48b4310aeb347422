// How large a picture or film is and how long a sound lasts, as far as this browser can tell: for the room it takes up before
// the server has said so, and for sounds whose length only a player finds out.
import type { FileKind } from './shapes';

export interface Measures {
  width: number | null;
  height: number | null;
  duration_ms: number | null;
}

const NONE: Measures = { width: null, height: null, duration_ms: null };
const WITHIN = 4_000;

export async function measured(content: Blob, kind: FileKind): Promise<Measures> {
  if (kind === 'image') return pictureOf(content);
  return kind === 'file' ? NONE : playableOf(content, kind);
}

async function pictureOf(content: Blob): Promise<Measures> {
  try {
    const bitmap = await createImageBitmap(content, { imageOrientation: 'from-image' });
    const { width, height } = bitmap;
    bitmap.close();
    return { ...NONE, width, height };
  } catch {
    return NONE;
  }
}

async function playableOf(content: Blob, kind: 'video' | 'audio'): Promise<Measures> {
  const player = document.createElement(kind);
  const address = URL.createObjectURL(content);
  const isKnown = await new Promise<boolean>((done) => {
    player.onloadedmetadata = () => done(true);
    player.onerror = () => done(false);
    setTimeout(() => done(false), WITHIN);
    player.preload = 'metadata';
    player.src = address;
  });
  const { duration } = player;
  const isFilm = isKnown && player instanceof HTMLVideoElement && player.videoWidth > 0;
  const found: Measures = {
    width: isFilm ? player.videoWidth : null,
    height: isFilm ? player.videoHeight : null,
    // A stream that was recorded without an index says Infinity.
    duration_ms: isKnown && Number.isFinite(duration) ? Math.round(duration * 1_000) : null,
  };
  player.removeAttribute('src');
  URL.revokeObjectURL(address);
  return found;
}
