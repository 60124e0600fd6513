import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DocumentType } from '../../../../shared/domain/document-types.ts';
import { referencesOf } from '../../../../shared/domain/flow.ts';
import { compare, zero } from '../../../../shared/domain/money.ts';
import { useCall } from '../../../bridge/queries.ts';
import { useFormat } from '../../../i18n/format.ts';
import { Banner } from '../../../ui/index.ts';
import { alreadyMade } from './already.ts';

/** Says of a new document what was made of its predecessor before, so that nothing is delivered, invoiced or paid twice. */
export function AlreadyFollowed({ type, fields }: { type: DocumentType; fields: Parameters<typeof referencesOf>[0]['fields'] }): ReactNode {
  // Only what it refers to concerns the notice: typing elsewhere does not draw it again.
  const named = referencesOf({ type, number: '', fields }).map((key) => `${key.type}/${key.number}`).join(' ');
  return named === '' ? null : <Notice type={type} named={named} />;
}

const Notice = memo(function Notice({ type, named }: { type: DocumentType; named: string }): ReactNode {
  const { t } = useTranslation('documents');
  const format = useFormat();
  const references = named.split(' ').map((name) => ({ type: name.slice(0, name.indexOf('/')) as DocumentType, number: name.slice(name.indexOf('/') + 1) }));
  const [first] = references;
  const { data } = useCall('documents.flow', first ?? { type, number: '-' }, { enabled: first !== undefined, keepPrevious: false });
  const found = data === undefined ? null : alreadyMade(data, references, type);
  if (found === null) return null;
  const documents = found.documents.map(({ key, gross }) => (gross === null ? key.number : t('flow.already.one', { number: key.number, amount: format.money(gross) }))).join(', ');
  const open = found.open === null ? '' : compare(found.open, zero) > 0 ? t('flow.already.open', { amount: format.money(found.open) }) : t('flow.already.nothing');
  return <Banner tone="warning" icon="chain" data-testid="already-followed">{`${t('flow.already', { from: found.from.number, documents })} ${open}`.trim()}</Banner>;
});
