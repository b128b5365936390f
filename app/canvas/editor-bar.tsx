import { Suspense, useRef, useState } from 'react';
import { ChevronLeft, Play, Redo2, Search, Square, Undo2 } from 'lucide-react';
import { nameOf } from '../../flow/document/name.ts';
import { Link } from 'wouter';
import { isFor, mayRun, press } from '../commands/command.ts';
import { commandById } from './commands/editor-commands.ts';
import { isGoing } from './commands/graph-commands.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/class-names.ts';
import { openPalette } from '../commands/palette-open.ts';
import { Keys } from '../ui/kbd.tsx';
import { useAway } from '../host/reach.ts';
import { part } from '../ui/part.tsx';
import { Logo } from '../ui/logo.tsx';
import { BarMenu } from './bar-menu.tsx';
import { CommandButton } from './command-button.tsx';
import { useDesk, useEditor } from './desk-context.tsx';
import type { Draft } from './draft.ts';
import { edit } from './editing.ts';
import { liveWords } from './live-words.ts';
import { mayEdit } from './may-edit.ts';
import { ViewOnlyChip } from './view-only-chip.tsx';
import { viewOnlyWords } from './view-only-words.ts';
import { cutWords } from '../ui/cut-input.ts';
import { TextInput } from '../ui/text-input.tsx';
import './editor-bar.css';

const ViewOnly = part(() => import('./view-only.tsx'), { takesKeys: false });

/** The editor's top: the name, how the draft stands, and the ways to undo, run and publish. Where it is narrow the rest is in its menu. */
export function EditorBar() {
  const desk = useDesk();
  const may = useEditor(mayEdit);
  return (
    <header className="topbar editor-bar">
      <Link href="/" aria-label="Home" className="row">
        <Logo />
        <ChevronLeft className="i i-12 t3 bar-tablet" aria-hidden />
      </Link>
      {may ? <Name /> : <NameRead />}
      <Standing />
      <span className="grow" />
      <span className="row bar-tablet">
        <CommandButton id="edit.undo">
          <Undo2 className="i" aria-hidden />
        </CommandButton>
        <CommandButton id="edit.redo">
          <Redo2 className="i" aria-hidden />
        </CommandButton>
      </span>
      <Button tone="quiet" className="bar-desk" onClick={openPalette}>
        <Search className="i i-14" aria-hidden />
        <span className="wide">Commands</span>
        <Keys keys="Mod+K" />
      </Button>
      <BarMenu />
      <RunOrStop />
      {may && (
        <Button tone="primary" onClick={() => void commandById('workflow.publish').run(desk)}>
          Publish
        </Button>
      )}
    </header>
  );
}

/** One button, so that who pressed Run has the focus on Stop: a run that goes is stopped before another begins. */
function RunOrStop() {
  const desk = useDesk();
  const isRunning = useEditor(() => isGoing(desk));
  const isStarting = useEditor((state) => state.isStarting);
  const command = commandById(isRunning ? 'run.cancel' : 'run.start');
  const isOffered = useEditor(({ role }) => isFor(role, command));
  const may = useEditor(mayEdit);
  const canRun = useEditor(() => mayRun(command, desk));
  const live = useEditor(({ published }) => published?.version);
  // An editor is told what is missing; an operator can do nothing about a workflow that is not live.
  if (!isOffered || (!may && !canRun && !isStarting)) return null;
  const Picture = isRunning ? Square : Play;
  return (
    <>
      <span className="sep bar-tablet" />
      <Button busy={isStarting} onClick={(event) => press(command, desk, event)}>
        <Picture className="i i-14" aria-hidden />
        {isRunning ? 'Stop' : <span>Run{!may && <span className="bar-tablet"> version {live}</span>}</span>}
      </Button>
    </>
  );
}

/** The name for somebody who may not change it. */
function NameRead() {
  const name = useEditor(({ history }) => history.document.name);
  return <h1 className="name-read strong cut">{name}</h1>;
}

/** Characters of the name of a workflow. */
const longestName = 200;

