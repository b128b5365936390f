/** What a node may do when it fails. */
export const onError = [
  { value: 'stop', title: 'Stop the run' },
  { value: 'port', title: 'Continue by the error output' },
  { value: 'ignore', title: 'Ignore the error' },
] as const;

/** What becomes of a step of which nobody knows whether it was done. */
export const inDoubt = [
  { value: 'ask', title: 'Wait for a decision' },
  { value: 'verify', title: 'Check with the service' },
  { value: 'retry', title: 'Run it again' },
  { value: 'assume-done', title: 'Treat it as done' },
  { value: 'fail', title: 'Treat it as failed' },
] as const;

/** The choices of a node's settings, by the setting. */
export const settingChoices: Readonly<Record<string, readonly { readonly value: string; readonly title: string }[]>> = {
  onError,
  inDoubt,
};
