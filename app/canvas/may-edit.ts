import { mayAct } from '../../flow/contract/account.ts';
import { refuse } from '../../flow/document/edits/outcome.ts';
import type { EditorState } from './editor-state.ts';

type Who = Pick<EditorState, 'role'>;

/** Whether whoever looks may change the workflow; while their role is not known, they may. */
export const mayEdit = ({ role }: Who): boolean => role === undefined || mayAct(role, 'editor');

/** Why nothing changes here for somebody below editor. */
export const viewOnly = refuse(
  {},
  'You can view this workflow, not change it.',
  'Ask an owner of the workspace to make you an editor.',
);
