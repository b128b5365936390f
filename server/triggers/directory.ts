import type { Sql } from 'postgres';
import * as z from 'zod';
import type { Plan } from '../../flow/compile/plan.ts';
import type { Workflow } from '../../flow/document/workflow.ts';
import { overlap } from './describe.ts';
import { keptParams, keptVersions } from './kept-versions.ts';
import type { Params } from './kept-versions.ts';
import { isLimited } from './limits.ts';
import { overlapOf } from './overlap.ts';
import { OnceMore } from './once-more.ts';
import { Paths } from './paths.ts';
import { patternOf } from './patterns.ts';
import type { Pattern } from './patterns.ts';
import { Proofs, readProofs } from './proofs.ts';
import { Turns } from '../text/turns.ts';

/** A version as runs are started from it. */
export interface PublishedVersion {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly plan: Plan;
  readonly document: Workflow;
}

/** Reads a version that is published. */
export type ReadPublished = (
  workspace: string,
  workflow: string,
  version: number,
) => Promise<PublishedVersion | undefined>;

/** A published trigger in memory, without its params: of a thousand with 9 MB each no process has room. */
export interface Trigger {
  readonly workspace: string;
  readonly slug: string;
  readonly workflow: string;
  readonly key: string;
  readonly version: number;
  readonly kind: string;
  readonly pattern: Pattern | undefined;
  readonly methods: readonly string[];
  /** A schedule's. */
  readonly overlap: z.infer<typeof overlap> | undefined;
  /** Of its row, which is another one whenever that was written. */
  readonly mark: string;
}

/** A trigger that answers to an address, with the parts that its path names. */
export interface Hit {
  readonly trigger: Trigger;
  readonly named: Readonly<Record<string, string>>;
}

interface WorkspaceTriggers {
  readonly slug: string;
  readonly revision: number;
  /** By `nameOf`. */
  readonly all: ReadonlyMap<string, Trigger>;
  /** Workflows with a schedule whose runs may not overlap. */
  readonly overlaps: ReadonlySet<string>;
  readonly paths: Paths;
  /** Headers that no item shows. */
  readonly proofs: Proofs;
}

const Row = z.object({
  workspace: z.string(),
  slug: z.string(),
  revision: z.number(),
  workflow: z.string().nullable(),
  key: z.string().nullable(),
  version: z.number().nullable(),
  kind: z.string().nullable(),
  path: z.string().nullable(),
  methods: z.array(z.string()).nullable(),
  overlap: overlap.nullable(),
  mark: z.string().nullable(),
});

const nameOf = ({ workflow, key }: Pick<Trigger, 'workflow' | 'key'>) => `${workflow} ${key}`;

/** A change made by another process is seen within so long, even when its notice is lost. */
const lookMs = 1_000;
const versionsKept = 1_000;
const paramsKept = 10_000;

/**
 * Every published trigger, in the memory of each process: a webhook that is called asks the database nothing (SPEED, S1). Read again when a
 * publish says so, here at once, elsewhere by a notice or by looking at the count of changes each second.
 */
export class Directory {
  private readonly sql: Sql;
  private readonly readPublished: ReadPublished;
  private readonly onBroken: (error: unknown, doing: string) => void;
  private byWorkspace = new Map<string, WorkspaceTriggers>();
  private bySlug = new Map<string, WorkspaceTriggers>();
  private readonly limited = new Set<string>();
  private readonly versions = keptVersions<PublishedVersion>(versionsKept);
  /** Those that are being read. */
  private readonly coming = new Map<string, Promise<PublishedVersion | undefined>>();
  private readonly given = keptParams(paramsKept);
  private readonly readingGiven = new Map<Trigger, Promise<Params | undefined>>();
  private readonly reads = new OnceMore();
  private listening: { unlisten(): Promise<void> } | undefined;
  private looking: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;

  constructor(options: {
    /** The engine's: triggers of all workspaces. */
    sql: Sql;
    readPublished: ReadPublished;
    onBroken: (error: unknown, doing: string) => void;
  }) {
    this.sql = options.sql;
    this.readPublished = options.readPublished;
    this.onBroken = options.onBroken;
  }

  /** Reads everything and begins to follow changes. */
  async open(): Promise<void> {
    await this.read();
    const again = (workspace?: string) =>
      void this.read(workspace).catch((error: unknown) => this.onBroken(error, 'reading triggers'));
    this.listening = await this.sql.listen('heddle_triggers', again, () => again());
    this.looking = setInterval(() => {
      this.reading ??= this.look()
        .catch((error: unknown) => this.onBroken(error, 'looking for changed triggers'))
        .finally(() => (this.reading = undefined));
    }, lookMs);
    this.looking.unref();
  }

  async close(): Promise<void> {
    clearInterval(this.looking);
    await this.reading;
    await this.listening?.unlisten().catch(() => undefined);
  }

  /** Reads the triggers of one workspace, or of all, as they are now. */
  read(workspace?: string): Promise<void> {
    return this.reads.do(workspace ?? 'all', () => this.readNow(workspace));
  }

