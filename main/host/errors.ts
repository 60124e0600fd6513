import { AppFailure, appError, type AppError, type ErrorCode } from '../../shared/ipc/errors.ts';

/** What SQLite's result codes mean for the person at the screen. */
export function codeOfSqlite(code: string): ErrorCode {
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'database.damaged';
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return 'database.diskFull';
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'database.locked';
  if (code.startsWith('SQLITE_CANTOPEN') || code === 'SQLITE_PERM' || code === 'EACCES' || code === 'EPERM') return 'database.unavailable';
  return 'database.failed';
}

/** The SQLite (or file system) code of an error, if it has one. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/**
 * An exception of the host as data. Its message does not cross: SQL and paths may stand in it. The SQLite code does, as
 * the parameter `cause`.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppFailure) return error.error;
  const code = errorCodeOf(error);
  if (code === null) return appError('database.failed');
  return appError(codeOfSqlite(code), { params: { cause: code } });
}

export const isDamage = (error: unknown): boolean => toAppError(error).code === 'database.damaged';
