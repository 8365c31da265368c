import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

// From the page's own folder: the library's default would fetch it from elsewhere.
prepareZXingModule({ overrides: { locateFile: () => wasm } });

const canvas = document.createElement("canvas");

export async function readCode(video: HTMLVideoElement): Promise<{ text: string; symbology: string } | undefined> {
  if (video.videoWidth === 0) return undefined;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return undefined;
  pen.drawImage(video, 0, 0);
  const found = await readBarcodes(pen.getImageData(0, 0, canvas.width, canvas.height), {
    formats: ["Code128", "Code39", "ITF", "QRCode", "DataMatrix", "EAN13"],
    tryHarder: true,
    maxNumberOfSymbols: 1,
  });
  const first = found.find((one) => one.isValid);
  return first ? { text: first.text, symbology: first.symbologyIdentifier } : undefined;
}
