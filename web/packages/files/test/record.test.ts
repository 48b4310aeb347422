// P-123: a voice message from the first press to the MP3, and every way out in between.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeHere, SAMPLE_RATE, toInt16 } from '../src/mp3';
import { LONGEST, Recorder, type Take } from '../src/record';

class FakeTake implements Take {
  isCancelled = false;
  finish: (content: Blob) => void = () => undefined;
  fail: () => void = () => undefined;
  level = () => 0.5;
  stop = () =>
    new Promise<Blob>((done, fail) => {
      this.finish = done;
      this.fail = () => fail(new Error('no decoder'));
    });
  cancel = () => void (this.isCancelled = true);
}

function setUp() {
  const take = new FakeTake();
  let [allow, refuse]: [() => void, (error: Error) => void] = [() => undefined, () => undefined];
  const open = () =>
    new Promise<Take>((done, fail) => {
      [allow, refuse] = [() => done(take), fail];
    });
  const seen: string[] = [];
  const recorder = new Recorder(open, () => {
    if (seen.at(-1) !== recorder?.state) seen.push(recorder.state);
  });
  return { recorder, take, seen, allow: () => allow(), refuse: (error: Error) => refuse(error) };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Recorder', () => {
  it('asks, records, encodes, and holds what was said with its length', async () => {
    const { recorder, take, seen, allow } = setUp();
    void recorder.start();
    allow();
    await settle();
    await vi.advanceTimersByTimeAsync(3_200);
    expect(recorder).toMatchObject({ state: 'recording', elapsed: 3_200, level: 0.5 });
    const stopped = recorder.stop();
    const content = new Blob(['sound']);
    take.finish(content);
    expect(await stopped).toEqual({ content, duration_ms: 3_200 });
    expect(seen).toEqual(['asking', 'recording', 'encoding', 'ready']);
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['NotFoundError', 'missing'],
    ['TypeError', 'unsupported'],
    ['NotReadableError', 'broken'],
  ])('a microphone that answers %s is %s', async (name, failure) => {
    const { recorder, refuse } = setUp();
    void recorder.start();
    refuse(Object.assign(new Error(), { name }));
    await settle();
    expect(recorder).toMatchObject({ state: 'failed', failure });
  });

  it('what is thrown away while the browser still asks turns the microphone off again', async () => {
    const { recorder, take, allow } = setUp();
    void recorder.start();
    recorder.discard();
    allow();
    await settle();
    expect(take.isCancelled).toBe(true);
    expect(recorder.state).toBe('idle');
  });

  it('what is thrown away while it records or encodes never comes back', async () => {
    const { recorder, take, allow } = setUp();
    void recorder.start();
    allow();
    await settle();
    recorder.discard();
    expect(take.isCancelled).toBe(true);
    void recorder.start();
    allow();
    await settle();
    void recorder.stop();
    recorder.discard();
    take.finish(new Blob(['late']));
    await settle();
    expect(recorder).toMatchObject({ state: 'idle', result: null });
  });

  it('says so when encoding fails', async () => {
    const { recorder, take, allow } = setUp();
    void recorder.start();
    allow();
    await settle();
    void recorder.stop();
    take.fail();
    await settle();
    expect(recorder).toMatchObject({ state: 'failed', failure: 'broken' });
  });

  it('ends by itself after a quarter of an hour', async () => {
    const { recorder, allow } = setUp();
    void recorder.start();
    allow();
    await settle();
    await vi.advanceTimersByTimeAsync(LONGEST);
    expect(recorder.state).toBe('encoding');
  });
});

describe('encoding', () => {
  it('cuts what is too loud instead of turning it over', () => {
    expect([...toInt16(new Float32Array([0, 1, -1, 2, -2]))]).toEqual([0, 32767, -32768, 32767, -32768]);
  });

  it('makes whole MP3 frames of 48 kbit/s', () => {
    const second = Float32Array.from({ length: SAMPLE_RATE }, (_, at) =>
      Math.sin((at / SAMPLE_RATE) * 440 * 2 * Math.PI),
    );
    const bytes = new Uint8Array(encodeHere(second).flatMap((part) => [...part]));
    // Frame sync, MPEG-2 layer III; 48 kbit/s are 6,000 bytes a second, and a little more at both ends.
    expect([bytes[0], (bytes[1] ?? 0) & 0xfe]).toEqual([0xff, 0xf2]);
    expect(bytes.length).toBeGreaterThan(5_800);
    expect(bytes.length).toBeLessThan(7_000);
  });
});
