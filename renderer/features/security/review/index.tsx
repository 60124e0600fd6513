import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { addTexts } from '../../../i18n/index.ts';
import { ReviewHistory } from './ReviewHistory.tsx';
import { ReviewWork } from './ReviewWork.tsx';

addTexts(import.meta.glob<Record<string, string>>('../../../../resources/locales/*/security-review.json', { eager: true, import: 'default' }));

/** Reviews: all of them, or the one that is worked on. */
export default function ReviewScreen(): ReactNode {
  const id = useParams()['*'] ?? '';
  return id === '' ? <ReviewHistory /> : <ReviewWork key={id} id={id} />;
}
