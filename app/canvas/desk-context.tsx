import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { Desk } from './desk.ts';
import type { EditorState } from './editor-state.ts';

/** The desk of the editor around. */
export const DeskContext = createContext<Desk | undefined>(undefined);

/** The desk; only inside an editor. */
export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (!desk) throw new Error('This part belongs into an editor.');
  return desk;
}

/** A part of the editor's state; draws again when that part changes. */
export const useEditor = <Part,>(part: (state: EditorState) => Part): Part => useStore(useDesk().store, part);
