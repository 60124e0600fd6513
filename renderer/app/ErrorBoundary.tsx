import { Component, type ComponentType, type ReactNode } from 'react';
import { withTranslation, type WithTranslation } from 'react-i18next';
import type { AppError } from '../../shared/ipc/errors.ts';
import { errorOf } from '../bridge/call.ts';
import { Button, ErrorPanel } from '../ui/index.ts';
import styles from './error-boundary.module.css';

type State = { error: AppError | null };

/** Catches what breaks while rendering, so that one broken screen leaves the frame and the other screens usable. */
class Boundary extends Component<WithTranslation & { children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(thrown: unknown): State {
    return { error: errorOf(thrown) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const { t } = this.props;
    return (
      <div className={styles.broken}>
        <ErrorPanel title={t('crash.title')} error={error} onRetry={() => this.setState({ error: null })} action={<Button onPress={() => location.reload()}>{t('crash.reload')}</Button>} />
      </div>
    );
  }
}

export const ErrorBoundary: ComponentType<{ children: ReactNode }> = withTranslation('shell')(Boundary);