  private async readNow(workspace: string | undefined): Promise<void> {
    const found = await arranged(
      await this.sql`
        select w.id as workspace, w.slug, s.revision::float8 as revision, t.workflow, t.key, t.version, t.kind, t.path, t.methods,
          case when t.kind = 'schedule' then t.params->>'overlap' end as overlap, t.xmin::text as mark
        from trigger_sets s join workspaces w on w.id = s.workspace_id left join triggers t on t.workspace_id = s.workspace_id
        where ${workspace === undefined ? this.sql`true` : this.sql`s.workspace_id = ${workspace}`}`,
      this.byWorkspace,
    );
    // After the triggers: whatever is published in between, what proved callers before it is there.
    const proofs = Map.groupBy(await readProofs(this.sql, workspace), (row) => row.workspace);
    const next = workspace === undefined ? new Map<string, WorkspaceTriggers>() : new Map(this.byWorkspace);
    if (workspace !== undefined) next.delete(workspace);
    for (const [id, made] of found) {
      const known = this.byWorkspace.get(id);
      // Two readers may overtake each other: the later count of changes stands.
      const read = { ...made, proofs: new Proofs(proofs.get(id) ?? []) };
      next.set(id, known && known.revision > made.revision ? known : read);
    }
    this.byWorkspace = next;
    this.bySlug = new Map([...next.values()].map((one) => [one.slug, one]));
  }

  private async look(): Promise<void> {
    const rows = z
      .array(z.object({ workspace: z.string(), revision: z.number() }))
      .parse([...(await this.sql`select workspace_id as workspace, revision::float8 as revision from trigger_sets`)]);
    for (const { workspace, revision } of rows)
      if (this.byWorkspace.get(workspace)?.revision !== revision) await this.read(workspace);
  }

  /** The triggers of a kind that answer to a path of a workspace, whatever the method, the most exact first; `segments` are decoded. */
  find(kind: 'webhook' | 'form', slug: string, segments: readonly string[]): readonly Hit[] {
    return this.bySlug.get(slug)?.paths.find(kind, segments) ?? [];
  }

  /** Headers by which callers of an address prove who they are, or did lately, whatever webhook answers there now. */
  proofsAt(slug: string, segments: readonly string[]): readonly string[] {
    return this.bySlug.get(slug)?.proofs.at(segments) ?? [];
  }

  /** Whether runs of a workflow take turns: by its settings, once a version of it was looked at here, or by a schedule's. */
  hasTurns(workspace: string, workflow: string): boolean {
    return this.limited.has(workflow) || (this.byWorkspace.get(workspace)?.overlaps.has(workflow) ?? false);
  }

  /** The triggers of a workspace. */
  of(workspace: string): readonly Trigger[] {
    return [...(this.byWorkspace.get(workspace)?.all.values() ?? [])];
  }

  /** A trigger of a workspace, if it is published. */
  trigger(workspace: string, of: Pick<Trigger, 'workflow' | 'key'>): Trigger | undefined {
    return this.byWorkspace.get(workspace)?.all.get(nameOf(of));
  }

  /** What a trigger was published with, the same object for as long as it is kept; undefined when it has just gone. */
  async params(trigger: Trigger): Promise<Params | undefined> {
    const known = this.given.get(trigger);
    if (known) return known;
    const coming = this.readingGiven.get(trigger) ?? this.readParams(trigger);
    this.readingGiven.set(trigger, coming);
    try {
      const found = await coming;
      if (found) this.given.set(trigger, found);
      return found;
    } finally {
      this.readingGiven.delete(trigger);
    }
  }

  private async readParams({ workflow, key, version }: Trigger): Promise<Params | undefined> {
    const [row] = await this.sql`
      select params from triggers where workflow = ${workflow} and key = ${key} and version = ${version}`;
    return row && z.object({ params: z.record(z.string(), z.unknown()) }).parse(row).params;
  }

  /** The version that a trigger starts; undefined when it has just gone. */
  async version({
    workspace,
    workflow,
    version,
  }: Pick<Trigger, 'workspace' | 'workflow' | 'version'>): Promise<PublishedVersion | undefined> {
    const name = `${workflow}@${version}`;
    const known = this.versions.get(name);
    if (known) return known;
    const coming = this.coming.get(name) ?? this.readPublished(workspace, workflow, version);
    this.coming.set(name, coming);
    try {
      const found = await coming;
      if (!found) return undefined;
      if (isLimited(found.document)) this.limited.add(workflow);
      this.versions.set(name, found);
      return found;
    } finally {
      this.coming.delete(name);
    }
  }
}

/** By workspace, in turns: ten thousand took a fifth of a second, at each publish. One whose row is the same stays the same. */
async function arranged(
  rows: Iterable<unknown>,
  before: ReadonlyMap<string, WorkspaceTriggers>,
): Promise<ReadonlyMap<string, Arranging>> {
  const found = new Map<string, Arranging>();
  const turns = new Turns();
  for (const row of rows) {
    const { workspace, slug, revision, ...read } = Row.parse(row);
    const own = found.get(workspace) ?? { slug, revision, all: new Map(), overlaps: new Set(), paths: new Paths() };
    found.set(workspace, own);
    const { workflow, key, version, kind, mark, path, methods } = read;
    if (workflow !== null && key !== null && version !== null && kind !== null && mark !== null) {
      const pattern = path === null ? undefined : patternOf(path);
      const rest = { kind, pattern, methods: methods ?? [], overlap: read.overlap ?? undefined, mark };
      const known = before.get(workspace)?.all.get(nameOf({ workflow, key }));
      const isSame = known?.mark === mark && known.slug === slug;
      put(own, isSame ? known : { workspace, slug, workflow, key, version, ...rest });
    }
    await turns.taken();
  }
  return found;
}

interface Arranging extends Omit<WorkspaceTriggers, 'proofs'> {
  readonly all: Map<string, Trigger>;
  readonly overlaps: Set<string>;
}

function put({ all, overlaps, paths }: Arranging, trigger: Trigger): void {
  all.set(nameOf(trigger), trigger);
  paths.add(trigger);
  if (overlapOf(trigger)) overlaps.add(trigger.workflow);
}
