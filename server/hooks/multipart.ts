import { Dicer } from '@fastify/busboy';
import { Refusal } from '../http/refusal.ts';

/** One part of a form. Names are bytes yet, written as latin-1: in which encoding they are is the reader's to say. */
export interface Part {
  readonly name: string;
  readonly isFile: boolean;
  readonly fileName: string;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** The parts of a `multipart/form-data` body, in order (RFC 7578). 400 `form-invalid` for what is none or breaks off. */
export async function partsOf(bytes: Buffer, contentType: string): Promise<Part[]> {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (mark === undefined) throw invalid();
  const parts: Part[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const dicer = new Dicer({ boundary: mark, maxHeaderPairs: 100 });
      dicer.on('part', (stream) => {
        let headers: Readonly<Record<string, string[]>> = {};
        const chunks: Buffer[] = [];
        stream.on('header', (header) => (headers = header as Record<string, string[]>));
        stream.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
        stream.on('error', reject);
        stream.on('end', () => {
          const part = partOf(headers, Buffer.concat(chunks));
          if (part) parts.push(part);
        });
      });
      dicer.on('error', reject);
      dicer.on('finish', resolve);
      dicer.end(bytes);
    });
  } catch {
    throw invalid();
  }
  return parts;
}

const invalid = () => new Refusal(400, 'form-invalid', 'The form cannot be read.');

function partOf(headers: Readonly<Record<string, string[]>>, bytes: Buffer): Part | undefined {
  const disposition = headers['content-disposition']?.[0] ?? '';
  const name = parameter(disposition, 'name');
  if (!/^form-data\b/i.test(disposition) || name === undefined) return undefined;
  const wide = /;\s*filename\*\s*=\s*utf-8'[^']*'([^\s;]+)/i.exec(disposition)?.[1];
  const called = wide === undefined ? parameter(disposition, 'filename') : unescaped(wide);
  const type = headers['content-type']?.[0];
  const isFile = called !== undefined || /^application\/octet-stream\b/i.test(type ?? '');
  return { name, isFile, fileName: called ?? '', type, bytes };
}

/** A parameter's value with what browsers escape in it: %22, %0D and %0A (WHATWG HTML 4.10.21.8), and \" of older senders. */
function parameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i').exec(disposition);
  const value = found?.[1] ?? found?.[2];
  return value?.replaceAll(/\\(["\\])/g, '$1').replaceAll(/%(22|0d|0a)/gi, (_, byte: string) => unescaped(`%${byte}`));
}

const unescaped = (text: string): string =>
  text.replaceAll(/%([\da-f]{2})/gi, (_, byte: string) => String.fromCharCode(Number.parseInt(byte, 16)));
