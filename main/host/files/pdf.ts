import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import { drawRectangles, type OperatorCodes } from './draw-rectangles.ts';
import { mostPixels, type Picture } from './findings.ts';
import { readCode } from './read-codes.ts';

type Proxy = Awaited<ReturnType<typeof getDocumentProxy>>;
type Page = Awaited<ReturnType<Proxy['getPage']>>;
type Image = { kind?: number; width: number; height: number; data: Uint8Array | Uint8ClampedArray };

/** Pages that are looked at; the code of a document stands on its first or last. */
const mostPages = 20;
const mostImagesPerPage = 40;
/** Pixels of a point, for codes that are drawn: a module of a third of a millimetre is two pixels then. */
const drawnAt = 2.5;
const largestSide = 4000;
/** A picture that the reader cannot make is not waited for. */
const imagePatienceMs = 3000;

/** Pixels as a picture: packed bits, grey, RGB and RGBA, as the reader of PDFs leaves them. */
function pictureOf({ width, height, data }: Image): Picture | null {
  if (width < 20 || height < 20 || width * height > mostPixels) return null;
  const channels = data.length / (width * height);
  const out = new Uint8Array(width * height * 4).fill(255);
  const stride = (width + 7) >> 3;
  const isBits = data.length === stride * height;
  if (!isBits && ![1, 3, 4].includes(channels)) return null;
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) {
      const x = at % width;
      out[at * 4 + channel] = isBits
        ? (((data[Math.floor(at / width) * stride + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) * 255
        : (data[at * channels + (channels === 1 ? 0 : channel)] ?? 0);
    }
  }
  return { width, height, data: out };
}

async function imageOf(page: Page, name: string): Promise<Image | null> {
  const store = name.startsWith('g_') ? page.commonObjs : page.objs;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), imagePatienceMs);
    store.get(name, (image: unknown) => {
      clearTimeout(timer);
      resolve(image as Image | null);
    });
  });
}

async function codesOf(page: Page, codes: Record<string, number>): Promise<string[]> {
  const list = await page.getOperatorList();
  const found: string[] = [];
  let images = 0;
  for (const [index, code] of list.fnArray.entries()) {
    const args: unknown = list.argsArray[index];
    const [first] = Array.isArray(args) ? (args as unknown[]) : [];
    const isInline = code === codes['paintInlineImageXObject'];
    if ((code !== codes['paintImageXObject'] && !isInline) || ++images > mostImagesPerPage) continue;
    const image = isInline ? (first as Image) : typeof first === 'string' ? await imageOf(page, first) : null;
    const picture = image?.data === undefined ? null : pictureOf(image);
    const text = picture === null ? null : readCode(picture);
    if (text !== null) found.push(text);
  }
  if (found.length > 0) return found;
  const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = page.view;
  const size = { width: x1 - x0, height: y1 - y0, originX: x0, originY: y0 };
  if (!(size.width > 0 && size.height > 0) || Math.max(size.width, size.height) * drawnAt > largestSide) return found;
  const drawn = drawRectangles(list, codes as OperatorCodes, size, drawnAt);
  const text = drawn === null ? null : readCode(drawn);
  return text === null ? found : [text];
}

const addressPattern = /https?:\/\/[^\s"'<>]{1,300}\/verify\/[^\s"'<>]{1,200}/gi;

/** First and last pages first, because codes stand there. */
const order = (pages: number): number[] => [...new Set([1, pages, ...Array.from({ length: Math.min(pages, mostPages) }, (_, index) => index + 1)])].slice(0, mostPages);

/** Codes and verify addresses of a PDF. Nothing in it is run and nothing it names is fetched. @throws whatever is wrong with the file */
export async function readPdf(bytes: Uint8Array): Promise<{ pages: number; codes: string[]; addresses: string[] }> {
  const { OPS } = await getResolvedPDFJS();
  const pdf = await getDocumentProxy(bytes, {
    verbosity: 0, disableFontFace: true, useSystemFonts: false, enableXfa: false, maxImageSize: mostPixels, isOffscreenCanvasSupported: false, isImageDecoderSupported: false,
    disableAutoFetch: true, disableStream: true, useWorkerFetch: false,
  });
  try {
    const codes: string[] = [];
    const addresses: string[] = [];
    for (const number of order(pdf.numPages)) {
      const page = await pdf.getPage(number);
      codes.push(...await codesOf(page, OPS));
      const { items } = await page.getTextContent();
      const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('');
      addresses.push(...(text.match(addressPattern) ?? []));
      page.cleanup();
    }
    return { pages: pdf.numPages, codes: [...new Set(codes)].slice(0, 50), addresses: [...new Set(addresses)].slice(0, 50) };
  } finally {
    await pdf.loadingTask.destroy();
  }
}
