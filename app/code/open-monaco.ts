import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/javascript/register';
import 'monaco-editor/languages/definitions/html/register';
import 'monaco-editor/languages/definitions/markdown/register';
import { javascriptDefaults, ScriptTarget } from 'monaco-editor/languages/features/typescript/register';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import TypeScriptWorker from 'monaco-editor/languages/features/typescript/ts.worker?worker';
import { nodeTypes } from './node-types.ts';

globalThis.MonacoEnvironment = {
  getWorker: (_id: string, label: string) =>
    label === 'typescript' || label === 'javascript' ? new TypeScriptWorker() : new EditorWorker(),
};
javascriptDefaults.setCompilerOptions({
  target: ScriptTarget.ESNext,
  allowNonTsExtensions: true,
  checkJs: true,
  strict: false,
  lib: ['esnext'],
});
// A code node's text is a function's body: `return` and `await` stand at its top.
javascriptDefaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: [1108, 1375, 1378, 7044, 7006] });
javascriptDefaults.addExtraLib(nodeTypes, 'ts:heddle.d.ts');
// Runs the workflow, as everywhere in the editor; Monaco would begin a line with it.
monaco.editor.addKeybindingRule({ keybinding: monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, command: null });

/** An editor of source text that is open in the page. */
export interface CodeEditor {
  /** Shows a text; the cursor stays when it is the one that was just typed. */
  show(text: string): void;
  focus(): void;
  close(): void;
}

interface Opening {
  readonly value: string;
  readonly language: string;
  readonly label: string;
  readonly placeholder: string | undefined;
  /** It is only read, and text of it taken along. */
  readonly isReadOnly: boolean;
  readonly tell: (text: string) => void;
}

/** What Monaco paints in our colours, by the token of each. */
const painted: Readonly<Record<string, string>> = {
  'editorWidget.background': '--surface',
  'editorWidget.foreground': '--text',
  'editorWidget.border': '--line-strong',
  'editorSuggestWidget.selectedBackground': '--press',
  'editorSuggestWidget.selectedForeground': '--text',
  'editorSuggestWidget.focusHighlightForeground': '--text',
  'list.hoverBackground': '--hover',
  'list.focusBackground': '--press',
  'list.focusForeground': '--text',
  'quickInput.background': '--surface',
  'quickInputList.focusBackground': '--press',
  'quickInputList.focusForeground': '--text',
  'menu.background': '--surface',
  'menu.foreground': '--text',
  'menu.border': '--line-strong',
  'menu.selectionBackground': '--press',
  'menu.selectionForeground': '--text',
  'editor.placeholder.foreground': '--text-3',
  'input.background': '--surface',
  'input.border': '--line-strong',
  focusBorder: '--text-3',
};

