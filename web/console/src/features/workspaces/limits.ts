// The limits of files as a form writes them: numbers that are texts while somebody types.
import type { Workspace } from '@balcao/api';
import { wholeOf } from '../../shell/whole';

type Limits = Workspace['files'];
export type LimitName = keyof Limits;

export const LIMITS: readonly LimitName[] = ['image_mb', 'video_mb', 'audio_mb', 'file_mb'];

export function limitTexts(limits: Limits): Record<LimitName, string> {
  const { image_mb, video_mb, audio_mb, file_mb } = limits;
  return {
    image_mb: String(image_mb),
    video_mb: String(video_mb),
    audio_mb: String(audio_mb),
    file_mb: String(file_mb),
  };
}

/** What was changed, as numbers; what is none the server refuses at its field. */
export function filesOf(changed: Partial<Record<LimitName, string>>): Partial<Limits> | null {
  const written = LIMITS.filter((name) => changed[name] !== undefined);
  if (written.length === 0) return null;
  return Object.fromEntries(written.map((name) => [name, wholeOf(changed[name] ?? '')]));
}
