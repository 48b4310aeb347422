// The words of the parts that show files. The app provides them in the reader's language.
import { getContext, setContext } from 'svelte';

export interface FileLabels {
  open: (name: string) => string;
  download: (name: string) => string;
  retry: (name: string) => string;
  remove: (name: string) => string;
  cancel: (name: string) => string;
  progress: (name: string) => string;
  broken: string;
  preparing: string;
  play: string;
  pause: string;
  position: string;
  speed: (speed: string) => string;
  pictures: string;
  previous: string;
  next: string;
  zoomIn: string;
  zoomOut: string;
  recorder: string;
  stop: string;
  discard: string;
  useRecording: string;
  level: string;
  asking: string;
  encoding: string;
}

const KEY = Symbol('file labels');

export function provideFileLabels(labels: () => FileLabels): void {
  setContext(KEY, labels);
}

export function useFileLabels(): () => FileLabels {
  return getContext<() => FileLabels>(KEY);
}
