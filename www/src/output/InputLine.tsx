import { CornerDownLeft } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { t } from '../i18n';
import type { RoomChannel } from '../realtime/roomChannel';
import { Button } from '../ui/Button';
import { toast } from '../ui/toasts';
import css from './OutputPanel.module.css';

/** Standard input of a running program: a line at a time, and its end. */
export function InputLine({ channel, run }: { channel: RoomChannel; run: string }) {
  const [line, setLine] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    const text = `${line}\n`;
    if (!channel.type(run, new TextEncoder().encode(text))) {
      toast(t.errors.noLine, { tone: 'bad' });
      return;
    }
    channel.output(run).echo(text);
    setLine('');
  };
  return (
    <form className={css.inputLine} onSubmit={send}>
      <input
        value={line}
        onChange={(e) => setLine(e.target.value)}
        aria-label={t.output.typeInput}
        placeholder={t.output.typeInput}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="send"
      />
      <Button look="quiet" type="submit" icon={<CornerDownLeft size={14} />}>
        {t.output.send}
      </Button>
      <Button look="quiet" onClick={() => channel.closeStdin(run)} title={t.output.eofHint}>
        {t.output.eof}
      </Button>
    </form>
  );
}
