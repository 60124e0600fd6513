import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './tabs.module.css';

export type TabItem = { id: string; label: string; /** A count beside the label. */ count?: number | undefined; content: ReactNode; isDisabled?: boolean };

export type TabsProps = { label: string; tabs: readonly TabItem[]; selected: string; onSelect: (id: string) => void; className?: string };

/** Views of one thing beside each other; only the selected one is mounted. */
export function Tabs({ label, tabs, selected, onSelect, className }: TabsProps): ReactNode {
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={(key) => onSelect(String(key))} className={cx(styles.tabs, className)}>
      <TabList aria-label={label} className={styles.list ?? ''}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} isDisabled={tab.isDisabled ?? false} className={styles.tab ?? ''}>
            {tab.label}
            {tab.count !== undefined && <span className={styles.count}>{tab.count}</span>}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => <TabPanel key={tab.id} id={tab.id} className={styles.panel ?? ''}>{tab.content}</TabPanel>)}
    </AriaTabs>
  );
}
