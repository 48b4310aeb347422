// Readable text on any company colour, as the server judges it: relative luminance and contrast ratio by WCAG 2.2.

function luminance(colour: string): number {
  const rgb = parseInt(colour.slice(1), 16);
  const part = (bits: number) => {
    const level = ((rgb >> bits) & 255) / 255;
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

/** From 1 to 21. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05];
  return x > y ? x / y : y / x;
}

/** White where it can be read, else black: one of them always can. */
export const textOn = (colour: string): string => (contrast(colour, '#ffffff') >= 4.5 ? '#ffffff' : '#000000');
