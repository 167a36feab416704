import { useRef, useImperativeHandle, type Ref } from 'react';
import { Editor, type EditorHandle } from '../editor/Editor';
import { t } from '../i18n';
import type { DocSession } from '../realtime/docSession';
import { Store, useStore } from '../realtime/store';
import { Skeleton } from '../ui/Skeleton';
import { toast } from '../ui/toasts';
import css from './RoomPage.module.css';

interface Props {
  session: DocSession | undefined;
  path: string;
  readOnly: boolean;
  follow: string | null;
  onActivity: () => void;
  ref?: Ref<EditorHandle>;
}

const never = new Store(false);

export function EditorPane({ session, path, readOnly, follow, onActivity, ref }: Props) {
  const ready = useStore(session?.ready ?? never);
  const stopped = useStore(session?.status ?? idle);
  const editor = useRef<EditorHandle>(null);
  useImperativeHandle(ref, () => ({
    goTo: (line, column) => editor.current?.goTo(line, column),
    focus: () => editor.current?.focus(),
    protect: (on) => editor.current?.protect(on),
  }));
  if (session && stopped?.connection.kind === 'stopped') {
    return <p className={css.hollow}>{t.editor.stopped(stopped.connection.reason)}</p>;
  }
  if (!session || !ready) return <Skeleton lines={9} label={t.common.loading} />;
  return (
    <Editor
      ref={editor}
      session={session}
      path={path}
      readOnly={readOnly}
      follow={follow}
      onTooLarge={(bytes) => toast(t.editor.tooLarge(bytes), { tone: 'bad' })}
      onNearlyFull={() => toast(t.editor.nearlyFull)}
      onProtected={() => toast(t.editor.protectedHint)}
      onActivity={onActivity}
    />
  );
}

const idle = new Store<ReturnType<DocSession['status']['get']> | null>(null);
