import type { EditorState } from './editor-state.ts';

/** Whether something is live, in a few words. */
export const liveWords = ({ published, latest }: Pick<EditorState, 'published' | 'latest'>): string =>
  published ? `Version ${published.version} live` : latest === undefined ? 'Draft' : 'Off';
