import { quote } from '../quote.ts';
import type { Workflow } from '../workflow.ts';
import type { Edit, EditOf } from './edit.ts';
import { inserted, refuse, taken, withField, withSection } from './outcome.ts';
import type { Outcome } from './outcome.ts';

/** What lies on the canvas beside the graph and is known by an id. */
type Marks = 'notes' | 'groups';
type Mark<Name extends Marks> = NonNullable<Workflow[Name]>[number];

export const addNote = (document: Workflow, { note, index }: EditOf<'add-note'>): Outcome =>
  add(document, 'notes', note, index, { do: 'remove-note', id: note.id });

export const setNote = (document: Workflow, { note }: EditOf<'set-note'>): Outcome =>
  set(document, 'notes', note, (old) => ({ do: 'set-note', note: old }));

export const removeNote = (document: Workflow, { id }: EditOf<'remove-note'>): Outcome =>
  remove(document, 'notes', id, (note, index) => ({ do: 'add-note', note, index }));

export const addGroup = (document: Workflow, { group, index }: EditOf<'add-group'>): Outcome =>
  add(document, 'groups', group, index, { do: 'remove-group', id: group.id });

export const setGroup = (document: Workflow, { group }: EditOf<'set-group'>): Outcome =>
  set(document, 'groups', group, (old) => ({ do: 'set-group', group: old }));

export const removeGroup = (document: Workflow, { id }: EditOf<'remove-group'>): Outcome =>
  remove(document, 'groups', id, (group, index) => ({ do: 'add-group', group, index }));

export const setName = (document: Workflow, { name }: EditOf<'set-name'>): Outcome => ({
  document: { ...document, name },
  undo: { do: 'set-name', name: document.name },
});

export const setAbout = (document: Workflow, { about }: EditOf<'set-about'>): Outcome => ({
  document: withField(document, 'about', about),
  undo: { do: 'set-about', ...(document.about ? { about: document.about } : {}) },
});

export const setTests = (document: Workflow, { tests }: EditOf<'set-tests'>): Outcome => ({
  document: withSection(document, 'tests', tests ?? []),
  undo: { do: 'set-tests', ...(document.tests ? { tests: document.tests } : {}) },
});

export const setWorkflowSettings = (document: Workflow, { settings }: EditOf<'set-workflow-settings'>): Outcome => ({
  document: withField(document, 'settings', settings),
  undo: { do: 'set-workflow-settings', ...(document.settings ? { settings: document.settings } : {}) },
});

const marksOf = <Name extends Marks>(document: Workflow, name: Name): Mark<Name>[] =>
  // The schema says that each section is a list of its marks; the lookup by a generic name forgets it.
  (document[name] ?? []) as Mark<Name>[];

const withMarks = <Name extends Marks>(document: Workflow, name: Name, marks: Mark<Name>[]): Workflow =>
  withSection(document, name, marks as NonNullable<Workflow[Name]>);

function add<Name extends Marks>(
  document: Workflow,
  name: Name,
  mark: Mark<Name>,
  index: number | undefined,
  undo: Edit,
): Outcome {
  const marks = marksOf(document, name);
  if (marks.some(({ id }) => id === mark.id)) return taken(name === 'notes' ? 'note' : 'group', mark.id);
  return { document: withMarks(document, name, inserted(marks, mark, index)), undo };
}

function set<Name extends Marks>(
  document: Workflow,
  name: Name,
  mark: Mark<Name>,
  undo: (old: Mark<Name>) => Edit,
): Outcome {
  const marks = marksOf(document, name);
  const place = marks.findIndex(({ id }) => id === mark.id);
  const old = marks[place];
  if (old === undefined) return noMark(name, mark.id);
  return { document: withMarks(document, name, marks.with(place, mark)), undo: undo(old) };
}

function remove<Name extends Marks>(
  document: Workflow,
  name: Name,
  id: string,
  undo: (old: Mark<Name>, index: number) => Edit,
): Outcome {
  const marks = marksOf(document, name);
  const place = marks.findIndex((mark) => mark.id === id);
  const old = marks[place];
  if (old === undefined) return noMark(name, id);
  return { document: withMarks(document, name, marks.toSpliced(place, 1)), undo: undo(old, place) };
}

const noMark = (name: Marks, id: string): Outcome =>
  refuse(
    {},
    `There is no ${name === 'notes' ? 'note' : 'group'} ${quote(id)}.`,
    'Somebody may have removed it: reload, and try again.',
  );