/** Takes on the colours of the page as they are now, in light or in dark. */
function wearTheme(): void {
  const isDark = document.documentElement.dataset['theme'] === 'dark';
  const tokens = getComputedStyle(document.documentElement);
  const ours = Object.entries(painted)
    .map(([part, token]) => [part, tokens.getPropertyValue(token).trim()] as const)
    // Monaco reads hexadecimal colours only.
    .filter(([, colour]) => /^#[\da-f]{3,8}$/i.test(colour));
  monaco.editor.defineTheme('heddle', {
    base: isDark ? 'vs-dark' : 'vs',
    inherit: true,
    // Monaco's own green of comments stands at 4.1 : 1 on our dark cloth.
    rules: isDark ? [{ token: 'comment', foreground: '86b573' }] : [],
    // The code lies on the room's own cloth.
    colors: {
      ...Object.fromEntries(ours),
      'editorUnnecessaryCode.opacity': '#000000b8',
      'editor.background': '#00000000',
      'editorGutter.background': '#00000000',
    },
  });
  monaco.editor.setTheme('heddle');
}

let overflow: HTMLElement | undefined;

/** Where the widgets of all editors hang: at the end of the page, over panels, menus and the canvas. */
function overflowRoom(): HTMLElement {
  if (overflow?.isConnected) return overflow;
  overflow = document.createElement('div');
  overflow.className = 'monaco-editor code-overflow';
  // Over the panels (they stay under 100), and no place of its own that could take a click.
  Object.assign(overflow.style, { position: 'fixed', top: '0', left: '0', width: '0', height: '0', zIndex: '1000' });
  document.body.append(overflow);
  return overflow;
}

/** What every editor is like. */
const usual = (): monaco.editor.IStandaloneEditorConstructionOptions => ({
  readOnlyMessage: { value: 'You can view this workflow, not change it.' },
  automaticLayout: true,
  // Suggestions and hovers hang on the page: the panel that the editor stands in would cut them to a strip.
  fixedOverflowWidgets: true,
  overflowWidgetsDomNode: overflowRoom(),
  minimap: { enabled: false },
  fontFamily: 'JetBrains Mono Variable, monospace',
  fontSize: 12.5,
  lineHeight: 20,
  lineNumbersMinChars: 3,
  lineDecorationsWidth: 8,
  folding: false,
  // The panel is narrow: lines break rather than hide.
  wordWrap: 'on',
  wrappingIndent: 'indent',
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  renderLineHighlight: 'none',
  scrollbar: { verticalScrollbarSize: 8, horizontalScrollbarSize: 8 },
  scrollBeyondLastLine: false,
  // Its lines would lie on the cloth, which can be seen through.
  stickyScroll: { enabled: false },
  tabSize: 2,
  padding: { top: 8 },
  // Tab indents, as in every editor of code; Escape leads out, and Ctrl+M makes Tab go to the next field.
  tabFocusMode: false,
});

/** Opens Monaco in a place of the page, with the types of what a code node may reach. */
export function openEditor(
  place: HTMLElement,
  { value, language, label, placeholder, isReadOnly, tell }: Opening,
): CodeEditor {
  wearTheme();
  const editor = monaco.editor.create(place, {
    ...usual(),
    value,
    language,
    ariaLabel: label,
    ...(placeholder === undefined ? {} : { placeholder }),
    readOnly: isReadOnly,
    domReadOnly: isReadOnly,
  });
  let isShowing = false;
  let isBegun = false;
  const heard = editor.onDidChangeModelContent(() => isShowing || tell(editor.getValue()));
  place.addEventListener('beforeinput', (event) => writeKept(editor, event));
  const watch = new MutationObserver(wearTheme);
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return {
    show: (text) => {
      if (text === editor.getValue()) return;
      isShowing = true;
      // What it opens with cannot be undone to nothing.
      if (isBegun) layOver(editor, text);
      else editor.setValue(text);
      isBegun = true;
      isShowing = false;
    },
    focus: () => editor.focus(),
    close: () => {
      heard.dispose();
      watch.disconnect();
      // Its text goes with it, after those that still ask about it.
      editor.dispose();
    },
  };
}

/** A key that was pressed before the editor was there comes as an event of the page's (`held-keys.ts`): those of the browser Monaco hears. */
function writeKept(editor: monaco.editor.IStandaloneCodeEditor, { isTrusted, inputType, data }: InputEvent): void {
  if (isTrusted) return;
  if (inputType === 'insertText') editor.trigger('keyboard', 'type', { text: data ?? '' });
  else if (inputType === 'deleteContentBackward') editor.trigger('keyboard', 'deleteLeft', undefined);
  else if (inputType === 'deleteContentForward') editor.trigger('keyboard', 'deleteRight', undefined);
}

/** Lays a text that came from elsewhere over the one that stands: only what differs changes, so that the cursor and what can be undone stay. */
function layOver(editor: monaco.editor.IStandaloneCodeEditor, text: string): void {
  const model = editor.getModel();
  if (!model) return;
  const before = model.getValue();
  const shorter = Math.min(before.length, text.length);
  let head = 0;
  while (head < shorter && before[head] === text[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
  const range = monaco.Range.fromPositions(model.getPositionAt(head), model.getPositionAt(before.length - tail));
  editor.pushUndoStop();
  editor.executeEdits('document', [{ range, text: text.slice(head, text.length - tail), forceMoveMarkers: false }]);
  editor.pushUndoStop();
}
