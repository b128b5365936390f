import type { Node } from '../../flow/document/workflow.ts';
import { besideOf, useKept } from '../forms/kept.ts';
import { TextField } from '../ui/field.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import { keyAt, keyProblem, stillWrong, takeKey } from './key-taking.ts';
import { keyTitle } from './setting-choices.ts';
import type { TypedKey } from './key-taking.ts';

const help = (key: string) => `Expressions and code read this node by it: $('${key}'). They follow when you change it.`;

/** The name by which expressions and code know a node. What is typed stays until it is a key, with what keeps it from being one. */
export function KeyField({ node }: { node: Node }) {
  const { store } = useDesk();
  const { key } = node;
  const [kept, keep] = useKept<TypedKey>(keyAt, 'key', key);
  const document = useEditor(({ history }) => history.document);
  const text = kept?.text ?? key;
  const problem = kept?.refused && stillWrong(document, key, kept);
  const hold = (typed: string, refused: TypedKey['refused']) =>
    keep(
      { text: typed, refused },
      {
        beside: besideOf(key),
        problems: refused ? [{ ...refused, message: `${keyTitle}: ${refused.message}` }] : [],
      },
    );
  const take = () => {
    if (text.trim() === key) return kept && keep(undefined);
    const refused = takeKey(store, key, text);
    if (refused) hold(text, refused);
    else keep(undefined);
  };
  return (
    <TextField
      label={keyTitle}
      help={help(key)}
      error={problem && `${problem.message} ${problem.mend}`}
      value={text}
      onChange={({ target }) =>
        // What was wrong is said again while it is, and no longer than that.
        hold(target.value, problem && keyProblem(document, key, target.value))
      }
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key !== 'Escape' || text === key) return;
        event.stopPropagation();
        keep(undefined);
      }}
    />
  );
}
