import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LookupKind } from '../../../../shared/domain/form-spec.ts';
import { ComboBox, type FieldProps } from '../../../ui/index.ts';
import type { Draft, DraftAction } from './draft.ts';
import { useLookup } from './useLookup.ts';

/** Customer or supplier: typed, looked up, and settled by choosing. */
export function PartnerField({ common, kind, draft, change }: { common: FieldProps; kind: LookupKind; draft: Draft; change: (action: DraftAction) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const lookup = useLookup(kind);
  const text = draft.partnerName ?? draft.partnerId ?? '';
  const hint = lookup.hasFailed ? t('lookup.failed') : lookup.isFromCache ? t('lookup.fromCache') : draft.partnerId !== null && draft.partnerName !== null ? draft.partnerId : undefined;
  return (
    <ComboBox
      {...common} items={lookup.items} isLoading={lookup.isFetching} text={text} onSearch={lookup.search} autoFocus={draft.isNew && draft.partnerId === null && text === ''}
      // The field repeats a chosen name; only another text un-chooses the partner.
      onTextChange={(next) => { if (next !== text) change({ type: 'setPartner', id: null, name: next === '' ? null : next }); }}
      onPick={(item) => change({ type: 'setPartner', id: item.id, name: item.label })}
      {...(hint !== undefined && { hint })}
    />
  );
}
