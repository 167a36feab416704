import { errorText } from '../api/problem';
import { t } from '../i18n';
import { Button } from '../ui/Button';
import { Dialog, DialogActions } from '../ui/Dialog';

interface AskDialogProps {
  title: string;
  text: string;
  action: string;
  error?: unknown;
  busy: boolean;
  onClose: () => void;
  onYes: () => void;
}

/** Before something that cannot be taken back: says what is lost. */
export function Ask({ title, text, action, error, busy, onClose, onYes }: AskDialogProps) {
  return (
    <Dialog open onClose={onClose} title={title} description={text}>
      {error ? <p role="alert">{errorText(error)}</p> : null}
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          {t.common.cancel}
        </Button>
        <Button look="danger" busy={busy} onClick={onYes}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
