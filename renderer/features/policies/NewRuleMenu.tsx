import type { ReactNode } from 'react';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { ruleTemplates, type RuleTemplate } from '../../../shared/policy/templates.ts';
import { Icon } from '../../ui/index.ts';
import styles from './policies.module.css';

/** A new rule, empty or from a template. */
export function NewRuleMenu({ isDisabled, onEmpty, onTemplate }: { isDisabled: boolean; onEmpty: () => void; onTemplate: (template: RuleTemplate) => void }): ReactNode {
  const { t } = useTranslation('policies');
  const item = (id: string, label: string, hint: string): ReactNode => (
    <MenuItem key={id} id={id} textValue={label} className={styles.menuItem ?? ''} data-testid={`new-rule-${id}`}>
      <Text slot="label">{label}</Text>
      <Text slot="description" className={styles.menuHint ?? ''}>{hint}</Text>
    </MenuItem>
  );
  return (
    <MenuTrigger>
      <AriaButton className={styles.menuTrigger ?? ''} isDisabled={isDisabled} data-testid="new-rule"><Icon name="plus" />{t('action.new')}<Icon name="chevronDown" /></AriaButton>
      <Popover placement="bottom end" offset={4} className={styles.menuPopover ?? ''}>
        <Menu
          aria-label={t('action.new')} className={styles.menu ?? ''}
          onAction={(key) => {
            const template = ruleTemplates.find(({ id }) => id === key);
            if (template === undefined) onEmpty();
            else onTemplate(template);
          }}
        >
          {item('empty', t('template.empty'), t('template.empty.hint'))}
          {ruleTemplates.map(({ id }) => item(id, t(`template.${id}`), t(`template.${id}.hint`)))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
