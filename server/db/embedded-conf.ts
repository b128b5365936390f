import { totalmem } from 'node:os';

const megabyte = 1024 * 1024;

/**
 * The settings of the embedded Postgres, rewritten at each start. Every commit reaches the disk (fsync, synchronous_commit and
 * full_page_writes stay on) unless `durable` is false, which is for tests alone.
 */
export function postgresConf(port: number, durable: boolean): string {
  const buffers = Math.round(Math.min(512, Math.max(128, totalmem() / megabyte / 16)));
  const settings: Record<string, string | number> = {
    port,
    listen_addresses: "'127.0.0.1'",
    unix_socket_directories: "''",
    password_encryption: "'scram-sha-256'",
    max_connections: 100,
    shared_buffers: `${buffers}MB`,
    // Fewer, wider checkpoints: after each one every page goes whole into the log once more.
    max_wal_size: '2GB',
    min_wal_size: '128MB',
    checkpoint_timeout: '15min',
    wal_buffers: '16MB',
    // Short statements by index: compiling them costs more than running them.
    jit: 'off',
    random_page_cost: 1.1,
    // The queue and the claims turn over quickly: clean often and a little.
    autovacuum_naptime: '15s',
    autovacuum_vacuum_scale_factor: 0.05,
    autovacuum_vacuum_insert_scale_factor: 0.1,
    timezone: "'UTC'",
    log_timezone: "'UTC'",
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    fsync: durable ? 'on' : 'off',
    synchronous_commit: durable ? 'on' : 'off',
    full_page_writes: durable ? 'on' : 'off',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `# Written by Heddle at each start. Your own settings belong in postgresql.conf, below the include.\n${lines.join('\n')}\n`;
}
