import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';

export { openSearchPanel } from '@codemirror/search';

export const searchExtension = [
  search(),
  highlightSelectionMatches(),
  Prec.high(keymap.of(searchKeymap)),
];
