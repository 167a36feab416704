import { useSyncExternalStore } from 'react';
import { getSession, onSession, type Session } from './session';

export function useSession(): Session {
  return useSyncExternalStore(onSession, getSession);
}
