import { useTranslation } from 'react-i18next';

/** What the place is called where a point is proven. */
export function useWayName(): (link: string) => string {
  const { t } = useTranslation(['security', 'security-score']);
  return (link) => {
    const [, screen, area] = link.split('/');
    return screen === 'security' && area !== undefined ? t(`area.${area}`) : t(`way.${screen ?? ''}`, { ns: 'security-score' });
  };
}
