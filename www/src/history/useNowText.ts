import { useEffect, useState } from 'react';
import type { DocSession } from '../realtime/docSession';

/** Comparing takes a moment: not at each key that somebody presses. */
const SETTLE_MS = 400;

/** The document's text, as it changes. */
export function useNowText(session: DocSession): string {
  const [text, setText] = useState(() => session.text.toString());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const read = () => {
      timer = undefined;
      setText(session.text.toString());
    };
    const changed = () => (timer ??= setTimeout(read, SETTLE_MS));
    read();
    session.text.observe(changed);
    return () => {
      clearTimeout(timer);
      session.text.unobserve(changed);
    };
  }, [session]);
  return text;
}
