/** Width, height and channels from the frame header of a JPEG (ITU T.81 annex B.2.2); null when there is none. */
export function jpegSize(bytes: Uint8Array): { width: number; height: number; channels: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) { at += 1; continue; }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), channels: bytes[at + 9] ?? 0 };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

/**
 * A one-page PDF around a JPEG: the reader of PDFs brings a decoder for them, so a photo takes the same way as a picture
 * in a document, with the same limits.
 */
export function pdfAround(jpeg: Uint8Array, { width, height, channels }: { width: number; height: number; channels: number }): Uint8Array {
  const colour = channels === 1 ? 'DeviceGray' : channels === 4 ? 'DeviceCMYK' : 'DeviceRGB';
  const content = `q ${width} 0 0 ${height} 0 0 cm /I Do Q`;
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let length = 0;
  const put = (part: Uint8Array): void => { parts.push(part); length += part.length; };
  const object = (number: number, head: string, stream?: Uint8Array): void => {
    offsets[number] = length;
    put(latin1(`${number} 0 obj\n${head}\n`));
    if (stream !== undefined) {
      put(latin1('stream\n'));
      put(stream);
      put(latin1('\nendstream\n'));
    }
    put(latin1('endobj\n'));
  };
  put(latin1('%PDF-1.4\n'));
  object(1, '<</Type/Catalog/Pages 2 0 R>>');
  object(2, '<</Type/Pages/Kids[3 0 R]/Count 1>>');
  object(3, `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>`);
  object(4, `<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/${colour}/BitsPerComponent 8/Filter/DCTDecode/Length ${jpeg.length}>>`, jpeg);
  object(5, `<</Length ${content.length}>>`, latin1(content));
  const start = length;
  put(latin1(`xref\n0 6\n0000000000 65535 f \n${[1, 2, 3, 4, 5].map((number) => `${String(offsets[number]).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n${start}\n%%EOF\n`));
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
