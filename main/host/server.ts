import { appError } from '../../shared/ipc/errors.ts';
import { toAppError } from './errors.ts';
import { requestSchema, requestSchemas, writingMethods, type Method, type Reply } from './protocol.ts';
import { Store } from './store.ts';
import type { HostLink } from './transport.ts';

type Waiting = { id: number; method: Method; params: unknown };

/**
 * Serves requests from one parent, in the order they arrive. Writes wait while a batch is open; reads do not, they see the
 * state before the batch.
 */
export function serve(link: HostLink, store: Store = new Store()): void {
  let waiting: Waiting[] = [];

  const reply = (message: Reply): void => { link.send(message); };

  const fail = (id: number, error: unknown): void => {
    const data = toAppError(error);
    // Closed before the answer goes out: whoever reopens upon it finds the file ready to be rescued.
    if (data.code === 'database.damaged') {
      store.abandonDamaged();
      refuseWaiting();
    }
    reply({ id, ok: false, error: data });
  };

  const refuseWaiting = (): void => {
    const refused = waiting;
    waiting = [];
    for (const { id } of refused) reply({ id, ok: false, error: appError('database.unavailable') });
  };

  const execute = ({ id, method, params }: Waiting): void => {
    try {
      if (method === 'close') refuseWaiting();
      const result = (store.handlers[method] as (params: unknown) => unknown)(params);
      if (result instanceof Promise) result.then((value) => { reply({ id, ok: true, value }); }, (error: unknown) => { fail(id, error); }).finally(drain);
      else reply({ id, ok: true, value: result });
    } catch (error) {
      fail(id, error);
    }
  };

  const mustWait = ({ method, params }: Waiting): boolean => writingMethods.has(method) && store.blocks(params);

  const drain = (): void => {
    while (waiting[0] !== undefined && !mustWait(waiting[0])) execute(waiting.shift() as Waiting);
  };

  link.onMessage((message) => {
    const request = requestSchema.safeParse(message);
    if (!request.success) return;
    const { id, method } = request.data;
    const params = requestSchemas[method].safeParse(request.data.params);
    if (!params.success) {
      // The path of the first wrong field, never its value.
      reply({ id, ok: false, error: appError('input.invalid', { params: { method, path: params.error.issues[0]?.path.join('.') ?? '' } }) });
      return;
    }
    const next = { id, method, params: params.data };
    if (mustWait(next) || (writingMethods.has(method) && waiting.length > 0 && !isPart(params.data))) {
      waiting.push(next);
      return;
    }
    execute(next);
    drain();
  });
}

/** A later part of the batch that the others wait for. */
const isPart = (params: unknown): boolean => typeof params === 'object' && params !== null && 'first' in params && params.first === false;
