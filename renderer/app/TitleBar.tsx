import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button as AriaButton } from 'react-aria-components';
import { Icon, Kbd } from '../ui/index.ts';
import { AccountMenu } from '../features/connection/AccountMenu.tsx';
import { ConnectionMenu } from '../features/connection/ConnectionMenu.tsx';
import { SyncMenu } from '../features/connection/SyncMenu.tsx';
import { OutboxButton } from '../features/outbox/OutboxButton.tsx';
import { usePalette } from '../features/palette/store.ts';
import { EnvironmentTag } from './Environment.tsx';
import { LogoMark } from './LogoMark.tsx';
import styles from './title-bar.module.css';

/** Name, search, and the state of everything that the work depends on. */
export function TitleBar({ environment }: { environment: 'production' | 'test' | 'demo' }): ReactNode {
  const { t } = useTranslation('shell');
  const open = usePalette((palette) => palette.open);
  return (
    <header className={styles.bar}>
      <div className={styles.name}><LogoMark /><span className={styles.product}>VALEO NeuroERP Admin</span><EnvironmentTag environment={environment} /></div>
      <AriaButton className={styles.search ?? ''} aria-haspopup="dialog" onPress={() => open('commands')}>
        <Icon name="search" /><span className={styles.searchText}>{t('palette.open')}</span><span aria-hidden><Kbd keys="Ctrl+K" /></span>
      </AriaButton>
      <div className={styles.state}><ConnectionMenu /><OutboxButton /><SyncMenu /><AccountMenu /></div>
    </header>
  );
}
