import type { ReactNode } from 'react';
import { Text, UNSTABLE_Toast as AriaToast, UNSTABLE_ToastContent as ToastContent, UNSTABLE_ToastQueue as ToastQueue, UNSTABLE_ToastRegion as AriaToastRegion } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Tone } from './Badge.tsx';
import { Button, IconButton } from './Button.tsx';
import { cx } from './cx.ts';
import { Icon } from './Icon.tsx';
import styles from './toast.module.css';

export type ToastMessage = { title: string; text?: string; tone?: Tone; action?: { label: string; run: () => void } };

/** At least five seconds, so that it can be read; a toast with an action stays until it is answered. */
const shownFor = 6000;

const queue = new ToastQueue<ToastMessage>({ maxVisibleToasts: 3 });

/** Shows a toast. Only for what happened elsewhere: the result of a person's own action stays where the action is. @returns its removal. */
export function showToast(message: ToastMessage): () => void {
  const key = queue.add(message, message.action === undefined ? { timeout: shownFor } : {});
  return () => queue.close(key);
}

/** The same as {@link showToast}, for components. */
export const useToast = (): ((message: ToastMessage) => () => void) => showToast;

/** The corner where toasts appear; one per window. F6 moves the focus there. */
export function ToastRegion(): ReactNode {
  const { t } = useTranslation();
  return (
    <AriaToastRegion queue={queue} aria-label={t('toast.region')} className={styles.region ?? ''}>
      {({ toast }) => {
        const { title, text, tone = 'neutral', action } = toast.content;
        return (
          <AriaToast toast={toast} className={cx(styles.toast, styles[tone])}>
            <Icon name={tone === 'danger' ? 'error' : tone === 'warning' ? 'warning' : tone === 'success' ? 'success' : 'info'} className={styles.icon} />
            <ToastContent className={styles.content ?? ''}>
              <Text slot="title" className={styles.title ?? ''}>{title}</Text>
              {text !== undefined && <Text slot="description">{text}</Text>}
            </ToastContent>
            {action !== undefined && <Button onPress={() => { action.run(); queue.close(toast.key); }}>{action.label}</Button>}
            <IconButton icon="close" label={t('action.dismiss')} onPress={() => queue.close(toast.key)} />
          </AriaToast>
        );
      }}
    </AriaToastRegion>
  );
}
