/** An answer other than success, thrown from wherever the reason is found. */
export class HttpError extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(`HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** `{"detail": text}`. */
export const refuse = (status: number, detail: string): HttpError => new HttpError(status, { detail });

/** 422 in the shape of ERP-API section 1. */
export const invalid = (loc: readonly (string | number)[], msg: string, input: unknown, type = 'value_error'): HttpError =>
  new HttpError(422, { detail: [{ type, loc, msg, input }] });
