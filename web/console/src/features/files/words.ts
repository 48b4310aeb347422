// Files in sentences: their kind, their size, and why one cannot be sent.
import type { FileKind, Workspace } from '@balcao/api';
import type { FileLabels } from '@balcao/ui';
import { sizeText, timeText, type Limits, type Problem } from '@balcao/files';
import { i18n, t } from '../../i18n/i18n.svelte';

export function kindText(kind: FileKind): string {
  if (kind === 'image') return t('console.files.image');
  if (kind === 'video') return t('console.files.video');
  return kind === 'audio' ? t('console.files.audio') : t('console.files.file');
}

/** A message in one line: its file's kind before its text. */
export function withKind(kind: FileKind | null, text: string): string {
  if (!kind) return text;
  return text ? t('console.files.captioned', { kind: kindText(kind), text }) : kindText(kind);
}

/** "3,4 MB", of a sound also how long it is. */
export function detailOf({ size, duration_ms }: { size: number; duration_ms: number | null }): string {
  const text = sizeText(size, i18n.language);
  return duration_ms ? `${timeText(duration_ms)} · ${text}` : text;
}

export function problemText(problem: Problem, name: string): string {
  switch (problem.code) {
    case 'too_large':
      return t('console.files.tooLarge', { name, limit: problem.limit });
    case 'empty':
      return t('console.files.empty', { name });
    case 'program':
      return t('console.files.program', { name });
    case 'wrong_kind':
      return t('console.files.wrongKind', { name, kind: kindText(problem.kind).toLocaleLowerCase(i18n.language) });
  }
}

/** Of the company; the webchat has none of its own. */
export function limitsOf({ files }: Workspace): Limits {
  return { image: files.image_mb, video: files.video_mb, audio: files.audio_mb, file: files.file_mb };
}

/** The words of the parts in @balcao/ui. */
export function fileLabels(): FileLabels {
  return {
    open: (name) => t('console.files.open', { name }),
    download: (name) => t('console.files.download', { name }),
    retry: (name) => t('console.files.retry', { name }),
    remove: (name) => t('console.files.remove', { name }),
    cancel: (name) => t('console.files.cancel', { name }),
    progress: (name) => t('console.files.progress', { name }),
    broken: t('console.files.broken'),
    preparing: t('console.files.preparing'),
    play: t('console.files.play'),
    pause: t('console.files.pause'),
    position: t('console.files.position'),
    speed: (speed) => t('console.files.speed', { speed }),
    pictures: t('console.files.pictures'),
    previous: t('console.files.previous'),
    next: t('console.files.next'),
    zoomIn: t('console.files.zoomIn'),
    zoomOut: t('console.files.zoomOut'),
    recorder: t('console.files.recorder'),
    stop: t('console.files.stop'),
    discard: t('console.files.discard'),
    useRecording: t('console.files.useRecording'),
    level: t('console.files.level'),
    asking: t('console.files.asking'),
    encoding: t('console.files.encoding'),
  };
}
