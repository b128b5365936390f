import { clone, clone3, refusedCalls } from './system-calls.ts';

/** Processors that there is a filter for; elsewhere a child goes without, which is said. */
const processors = {
  x64: { column: 0, architecture: 0xc000003e },
  arm64: { column: 1, architecture: 0xc00000b7 },
} as const;

// Classic BPF, as seccomp(2) takes it: 8 bytes an instruction over `struct seccomp_data` {nr, arch, instruction pointer, six arguments}.
const load = 0x20;
const ifEqual = 0x15;
const ifAtLeast = 0x35;
const ifAnyBit = 0x45;
const answer = 0x06;
const [numberAt, architectureAt, firstArgumentAt] = [0, 4, 16];

const allow = 0x7fff0000;
const killProcess = 0x80000000;
const errno = (number: number): number => 0x00050000 | number;
const notPermitted = errno(1);
const noSuchCall = errno(38);

/** Numbers of the x32 calls begin here: the same calls under other numbers. */
const x32 = 0x40000000;
const asThread = 0x10000;
/** CLONE_NEW*: time, mount, cgroup, uts, ipc, user, pid, net. */
const newNamespaces = 0x7e020080;

type Instruction = readonly [code: number, operand: number, yes?: number, no?: number];

/**
 * The program that a child's system calls go through, for `bwrap --seccomp`; undefined for other processors. Refused is what `refusedCalls` names,
 * and whatever would make a process or a namespace. What is none of that goes on: Node needs much, and another each year.
 */
export function seccompProgram(processor: string): Buffer | undefined {
  if (processor !== 'x64' && processor !== 'arm64') return undefined;
  const { column, architecture } = processors[processor];
  const refuse = (number: number | undefined, how: number): Instruction[] =>
    number === undefined
      ? []
      : [
          [ifEqual, number, 0, 1],
          [answer, how],
        ];
  return assembled([
    [load, architectureAt],
    [ifEqual, architecture, 1, 0],
    [answer, killProcess],
    [load, numberAt],
    ...(processor === 'x64'
      ? ([
          [ifAtLeast, x32, 0, 1],
          [answer, noSuchCall],
        ] as const)
      : []),
    ...Object.values(refusedCalls).flatMap((numbers) => refuse(numbers[column], notPermitted)),
    // Its flags lie in memory, where no filter can look: glibc and musl then use the older call.
    ...refuse(clone3[column], noSuchCall),
    [ifEqual, clone[column] ?? 0, 1, 0],
    [answer, allow],
    [load, firstArgumentAt],
    [ifAnyBit, newNamespaces, 1, 0],
    [ifAnyBit, asThread, 1, 0],
    [answer, notPermitted],
    [answer, allow],
  ]);
}

function assembled(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [at, [code, operand, yes = 0, no = 0]] of program.entries()) {
    bytes.writeUInt16LE(code, at * 8);
    bytes.writeUInt8(yes, at * 8 + 2);
    bytes.writeUInt8(no, at * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, at * 8 + 4);
  }
  return bytes;
}
