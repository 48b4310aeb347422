// Files to send: made here, so that their content is really what they claim to be.
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';

export interface Payload {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A picture drawn by the browser; `noise` makes it heavy. */
export async function picture(
  page: Page,
  { name = 'fachada.jpg', type = 'image/jpeg', width = 1200, height = 800, colour = '#c2410c', noise = false } = {},
): Promise<Payload> {
  const data = await page.evaluate(
    async ({ type, width, height, colour, noise }) => {
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      const sky = context.createLinearGradient(0, 0, 0, height);
      sky.addColorStop(0, '#f4e4c8');
      sky.addColorStop(1, colour);
      context.fillStyle = sky;
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#5b3216';
      context.fillRect(width * 0.3, height * 0.4, width * 0.4, height * 0.6);
      if (noise) {
        const image = context.getImageData(0, 0, width, height);
        let seed = 1;
        for (let at = 0; at < image.data.length; at += 1) {
          seed = (seed * 16_807) % 2_147_483_647;
          if (at % 4 !== 3) image.data[at] = (image.data[at] ?? 0) ^ (seed & 127);
        }
        context.putImageData(image, 0, 0);
      }
      return canvas.toDataURL(type, 1);
    },
    { type, width, height, colour, noise },
  );
  return { name, mimeType: type, buffer: Buffer.from(data.split(',')[1] ?? '', 'base64') };
}

/** Half a second of film, recorded by the browser. */
export async function film(page: Page, name = 'entrega.webm'): Promise<Payload> {
  const data = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.start();
    for (let at = 0; at < 25; at += 1) {
      context.fillStyle = `hsl(${at * 14} 60% 50%)`;
      context.fillRect(0, 0, 320, 180);
      await new Promise((done) => setTimeout(done, 40));
    }
    await new Promise((done) => {
      recorder.onstop = done;
      recorder.stop();
    });
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  });
  return { name, mimeType: 'video/webm', buffer: Buffer.from(data, 'base64') };
}

/** A tone as WAV. */
export function tone(seconds = 2, name = 'recado.wav'): Payload {
  const rate = 8_000;
  const samples = rate * seconds;
  const buffer = Buffer.alloc(44 + samples * 2);
  buffer.write('RIFF', 0);
  buffer.writeUInt32LE(36 + samples * 2, 4);
  buffer.write('WAVEfmt ', 8);
  buffer.writeUInt32LE(16, 16);
  buffer.writeUInt16LE(1, 20);
  buffer.writeUInt16LE(1, 22);
  buffer.writeUInt32LE(rate, 24);
  buffer.writeUInt32LE(rate * 2, 28);
  buffer.writeUInt16LE(2, 32);
  buffer.writeUInt16LE(16, 34);
  buffer.write('data', 36);
  buffer.writeUInt32LE(samples * 2, 40);
  for (let at = 0; at < samples; at += 1)
    buffer.writeInt16LE(Math.round(Math.sin(at / 3) * (at < samples / 2 ? 4_000 : 20_000)), 44 + at * 2);
  return { name, mimeType: 'audio/wav', buffer };
}

/** Bytes that nothing makes smaller, under the head of a PDF. */
export function paper(bytes = 4_000, name = 'Comprovante de novembro.pdf'): Payload {
  const head = Buffer.from('%PDF-1.4\n%âãÏÓ\n');
  const tail = Buffer.from('\n%%EOF\n');
  const body = randomBytes(Math.max(0, bytes - head.length - tail.length));
  return { name, mimeType: 'application/pdf', buffer: Buffer.concat([head, body, tail]) };
}
