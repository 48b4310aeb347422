// Readable text on any company colour.

/** By the plain power curve: up to 0.005 from what WCAG says, which the limits below allow for. */
export function luminance(colour: string): number {
  const rgb = parseInt(colour.slice(1), 16);
  const part = (bits: number) => (((rgb >> bits) & 255) / 255) ** 2.2;
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

/** From 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05];
  return x > y ? x / y : y / x;
}

/** White where it can be read, else black: one of them always passes 4.5:1 (between 0.175 and 0.183 both do). */
export const textOn = (colour: string): string => (luminance(colour) < 0.18 ? '#fff' : '#000');
