// How much room a picture takes up in a message.
const WIDEST = 320;
const TALLEST = 360;
const UNKNOWN = { width: 240, height: 180 };

/** Never larger than the picture itself; very long ones are cut by the browser, not squeezed. */
export function roomOf(width: number | null, height: number | null): { width: number; height: number } {
  if (!width || !height) return UNKNOWN;
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(32, Math.round(height * scale)) };
}
