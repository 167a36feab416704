import { MoreHorizontal } from 'lucide-react';
import { lazy, Suspense, useState, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { IconButton } from './Button';

const MenuContent = lazy(() => import('./MenuContent'));

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  onSelect: () => void;
}

export interface MenuProps {
  label: string;
  tabIndex?: number;
  items: MenuItem[];
}

/** Three dots that open a menu; what draws the menu is loaded when the first one is opened. */
export function Menu(props: MenuProps) {
  const [asked, setAsked] = useState(false);
  const { label, tabIndex } = props;
  const button = { label, tabIndex };
  const closed = <MenuButton {...button} aria-haspopup="menu" onClick={() => setAsked(true)} />;
  return asked ? (
    <Suspense fallback={closed}>
      <MenuContent {...props} />
    </Suspense>
  ) : (
    closed
  );
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & { label: string };

export function MenuButton(props: ButtonProps) {
  return (
    <IconButton {...props}>
      <MoreHorizontal size={16} />
    </IconButton>
  );
}
