// How loud a sound is along its way, for the bars of a player. From the sound itself, or nothing.

/** Larger ones are not decoded just to draw bars. */
const LARGEST = 6_000_000;

export async function peaksOf(content: Blob, bars: number): Promise<number[] | null> {
  if (content.size > LARGEST) return null;
  try {
    const context = new OfflineAudioContext(1, 1, 8_000);
    const sound = await context.decodeAudioData(await content.arrayBuffer());
    return barsOf(sound.getChannelData(0), bars);
  } catch {
    return null;
  }
}

/** Each bar between 0 and 1, the loudest 1. */
export function barsOf(samples: Float32Array, bars: number): number[] {
  const each = Math.max(1, Math.floor(samples.length / bars));
  const loud = Array.from({ length: bars }, (_, bar) => {
    let sum = 0;
    for (const sample of samples.subarray(bar * each, (bar + 1) * each)) sum += sample * sample;
    return Math.sqrt(sum / each);
  });
  const most = Math.max(...loud);
  return most > 0 ? loud.map((one) => one / most) : loud;
}
