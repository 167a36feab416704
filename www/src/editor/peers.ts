import type { Extension, Text } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { AwarenessUser } from '../realtime/docSession';
import { PALETTE } from './palette';

/**
 * Others' cursors and selections, from awareness states in the shape that y-codemirror.next uses:
 * { user: { name, color }, cursor: { anchor, head } } with relative positions. Ours are drawn with
 * classes (no inline styles, which a strict policy forbids).
 */
export interface Peer {
  client: number;
  name: string;
  index: number;
  conn: string;
  anchor: number;
  head: number;
}

interface PeerState {
  user?: Partial<AwarenessUser>;
  cursor?: { anchor: unknown; head: unknown } | null;
}

const MOVED_MS = 2000;

export function peersOf(awareness: Awareness, text: Y.Text): Peer[] {
  const peers: Peer[] = [];
  for (const [client, state] of awareness.getStates() as Map<number, PeerState>) {
    if (client === awareness.clientID || !state.cursor) continue;
    const anchor = position(state.cursor.anchor, text);
    const head = position(state.cursor.head, text);
    if (anchor === null || head === null) continue;
    const { name, index, conn } = state.user ?? {};
    const color = Number.isInteger(index) ? Math.abs(Number(index)) : client;
    peers.push({
      client,
      name: typeof name === 'string' && name ? name.slice(0, 64) : '…',
      index: color % PALETTE.length,
      conn: typeof conn === 'string' ? conn : '',
      anchor,
      head,
    });
  }
  return peers;
}

function position(value: unknown, text: Y.Text): number | null {
  if (typeof value !== 'object' || value === null || !text.doc) return null;
  try {
    const relative = Y.createRelativePositionFromJSON(value);
    const found = Y.createAbsolutePositionFromRelativePosition(relative, text.doc);
    return found?.type === text ? found.index : null;
  } catch {
    return null; // another client's state may hold anything
  }
}

class Caret extends WidgetType {
  constructor(
    readonly peer: Peer,
    readonly moved: boolean,
  ) {
    super();
  }

  override eq(other: Caret): boolean {
    return (
      other.peer.client === this.peer.client &&
      other.peer.name === this.peer.name &&
      other.moved === this.moved
    );
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement('span');
    caret.className = `cr-caret cr-peer-${this.peer.index}${this.moved ? ' cr-moved' : ''}`;
    caret.setAttribute('aria-hidden', 'true');
    const flag = document.createElement('span');
    flag.className = 'cr-flag';
    flag.textContent = this.peer.name;
    caret.append('\u2060', flag, '\u2060');
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

function decorate(doc: Text, peers: Peer[], moved: ReadonlyMap<number, unknown>): DecorationSet {
  const marks: { from: number; to: number; value: Decoration }[] = [];
  for (const peer of peers) {
    const from = Math.min(peer.anchor, peer.head, doc.length);
    const to = Math.min(Math.max(peer.anchor, peer.head), doc.length);
    const head = Math.min(peer.head, doc.length);
    if (from < to) {
      const value = Decoration.mark({ class: `cr-selected cr-peer-${peer.index}` });
      marks.push({ from, to, value });
    }
    const widget = new Caret(peer, moved.has(peer.client));
    const side = peer.head > peer.anchor ? -1 : 1;
    marks.push({ from: head, to: head, value: Decoration.widget({ side, widget }) });
  }
  return Decoration.set(
    marks.map((m) => m.value.range(m.from, m.to)),
    true,
  );
}

/** Draws the others and tells them where we are. */
export function peersExtension(awareness: Awareness, text: Y.Text): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet = Decoration.none;
      readonly #moved = new Map<number, ReturnType<typeof setTimeout>>();
      readonly #heads = new Map<number, number>();
      #scheduled = false;

      constructor(readonly view: EditorView) {
        awareness.on('change', this.#changed);
        this.#tell();
        this.#draw();
      }

      update(update: ViewUpdate): void {
        if (update.docChanged || update.selectionSet || update.focusChanged) this.#tell();
        this.#draw();
      }

      destroy(): void {
        awareness.off('change', this.#changed);
        for (const timer of this.#moved.values()) clearTimeout(timer);
        if (awareness.getLocalState()) awareness.setLocalStateField('cursor', null);
      }

      #changed = (change: { added: number[]; updated: number[]; removed: number[] }): void => {
        const all = [...change.added, ...change.updated, ...change.removed];
        if (all.some((client) => client !== awareness.clientID)) this.#redraw();
      };

      /** Awareness changes may come while the view is updating: draw after that. */
      #redraw(): void {
        if (this.#scheduled) return;
        this.#scheduled = true;
        requestAnimationFrame(() => {
          this.#scheduled = false;
          if (this.view.dom.isConnected) this.view.dispatch({});
        });
      }

      #draw(): void {
        const peers = peersOf(awareness, text);
        for (const peer of peers) {
          if (this.#heads.get(peer.client) !== peer.head) this.#flag(peer.client);
          this.#heads.set(peer.client, peer.head);
        }
        this.decorations = decorate(this.view.state.doc, peers, this.#moved);
      }

      #flag(client: number): void {
        clearTimeout(this.#moved.get(client));
        const end = () => {
          this.#moved.delete(client);
          this.#redraw();
        };
        this.#moved.set(client, setTimeout(end, MOVED_MS));
      }

      #tell(): void {
        if (!this.view.hasFocus) return;
        const { anchor, head } = this.view.state.selection.main;
        const cursor = {
          anchor: Y.createRelativePositionFromTypeIndex(text, anchor),
          head: Y.createRelativePositionFromTypeIndex(text, head),
        };
        const known = awareness.getLocalState()?.['cursor'] as typeof cursor | null | undefined;
        const same =
          known &&
          Y.compareRelativePositions(known.anchor, cursor.anchor) &&
          Y.compareRelativePositions(known.head, cursor.head);
        if (!same) awareness.setLocalStateField('cursor', cursor);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
