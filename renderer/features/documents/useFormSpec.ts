import { useMemo } from 'react';
import type { DocumentType } from '../../../shared/domain/document-types.ts';
import { completeFormSpec, fallbackFormSpec } from '../../../shared/domain/form-specs-fallback.ts';
import type { FormSpec } from '../../../shared/domain/form-spec.ts';
import { useCall } from '../../bridge/queries.ts';

const fresh = 10 * 60_000;

/** The form of a type: the server's, and our own until that is there, so that no form ever waits for the network. */
export function useFormSpec(type: DocumentType): FormSpec {
  const { data } = useCall('documents.formSpec', { type }, { staleTime: fresh, keepPrevious: false });
  const spec = data?.value;
  return useMemo(() => (spec === undefined ? fallbackFormSpec(type) : completeFormSpec(type, spec)), [spec, type]);
}
