// Turns sound into MP3, which every browser plays: mono, 48 kbit/s. This module is its own worker: the page's copy starts a
// second one of itself, so that encoding stops neither typing nor scrolling.
import { Mp3Encoder } from '@breezystack/lamejs';

export const SAMPLE_RATE = 24_000;
const KBITS = 48;
const BLOCK = 1_152;

/** Whole numbers of 16 bits, as the encoder wants them. */
export function toInt16(samples: Float32Array): Int16Array {
  const out = new Int16Array(samples.length);
  samples.forEach((sample, at) => {
    const cut = Math.max(-1, Math.min(1, sample));
    out[at] = cut < 0 ? cut * 0x8000 : cut * 0x7fff;
  });
  return out;
}

export function encodeHere(samples: Float32Array): Uint8Array<ArrayBuffer>[] {
  const encoder = new Mp3Encoder(1, SAMPLE_RATE, KBITS);
  const whole = toInt16(samples);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const add = (part: Uint8Array): void => void (part.length && parts.push(new Uint8Array(part)));
  for (let at = 0; at < whole.length; at += BLOCK) add(encoder.encodeBuffer(whole.subarray(at, at + BLOCK)));
  add(encoder.flush());
  return parts;
}

/** Takes the samples with it. */
export function encode(samples: Float32Array<ArrayBuffer>): Promise<Blob> {
  return new Promise((done, fail) => {
    const worker = new Worker(import.meta.url, { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer>[]>) => {
      worker.terminate();
      done(new Blob(data, { type: 'audio/mpeg' }));
    };
    worker.onerror = (event) => {
      worker.terminate();
      fail(new Error(event.message));
    };
    worker.postMessage(samples, [samples.buffer]);
  });
}

interface Scope {
  onmessage: ((event: MessageEvent<Float32Array>) => void) | null;
  postMessage(message: unknown): void;
}

if ('WorkerGlobalScope' in globalThis) {
  const scope = globalThis as unknown as Scope;
  scope.onmessage = ({ data }) => scope.postMessage(encodeHere(data));
}
