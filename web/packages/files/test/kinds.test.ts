// P-120, P-121, P-122, P-126: what a file is, whether it may go, and how it is said.
import { describe, expect, it } from 'vitest';
import { kindOf, problemOf, shrinkPlan, sizeText, timeText } from '../src';
import { barsOf } from '../src/peaks';

const LIMITS = { image: 10, video: 50, audio: 16, file: 50 };
const file = (name: string, type: string, size = 1_000) => ({ name, type, size });

describe('kindOf', () => {
  it.each([
    ['a.jpg', 'image/jpeg', 'image'],
    ['a.svg', 'image/svg+xml', 'file'],
    ['a.heic', 'image/heic', 'file'],
    ['a.mov', 'video/quicktime', 'video'],
    ['a.ogg', 'audio/ogg', 'audio'],
    ['a.MP3', '', 'audio'],
    ['a.webm', 'application/octet-stream', 'video'],
    ['a.pdf', 'application/pdf', 'file'],
    ['no name', '', 'file'],
  ])('%s (%s) is sent as %s', (name, type, kind) => {
    expect(kindOf({ name, type })).toBe(kind);
  });
});

describe('problemOf', () => {
  it('names the limit of the kind, to the byte', () => {
    expect(problemOf(file('a.jpg', 'image/jpeg', 10_000_000), 'image', LIMITS)).toBeNull();
    expect(problemOf(file('a.jpg', 'image/jpeg', 10_000_001), 'image', LIMITS)).toEqual({
      code: 'too_large',
      limit: 10,
    });
    expect(problemOf(file('a.jpg', 'image/jpeg', 10_000_001), 'file', LIMITS)).toBeNull();
  });

  it('refuses programs as whatever they are sent, also in capitals', () => {
    for (const name of ['setup.exe', 'RUN.BAT', 'a.tar.sh', 'conta.pdf.js', 'x.lnk'])
      expect(problemOf(file(name, ''), 'file', LIMITS)).toEqual({ code: 'program' });
    expect(problemOf(file('contrato.pdf', 'application/pdf'), 'file', LIMITS)).toBeNull();
  });

  it('refuses what is empty, and what is not of the kind it was chosen as', () => {
    expect(problemOf(file('a.txt', 'text/plain', 0), 'file', LIMITS)).toEqual({ code: 'empty' });
    expect(problemOf(file('a.pdf', 'application/pdf'), 'image', LIMITS)).toEqual({ code: 'wrong_kind', kind: 'image' });
  });
});

describe('shrinkPlan', () => {
  it('brings the longest side to 2,560 and keeps the shape', () => {
    expect(shrinkPlan({ size: 5e6, type: 'image/jpeg' }, 4000, 3000)).toEqual({
      width: 2560,
      height: 1920,
      type: 'image/jpeg',
    });
    expect(shrinkPlan({ size: 5e6, type: 'image/png' }, 1000, 8000)).toMatchObject({
      height: 2560,
      type: 'image/webp',
    });
  });

  it('leaves alone what moves, what is small, and what is no picture', () => {
    expect(shrinkPlan({ size: 5e6, type: 'image/gif' }, 4000, 3000)).toBeNull();
    expect(shrinkPlan({ size: 300_000, type: 'image/jpeg' }, 1200, 900)).toBeNull();
    expect(shrinkPlan({ size: 5e6, type: 'application/pdf' }, 4000, 3000)).toBeNull();
  });

  it('tries a small picture that weighs much', () => {
    expect(shrinkPlan({ size: 3e6, type: 'image/jpeg' }, 1200, 900)).toMatchObject({ width: 1200, height: 900 });
  });
});

describe('texts', () => {
  it.each([
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [3_440_000, '3,4 MB'],
    [150_000_000, '150 MB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(sizeText(bytes, 'pt-BR')).toBe(text);
  });

  it.each([
    [0, '0:00'],
    [7_400, '0:07'],
    [59_600, '1:00'],
    [760_000, '12:40'],
    [3_729_000, '1:02:09'],
  ])('%i ms are %s', (millis, text) => {
    expect(timeText(millis)).toBe(text);
  });
});

describe('barsOf', () => {
  it('is as loud as the sound, and silence stays flat', () => {
    const sound = new Float32Array(400);
    sound.fill(0.5, 100, 200);
    sound.fill(0.25, 200, 300);
    expect(barsOf(sound, 4)).toEqual([0, 1, 0.5, 0]);
    expect(barsOf(new Float32Array(400), 4)).toEqual([0, 0, 0, 0]);
  });
});
