import * as Radix from '@radix-ui/react-dialog';
import { X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { t } from '../i18n';
import { IconButton } from './Button';
import { cx } from './cx';
import css from './Dialog.module.css';

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

/** Radix's Overlay is not used: it locks scrolling by a <style> element, which our policy forbids. */
export function Dialog({ open, onClose, title, description, wide, children }: Props) {
  const [opener] = useState(whatOpened);
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <div className={css.scrim} />
        <div className={css.place}>
          <Radix.Content
            className={cx(css.dialog, wide && css.wide)}
            // Radix gives the focus back to a trigger of its own, which ours are not.
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              opener?.focus();
            }}
            {...(description ? {} : { 'aria-describedby': undefined })}
          >
            <header className={css.head}>
              <Radix.Title className={css.title}>{title}</Radix.Title>
              <Radix.Close asChild>
                <IconButton label={t.common.close}>
                  <X size={16} />
                </IconButton>
              </Radix.Close>
            </header>
            {description && (
              <Radix.Description className={css.description}>{description}</Radix.Description>
            )}
            {children}
          </Radix.Content>
        </div>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What has the focus before a dialog takes it; of a menu, which is about to go, the button that opened it. */
function whatOpened(): HTMLElement | null {
  const at = document.activeElement;
  const button = at?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  return button ? document.getElementById(button) : at instanceof HTMLElement ? at : null;
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={css.actions}>{children}</div>;
}
