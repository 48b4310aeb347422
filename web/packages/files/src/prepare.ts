// From what a person chose to what is sent: its kind, made smaller where that helps, measured, and checked against the limits.
import { kindOf, problemOf, type Problem } from './kinds';
import { measured, type Measures } from './measure';
import type { FileKind, Limits } from './shapes';
import { shrink } from './shrink';

export type Prepared =
  { problem: Problem; file: File; kind: FileKind } | ({ problem: null; file: File; kind: FileKind } & Measures);

/** `wanted`: the button it was chosen with; without one (pasted, dropped) the file says it. */
export async function prepare(given: File, wanted: FileKind | null, limits: Limits): Promise<Prepared> {
  const kind = wanted ?? kindOf(given);
  // A photo may be too large only until it is made smaller.
  const early = problemOf(given, kind, kind === 'image' ? { ...limits, image: Infinity } : limits);
  if (early) return { problem: early, file: given, kind };
  const file = kind === 'image' ? await shrink(given) : given;
  const problem = problemOf(file, kind, limits);
  if (problem) return { problem, file, kind };
  return { problem: null, file, kind, ...(await measured(file, kind)) };
}
