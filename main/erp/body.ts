import { failure } from '../../shared/ipc/errors.ts';

/** Bytes of an answer that we are ready to hold; a page of 1,000 documents has about 1 MB. */
export const defaultMaxBytes = 32 * 1024 * 1024;

/**
 * Reads a body to its end, at most `maxBytes` of it.
 * @throws AppFailure server.unexpected when it is longer; whatever the stream throws when it breaks.
 */
export async function readText(response: Response, maxBytes: number, correlationId: string): Promise<string> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      throw failure('server.unexpected', { params: { field: `> ${Math.floor(maxBytes / 1024 / 1024)} MB` }, correlationId });
    }
    text += decoder.decode(value, { stream: true });
  }
}

const jsonType = /^application\/(?:[\w.+-]+\+)?json\b/i;

export const isJson = (response: Response): boolean => jsonType.test(response.headers.get('content-type') ?? '');

/** The parsed body; undefined when it is no JSON, whatever its type says. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
