import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { t } from '../i18n';
import { Button, IconButton } from './Button';
import { cx } from './cx';
import { dismiss, getSpoken, getToasts, onToasts } from './toasts';
import css from './Toasts.module.css';

export function Toasts() {
  const toasts = useSyncExternalStore(onToasts, getToasts);
  const spoken = useSyncExternalStore(onToasts, getSpoken);
  return (
    <>
      <div className="sr-only" role="status" aria-live="polite">
        {spoken}
      </div>
      <div className={css.stack} role="status" aria-live="polite">
        {toasts.map(({ id, text, tone, action }) => (
          <div key={id} className={cx(css.toast, tone === 'bad' && css.bad)}>
            <span>{text}</span>
            {action && (
              <Button look="quiet" onClick={() => (action.run(), dismiss(id))}>
                {action.label}
              </Button>
            )}
            <IconButton label={t.common.dismiss} onClick={() => dismiss(id)}>
              <X size={14} />
            </IconButton>
          </div>
        ))}
      </div>
    </>
  );
}
