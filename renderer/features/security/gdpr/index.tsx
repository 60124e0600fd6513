import type { ReactNode } from 'react';

export default function Gdpr(): ReactNode {
  return null;
}
