import { useMemo } from 'react';
import type { DocumentType } from '../../../shared/domain/document-types.ts';
import { fallbackFormSpec } from '../../../shared/domain/form-specs-fallback.ts';
import type { FormSpec } from '../../../shared/domain/form-spec.ts';
import { useCall } from '../../bridge/queries.ts';

const fresh = 10 * 60_000;

/** The form of a type: the server's, and our own until that is there, so that no form ever waits for the network. */
export function useFormSpec(type: DocumentType): FormSpec {
  const { data } = useCall('documents.formSpec', { type }, { staleTime: fresh, keepPrevious: false });
  const own = useMemo(() => fallbackFormSpec(type), [type]);
  const spec = data?.value ?? own;
  // A spec without number, date or partner could not be filled in: those come from ours.
  return useMemo(() => {
    const missing = own.fields.filter((field) => ['number', 'date', 'customerId', 'supplierId'].includes(field.name) && !spec.fields.some((one) => one.name === field.name));
    return missing.length === 0 ? spec : { ...spec, fields: [...missing, ...spec.fields] };
  }, [spec, own]);
}
