import { failure } from '../../shared/ipc/errors.ts';

/** Bytes of an answer that we are ready to hold; a page of 1,000 documents has about 1 MB. */
export const defaultMaxBytes = 32 * 1024 * 1024;

/** @throws AppFailure server.unexpected when it is longer than `maxBytes`; whatever the stream throws when it breaks. */
async function eachChunk(response: Response, maxBytes: number, correlationId: string, take: (chunk: Uint8Array) => void): Promise<void> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw failure('server.unexpected', { params: { field: `> ${Math.floor(maxBytes / 1024 / 1024)} MB` }, correlationId });
    }
    take(value);
  }
}

/** Reads a body to its end as text. @throws as eachChunk */
export async function readText(response: Response, maxBytes: number, correlationId: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  await eachChunk(response, maxBytes, correlationId, (chunk) => { text += decoder.decode(chunk, { stream: true }); });
  return text + decoder.decode();
}

/** Reads a body to its end as it is. @throws as eachChunk */
export async function readBytes(response: Response, maxBytes: number, correlationId: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  await eachChunk(response, maxBytes, correlationId, (chunk) => { chunks.push(chunk); length += chunk.byteLength; });
  // Copied once: a page has a megabyte, and what lies about of it is swept up in the middle of somebody's click.
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

const jsonType = /^application\/(?:[\w.+-]+\+)?json\b/i;

export const mediaType = (response: Response): string => (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export const isJson = (response: Response): boolean => jsonType.test(response.headers.get('content-type') ?? '');

/** The parsed body; undefined when it is no JSON, whatever its type says. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
