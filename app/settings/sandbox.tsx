import { useQuery } from '@tanstack/react-query';
import type { SandboxWalls } from '../../flow/contract/installation.ts';
import { installationQuery } from '../api/installation.ts';
import { ErrorState, SkeletonRows } from '../ui/rest-states.tsx';
import { Part } from './part.tsx';
import './workspace-part.css';

const users: Readonly<Record<SandboxWalls['users'], string>> = {
  each: 'Each process is a user of its own, who owns nothing',
  nobody: 'All processes are the user nobody',
  same: 'All processes are the user that Heddle runs as',
};

/** What would be better on this machine, a sentence each. */
function advice({ seccomp, users: as, why }: SandboxWalls): string[] {
  return [
    ...(seccomp
      ? []
      : [
          `There is no filter of system calls: ${why ?? 'this machine has none'}. On Linux, install bubblewrap, and let Heddle use it.`,
        ]),
    ...(as === 'each' ? [] : ['Started as root, Heddle gives each process that runs code a user of its own.']),
  ];
}

/** What protects Heddle from code that people write, and what would be better. */
export function Sandbox() {
  const { data, error, refetch } = useQuery(installationQuery);
  return (
    <Part
      title="Sandbox"
      says="JavaScript of workflows runs in isolates without a JIT, in processes of one workspace each. This is what the server’s machine adds to that."
    >
      {error && <ErrorState what="The sandbox did not load." error={error} retry={() => void refetch()} />}
      {!data && !error && <SkeletonRows rows={3} height={32} />}
      {data && (
        <>
          <dl className="facts box">
            <dt>New rights</dt>
            <dd>{data.sandbox.noNewPrivs ? 'Cannot be gained' : 'Not guarded by the system'}</dd>
            <dt>System calls</dt>
            <dd>
              {data.sandbox.seccomp
                ? 'Filtered: no network, processes or namespaces; all files are read-only'
                : 'Not filtered'}
            </dd>
            <dt>User</dt>
            <dd>{users[data.sandbox.users]}</dd>
          </dl>
          {advice(data.sandbox).map((sentence) => (
            <p key={sentence} className="small t2">
              {sentence}
            </p>
          ))}
        </>
      )}
    </Part>
  );
}
