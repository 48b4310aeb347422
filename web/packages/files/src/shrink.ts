// Makes a photo as large as anybody needs to see it (P-122): the longest side 2,560 px, turned as its camera held it, and only
// where it gets smaller by that. Moving pictures and what is small already stay as they are.
import { MEGABYTE } from './kinds';

const LONGEST = 2_560;
const QUALITY = 0.85;
/** Below this nobody waits for anything. */
const SMALL = 0.4 * MEGABYTE;

export interface ShrinkPlan {
  width: number;
  height: number;
  type: 'image/jpeg' | 'image/webp';
}

/** What to try; null: leave it alone. */
export function shrinkPlan(file: { size: number; type: string }, width: number, height: number): ShrinkPlan | null {
  if (!/^image\/(?:jpeg|png|webp)$/.test(file.type) || !width || !height) return null;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  if (scale === 1 && file.size <= SMALL) return null;
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    // Only a JPEG is certain to be opaque.
    type: file.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp',
  };
}

/** The smaller picture under its fitting name, or the file itself. */
export async function shrink(file: File): Promise<File> {
  let bitmap: ImageBitmap | null = null;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const plan = shrinkPlan(file, bitmap.width, bitmap.height);
    const made = plan && (await redrawn(bitmap, plan));
    // A browser that cannot write WebP answers a PNG.
    if (!plan || !made || made.type !== plan.type || made.size >= file.size) return file;
    const name = plan.type === file.type ? file.name : file.name.replace(/\.[^.]*$/, '') + '.webp';
    return new File([made], name, { type: plan.type, lastModified: file.lastModified });
  } catch {
    return file; // No picture this browser can read: the server decides.
  } finally {
    bitmap?.close();
  }
}

async function redrawn(bitmap: ImageBitmap, { width, height, type }: ShrinkPlan): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, type, QUALITY));
}
