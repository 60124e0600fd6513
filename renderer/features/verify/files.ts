import type { AppError } from '../../../shared/ipc/errors.ts';

/** Megabytes of a dropped file; main and the data host have the same limit. */
export const largestMegabytes = 20;

const problem = (code: 'file.tooLarge' | 'file.unreadable', params: Record<string, string>): AppError =>
  ({ code, messageKey: `errors.${code}`, params, retry: 'never', retryAfter: null, reloginResolves: false, correlationId: null, fieldErrors: [] });

/** What is wrong with a file before a byte of it is read; null when nothing is. */
export function fileProblem({ name, size }: { name: string; size: number }): AppError | null {
  if (size > largestMegabytes * 1024 * 1024) return problem('file.tooLarge', { file: name, limit: String(largestMegabytes) });
  return size === 0 ? problem('file.unreadable', { file: name }) : null;
}

export const readReadable = async (file: File): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await file.arrayBuffer());
