import { useEffect, useState } from 'react';
import { keyFrom } from '../../flow/document/keys.ts';
import { nodeKey } from '../../flow/document/workflow.ts';
import type { Node } from '../../flow/document/workflow.ts';
import { TextField } from '../ui/field.tsx';
import { useDesk } from './desk-context.tsx';
import { edit } from './editing.ts';

const help = 'References in expressions and code follow when you change it.';

/** The name by which expressions and code know a node. What is typed stays until it is a key, with what keeps it from being one. */
export function KeyField({ node }: { node: Node }) {
  const { store } = useDesk();
  const [text, setText] = useState(node.key);
  const [refused, setRefused] = useState<string>();
  useEffect(() => {
    setText(node.key);
    setRefused(undefined);
  }, [node.key]);
  const take = () => {
    const to = text.trim();
    if (to === node.key) {
      setText(to);
      return setRefused(undefined);
    }
    const why =
      unfit(to) ?? edit(store, { do: 'rename-key', key: node.key, to }, 'Change the name in expressions')?.message;
    setRefused(why);
    if (!why) store.setState(({ selection }) => ({ selection: { ...selection, nodes: new Set([to]) } }));
  };
  return (
    <TextField
      label="Name in expressions"
      help={help}
      error={refused}
      value={text}
      onChange={({ target }) => {
        setText(target.value);
        // What was wrong is said again while it is, and no longer than that.
        if (refused !== undefined)
          setRefused(target.value.trim() === node.key ? undefined : unfit(target.value.trim()));
      }}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take();
        if (event.key !== 'Escape' || text === node.key) return;
        event.stopPropagation();
        setText(node.key);
        setRefused(undefined);
      }}
    />
  );
}

/** Why a text cannot be a key, and what to write; undefined when it can. */
function unfit(text: string): string | undefined {
  if (nodeKey.safeParse(text).success) return undefined;
  if (text === '') return 'Enter a name, such as orders.';
  const why = / /.test(text) ? 'A space cannot be in it.' : 'Use a-z, 0-9 and _ only, and begin with a letter.';
  return `${why} Write ${keyFrom(text)}.`;
}
