// Sizes and times as people read them.
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** "512 bytes", "3,4 MB": in steps of a thousand, as limits are. */
export function sizeText(bytes: number, language: string): string {
  const step = bytes < 1_000 ? 0 : bytes < 999_500 ? 1 : bytes < 999_500_000 ? 2 : 3;
  const value = bytes / 1_000 ** step;
  const maximumFractionDigits = step > 1 && value < 100 ? 1 : 0;
  const unit = UNITS[step] ?? 'gigabyte';
  const unitDisplay = step === 0 ? 'long' : 'short';
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay, maximumFractionDigits }).format(value);
}

/** "0:07", "12:40", "1:02:09". */
export function timeText(millis: number): string {
  const seconds = Math.max(0, Math.round(millis / 1_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
