import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Decision } from '../../../shared/domain/outbox.ts';
import { useFormat } from '../../i18n/format.ts';
import { useIsOffline } from '../../state/connection.ts';
import { Banner, Button } from '../../ui/index.ts';
import { useWords } from '../documents/words.ts';
import { useDone } from './useDone.ts';

/** A decision about this document is noted: nothing was sent, and how it goes on. */
export function NotedBanner({ decision }: { decision: Decision }): ReactNode {
  const { t } = useTranslation('outbox');
  const words = useWords();
  const format = useFormat();
  const navigate = useNavigate();
  const isOffline = useIsOffline();
  const remove = useDone('decisions.remove');
  return (
    <Banner
      tone="accent" icon="clock" data-testid="noted"
      action={(
        <>
          {!isOffline && <Button variant="primary" icon="approvals" onPress={() => void navigate(`/outbox/${decision.id}`)}>{t('noted.check')}</Button>}
          <Button icon="undo" isPending={remove.isPending} onPress={() => void remove.run({ id: decision.id })} data-testid="drop-noted">{t('noted.drop')}</Button>
        </>
      )}
    >
      {t(isOffline ? 'noted.offline' : 'noted.online', { action: words.action(decision.action), when: format.moment(decision.decidedAt) })}
    </Banner>
  );
}
