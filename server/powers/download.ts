import { Fault } from '../../flow/facts/faults.ts';
import type { StoredBytes } from '../../nodes/kit/powers.ts';
import type { Spooled } from '../journal/spool.ts';
import { doneByStatus } from '../wire/http-fault.ts';
import type { Redactor } from './redaction/redactor.ts';

/** Where answers that become files go. */
export interface Downloads {
  /** Writes down what comes, on this machine's disk. */
  spool(chunks: AsyncIterable<Uint8Array>): Promise<Spooled>;
  /** Keeps it for a run of a workspace, and says under which name. */
  keep(spooled: Spooled): Promise<string>;
}

/**
 * One answer on its way to a file. It is on the disk when the request is over, so that neither a slow store nor the search for secrets takes of the time
 * that the far side has; then it is stored, without secrets. Dispose of it in any case.
 */
export class Download implements AsyncDisposable {
  private readonly downloads: Downloads;
  private came: Spooled | undefined;

  constructor(downloads: Downloads) {
    this.downloads = downloads;
  }

  /** Takes the bytes of the answer. */
  readonly into = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    this.came = await this.downloads.spool(body);
  };

  /** The answer as it is stored; undefined when no file was made of it. What goes wrong here is said of an answer with that status. */
  async stored(redact: Redactor | undefined, status: number): Promise<StoredBytes | undefined> {
    const { came } = this;
    if (!came) return undefined;
    try {
      if (!redact) return await this.keep(came);
      await using clean = await this.downloads.spool(redact.stream(came.bytes('none').read()));
      return await this.keep(clean);
    } catch (error) {
      throw answered(error, status);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.came?.[Symbol.asyncDispose]();
  }

  private async keep(spooled: Spooled): Promise<StoredBytes> {
    return { $file: await this.downloads.keep(spooled), size: spooled.size };
  }
}

/** The far side has answered, so that it is known what it did: nobody need be asked. */
function answered(error: unknown, status: number): unknown {
  if (!(error instanceof Fault) || error.done !== undefined) return error;
  const { code, message, mend } = error;
  return new Fault(code, message, {
    ...(mend === undefined ? {} : { mend }),
    done: doneByStatus(status),
    cause: error,
  });
}
