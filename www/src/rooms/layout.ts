import { useCallback, useState } from 'react';
import { remember, remembered } from '../ui/remember';

/** Sizes in px and what is open: kept in this browser, nothing else is. */
export interface Layout {
  files: number;
  side: number;
  output: number;
  filesOpen: boolean;
  sideOpen: boolean;
  outputOpen: boolean;
}

const KEY = 'coderoom.layout';
const INITIAL: Layout = {
  files: 220,
  side: 288,
  output: 260,
  filesOpen: true,
  sideOpen: true,
  outputOpen: true,
};

export function useLayout(narrow: boolean) {
  const [layout, setLayout] = useState<Layout>(() => read(narrow));
  const change = useCallback((part: Partial<Layout>) => {
    setLayout((before) => {
      const after = { ...before, ...part };
      remember(KEY, JSON.stringify(after));
      return after;
    });
  }, []);
  return [layout, change] as const;
}

function read(narrow: boolean): Layout {
  const initial = { ...INITIAL, sideOpen: !narrow };
  try {
    const stored = JSON.parse(remembered(KEY) ?? '{}') as Partial<Layout>;
    return { ...initial, ...stored };
  } catch {
    return initial;
  }
}
