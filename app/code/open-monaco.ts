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

/** An editor of source text that is open in the page. */
export interface CodeEditor {
  /** Shows a text; the cursor stays when it is the one that was just typed. */
  show(text: string): void;
  close(): void;
}

interface Opening {
  readonly value: string;
  readonly language: string;
  readonly label: string;
  readonly tell: (text: string) => void;
}

// The code lies on the room's own cloth, in light and in dark.
const cloth = { 'editor.background': '#00000000', 'editorGutter.background': '#00000000' };
// Monaco's own green of comments stands at 4.1 : 1 on our dark cloth.
const readable = { token: 'comment', foreground: '86b573' };
monaco.editor.defineTheme('heddle-light', { base: 'vs', inherit: true, rules: [], colors: cloth });
monaco.editor.defineTheme('heddle-dark', { base: 'vs-dark', inherit: true, rules: [readable], colors: cloth });

const themeNow = (): string => (document.documentElement.dataset['theme'] === 'dark' ? 'heddle-dark' : 'heddle-light');

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

/** Opens Monaco in a place of the page, with the types of what a code node may reach. */
export function openEditor(place: HTMLElement, { value, language, label, tell }: Opening): CodeEditor {
  const editor = monaco.editor.create(place, {
    value,
    language,
    theme: themeNow(),
    ariaLabel: label,
    automaticLayout: true,
    // Suggestions and hovers hang on the page: the panel that the editor stands in would cut them to a strip.
    fixedOverflowWidgets: true,
    overflowWidgetsDomNode: overflowRoom(),
    minimap: { enabled: false },
    fontFamily: 'JetBrains Mono Variable, monospace',
    fontSize: 12.5,
    lineHeight: 20,
    lineNumbersMinChars: 2,
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
    tabSize: 2,
    padding: { top: 8 },
    // Tab goes to the next field unless a person asks for the trap with Ctrl+M.
    tabFocusMode: false,
  });
  let isShowing = false;
  const heard = editor.onDidChangeModelContent(() => isShowing || tell(editor.getValue()));
  const watch = new MutationObserver(() => monaco.editor.setTheme(themeNow()));
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return {
    show: (text) => {
      if (text === editor.getValue()) return;
      isShowing = true;
      editor.setValue(text);
      isShowing = false;
    },
    close: () => {
      heard.dispose();
      watch.disconnect();
      editor.getModel()?.dispose();
      editor.dispose();
    },
  };
}
