import * as z from 'zod';

/** A file as items carry it: a handle of the server, with what its sender said of it; `size` in bytes. */
export const fileHandle = z.object({ $file: z.string(), name: z.string(), type: z.string(), size: z.number() });
export type FileHandle = z.output<typeof fileHandle>;
