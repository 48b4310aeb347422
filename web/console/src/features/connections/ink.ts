// The text colour on a company's colour: whichever of black and white has the better contrast, as the widget does it.
export function inkOn(colour: string): '#ffffff' | '#1d1d1b' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  const onWhite = 1.05 / (light + 0.05);
  const onBlack = (light + 0.05) / (0.0122 + 0.05);
  return onWhite >= onBlack ? '#ffffff' : '#1d1d1b';
}
