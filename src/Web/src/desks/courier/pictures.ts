import type { Picture } from "./facts";

// Long side of a photo as it is kept: enough to read a label, small enough for thirty of them on a slow line.
const sideMax = 1280;
const bytesMax = 1_500_000;

const digest = async (content: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest("SHA-256", content));

async function jpeg(canvas: HTMLCanvasElement): Promise<Picture> {
  for (const quality of [0.8, 0.6, 0.4]) {
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (!blob) throw new Error("the picture could not be written");
    if (blob.size > bytesMax && quality > 0.4) continue;
    const content = new Uint8Array(await blob.arrayBuffer());
    return { content, sha256: await digest(content) };
  }
  throw new Error("the picture is too large");
}

// Drawn anew: smaller, and without the place and device that a camera writes into its files.
export async function shrink(file: Blob): Promise<Picture> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, sideMax / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return jpeg(canvas);
}

export const drawn = (canvas: HTMLCanvasElement): Promise<Picture> => jpeg(canvas);
