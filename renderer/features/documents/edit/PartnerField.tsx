import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LookupKind } from '../../../../shared/domain/form-spec.ts';
import { ComboBox, type FieldProps } from '../../../ui/index.ts';
import { typedPartnerNumber } from '../../../../shared/domain/draft-document.ts';
import type { DraftContent } from '../../../../shared/domain/draft.ts';
import type { ContentAction } from './content.ts';
import { useLookup } from './useLookup.ts';

/** Customer or supplier: typed, looked up, and settled by choosing. */
export function PartnerField({ common, kind, draft, isNew, change }: { common: FieldProps; kind: LookupKind; draft: Pick<DraftContent, 'partnerId' | 'partnerName'>; isNew: boolean; change: (action: ContentAction) => void }): ReactNode {
  const { t } = useTranslation('documents');
  const lookup = useLookup(kind);
  const text = draft.partnerName ?? draft.partnerId ?? '';
  const typed = typedPartnerNumber(draft);
  const settle = (): void => {
    const written = text.trim().toLowerCase();
    const match = draft.partnerId === null ? lookup.items.find((item) => item.id.toLowerCase() === written || item.label.toLowerCase() === written) : undefined;
    if (match !== undefined) change({ type: 'setPartner', id: match.id, name: match.label });
  };
  const hint = (): string | undefined => {
    if (typed !== null) return t('lookup.asNumber', { number: typed });
    if (lookup.hasFailed) return t('lookup.failed');
    if (lookup.isFromCache) return t(lookup.isPartial ? 'lookup.partial' : 'lookup.fromCache');
    return draft.partnerName === null ? undefined : (draft.partnerId ?? undefined);
  };
  return (
    <ComboBox
      {...common} items={lookup.items} isLoading={lookup.isFetching} text={text} onSearch={lookup.search} autoFocus={isNew && draft.partnerId === null && text === ''}
      // The field repeats a chosen name; only another text un-chooses the partner.
      onTextChange={(next) => { if (next !== text) change({ type: 'setPartner', id: null, name: next === '' ? null : next }); }}
      onPick={(item) => change({ type: 'setPartner', id: item.id, name: item.label })}
      // Who typed the number or the whole name need not choose it as well.
      onBlur={settle}
      hint={hint()}
    />
  );
}