function Name() {
  const desk = useDesk();
  const { store } = desk;
  const before = useRef('');
  const name = useEditor(({ history }) => history.document.name);
  // What is typed stays as it is typed, spaces too; a blank name is none, and the workflow keeps the one it has.
  const [typed, setTyped] = useState<string>();
  const [isCut, setCut] = useState(false);
  const isBlank = typed !== undefined && nameOf(typed) === undefined;
  const says = isBlank ? 'Enter a name.' : isCut ? cutWords(longestName) : undefined;
  return (
    <span className="name-part">
      <h1 className="sr">{name}</h1>
      <TextInput
        className="name-field strong"
        aria-label="Name of the workflow"
        aria-invalid={isBlank}
        aria-describedby={says ? 'name-says' : undefined}
        value={typed !== undefined && (isBlank || nameOf(typed) === name) ? typed : name}
        // Only where it is seen: another one at each letter would have Chromium undo by letters.
        placeholder={isBlank ? name : undefined}
        maxLength={longestName}
        sayCut={setCut}
        onFocus={() => (before.current = name)}
        onBlur={() => {
          setTyped(undefined);
          setCut(false);
        }}
        onKeyDown={(event) => {
          const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
          if (!isPlain || event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
          event.preventDefault();
          event.stopPropagation();
          // As in a card's title: Enter is done, Escape takes back what was typed since.
          if (event.key === 'Escape' && name !== before.current)
            edit(store, { do: 'set-name', name: before.current }, 'Rename the workflow', 'name');
          setTyped(undefined);
          desk.focus('graph');
        }}
        onChange={({ target }) => {
          setTyped(target.value);
          const wanted = nameOf(target.value);
          if (wanted !== undefined && wanted !== name)
            edit(store, { do: 'set-name', name: wanted }, 'Rename the workflow', 'name');
        }}
      />
      {says && (
        <span id="name-says" className="field-error name-says" role="alert">
          {says}
        </span>
      )}
    </span>
  );
}

function Standing() {
  const { store } = useDesk();
  const live = useEditor(liveWords);
  const isLive = useEditor(({ published }) => published !== undefined);
  const changes = useEditor((state) => state.changes?.length ?? 0);
  const isAway = useAway();
  const words = useEditor(({ draft, isKeptLocally }) => savedWords(draft, isKeptLocally));
  // Whatever is asked of it, it does nothing: to run, to publish.
  const saved = isAway && words === 'Saved' ? 'The server does not answer' : words;
  const role = useEditor((state) => (mayEdit(state) ? undefined : state.role));
  return (
    <>
      {/* On a phone a word of it; what was changed since says by itself that it is live. */}
      <span className={classes('chip line', isLive && changes > 0 && 'bar-tablet')} title={live}>
        <span className="dot" data-live={isLive} />
        <span className="bar-tablet">{live}</span>
        <span className="bar-phone">{isLive ? 'Live' : live}</span>
      </span>
      {isLive && changes > 0 && (
        <button type="button" className="chip bar-changes" onClick={() => store.setState({ open: 'changes' })}>
          {changes === 1 ? '1 change' : `${changes} changes`}
        </button>
      )}
      {role ? (
        <Suspense fallback={<ViewOnlyChip text={viewOnlyWords(role, [])} />}>
          <ViewOnly role={role} />
        </Suspense>
      ) : (
        <span className="t3 small bar-saved cut" data-saved={saved === 'Saved'} role="status" title={saved}>
          {saved}
        </span>
      )}
    </>
  );
}

/** How the draft stands, in a few words. */
export function savedWords({ pending, inFlight, trouble }: Draft, isKeptLocally = true): string {
  if (trouble?.kind === 'clash') return 'Changed elsewhere';
  if (trouble?.kind === 'refused') return 'Not saved';
  if (trouble?.kind === 'away') return isKeptLocally ? 'Offline, kept in this browser' : 'Offline, not saved';
  if (inFlight > 0) return 'Saving';
  return pending.length > 0 ? 'Not saved yet' : 'Saved';
}
