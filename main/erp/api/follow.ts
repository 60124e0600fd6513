import { z } from 'zod';
import type { DocumentType } from '../../../shared/domain/document-types.ts';
import type { BusinessDocument } from '../../../shared/domain/document.ts';
import { AppFailure } from '../../../shared/ipc/errors.ts';
import type { ErpHttp } from '../http.ts';
import type { DocumentsApi } from '../types.ts';
import { documentFrom, wireDocument } from './document-codec.ts';

/** A flat draft: a document without a number, perhaps in an envelope. */
const draftSchema = z.looseObject({ data: z.looseObject({}).optional().catch(undefined) });

/** The names that some servers have for two types in this call alone; they refuse the usual ones. ERP-API section 3. */
const shortNames: Partial<Record<DocumentType, string>> = { sales_delivery: 'delivery', sales_invoice: 'invoice' };

/** What a server answers when it does not know a type's name: 400, with or without `{ok:false}`. */
const isRefusal = (error: unknown): boolean => error instanceof AppFailure && ['server.refused', 'server.badRequest'].includes(error.error.code);

/** `POST /follow`: the server's own draft of the next document; nothing is stored. */
export function createFollow(http: ErpHttp): DocumentsApi['follow'] {
  let usesShortNames = false;

  const ask = async (from: BusinessDocument, toType: DocumentType, short: boolean, call: Parameters<DocumentsApi['follow']>[2]): Promise<BusinessDocument> => {
    const nameOf = (type: DocumentType): string => (short ? (shortNames[type] ?? type) : type);
    const { value } = await http.request({
      method: 'POST', path: '/api/mcp/documents/follow', body: { fromType: nameOf(from.type), toType: nameOf(toType), payload: wireDocument(from) }, schema: draftSchema, ...call,
    });
    // A number belongs to a stored document; the place of one is held, because a document without it cannot be read.
    return { ...documentFrom(toType, { ...(value.data ?? value), number: '-' }), number: '' };
  };

  return async (from, toType, call = {}) => {
    const hasShort = from.type in shortNames || toType in shortNames;
    const first = hasShort && usesShortNames;
    try {
      return await ask(from, toType, first, call);
    } catch (error) {
      if (!hasShort || !isRefusal(error)) throw error;
      const draft = await ask(from, toType, !first, call).catch(() => { throw error; });
      usesShortNames = !first;
      return draft;
    }
  };
}
