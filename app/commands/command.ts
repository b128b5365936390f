import { mayAct } from '../../flow/contract/account.ts';
import type { Role } from '../../flow/contract/account.ts';

/**
 * From where keys reach a command: `controls` also from buttons, switches and lists of a form, `everywhere` also while somebody types. Inside
 * dialogs and open menus no key reaches any.
 */
export type Reach = 'controls' | 'everywhere';

/**
 * One thing a person can do. Menu, keyboard, palette, context menu and tests all run the same object, so it is described once: what it is
 * called, when it may be done and how it counts for undo.
 */
export interface Command<Context = void> {
  /** `noun.verb`, unique: `node.duplicate`. */
  readonly id: string;
  /** As it stands in menus: a verb with its object. */
  readonly title: string;
  /** The heading it stands under in the palette. */
  readonly group?: string;
  /** Other words that people look for it by. */
  readonly words?: string;
  /**
   * Keys that run it: modifiers in the order `Mod+Alt+Shift+`, then the key as `KeyboardEvent.key` names it (letters in upper case). `Mod` is
   * Ctrl, or Command on a Mac. Two strokes one after the other have a space between them: `G H`.
   */
  readonly keys?: readonly string[];
  /** Its keys are the browser's own for this: it is run by that event, which brings the clipboard with it. */
  readonly clipboard?: 'copy' | 'cut' | 'paste';
  /** From where its keys reach it; left out, only where nothing else has a use for keys. */
  readonly reach?: Reach;
  /** A key that is held runs it again and again. */
  readonly repeats?: true;
  /** It does something outside, so that both presses of a double click are one. */
  readonly isSent?: true;
  /** The role that it needs; without it, whoever may look may do it. To others it is not offered at all. */
  readonly needs?: Role;
  /** Whether it may be done now; without it, always. */
  readonly when?: (context: Context) => boolean;
  readonly run: (context: Context) => void | Promise<void>;
  /** How undo counts it: the class that it belongs to. Without it, it changes nothing that undo could bring back. */
  readonly undo?: string;
}

/** The command with its context filled in when it is run, for hosts that know nothing of it. */
export function bind<Context>(command: Command<Context>, context: () => Context): Command {
  const { when, run, ...rest } = command;
  return { ...rest, ...(when ? { when: () => when(context()) } : {}), run: () => run(context()) };
}

/** Runs a command by a press on its button; of a double click on one that is sent the second press means nothing. */
export function press<Context>(command: Command<Context>, context: Context, { detail }: { detail: number }): void {
  if (!command.isSent || detail <= 1) void command.run(context);
}

/** Whether a command may be done in this context. */
export const mayRun = <Context>(command: Command<Context>, context: Context): boolean =>
  command.when?.(context) ?? true;

/** Whether a command is for somebody of a role; while that is not known, it is. */
export const isFor = (role: Role | undefined, { needs }: Pick<Command, 'needs'>): boolean =>
  role === undefined || needs === undefined || mayAct(role, needs);
