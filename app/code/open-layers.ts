// What Monaco opens over its text, in the editor or at the end of the page.
const layers = [
  '.suggest-widget.visible',
  '.find-widget.visible',
  '.parameter-hints-widget.visible',
  '.monaco-hover:not(.hidden)',
  '.rename-box',
  '.quick-input-widget',
  '.context-view',
].map((one) => `.monaco-editor ${one}, .code-overflow ${one}`);

/** Whether something lies open over the text of a code editor: Escape is meant for that, not for the text. */
export const hasOpenLayer = (): boolean =>
  [...document.querySelectorAll(layers.join(', '))].some((layer) =>
    layer.checkVisibility({ visibilityProperty: true }),
  );
