import { ChevronLeft, Play, Redo2, Search, Undo2 } from 'lucide-react';
import { Link } from 'wouter';
import { commandById } from '../commands/editor-commands.ts';
import { Button } from '../ui/button.tsx';
import { openPalette } from '../shell/palette-host.tsx';
import { Keys } from '../ui/kbd.tsx';
import { Logo } from '../ui/logo.tsx';
import { CommandButton } from './command-button.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Draft } from './draft.ts';
import { edit } from './editing.ts';

/** The editor's top: the name, how the draft stands, and the ways to undo, run and publish. */
export function EditorBar() {
  const desk = useDesk();
  const run = (id: string) => void commandById(id).run(desk);
  return (
    <header className="topbar">
      <Link href="/" aria-label="Home" className="row" style={{ textDecoration: 'none' }}>
        <Logo />
      </Link>
      <ChevronLeft className="i i-12 t3" aria-hidden />
      <Name />
      <Standing />
      <span className="grow" />
      <CommandButton id="edit.undo">
        <Undo2 className="i" aria-hidden />
      </CommandButton>
      <CommandButton id="edit.redo">
        <Redo2 className="i" aria-hidden />
      </CommandButton>
      <Button tone="quiet" className="commands-button" onClick={openPalette}>
        <Search className="i i-14" aria-hidden />
        <span className="wide">Commands</span>
        <Keys keys="Mod+K" />
      </Button>
      <span className="sep" />
      <Button onClick={() => run('run.start')}>
        <Play className="i i-14" aria-hidden />
        Run
      </Button>
      <Button tone="primary" onClick={() => run('workflow.publish')}>
        Publish
      </Button>
    </header>
  );
}

function Name() {
  const { store } = useDesk();
  const name = useEditor(({ history }) => history.document.name);
  return (
    <>
      <h1 className="sr">{name}</h1>
      <input
        className="name-field strong"
        aria-label="Name of the workflow"
        value={name}
        maxLength={200}
        onChange={({ target }) =>
          target.value !== '' && edit(store, { do: 'set-name', name: target.value }, 'Rename the workflow', 'name')
        }
      />
    </>
  );
}

function Standing() {
  const draft = useEditor((state) => state.draft);
  const published = useEditor((state) => state.published);
  return (
    <>
      {published ? (
        <span className="chip line">
          <span className="dot" style={{ background: 'var(--ok)' }} />
          Version {published.version} live
        </span>
      ) : (
        <span className="chip">Draft</span>
      )}
      <span className="t3 small wide" role="status">
        {savedWords(draft)}
      </span>
    </>
  );
}

/** How the draft stands, in a few words. */
export function savedWords({ pending, inFlight, trouble }: Draft): string {
  if (trouble?.kind === 'clash') return 'Changed by somebody else';
  if (trouble?.kind === 'refused') return 'Not saved';
  if (trouble?.kind === 'away') return 'Kept in this browser';
  if (inFlight > 0) return 'Saving';
  return pending.length > 0 ? 'Not saved yet' : 'Saved';
}
