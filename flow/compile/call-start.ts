/** The start that calls of other workflows begin at: the one “When called”, else the only one. Undefined where there is none such: it cannot be called. */
export function callStart(starts: readonly { readonly key: string; readonly type: string }[]): string | undefined {
  const called = starts.find(({ type }) => type === 'start.called');
  return (called ?? (starts.length === 1 ? starts[0] : undefined))?.key;
}
