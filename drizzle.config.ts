import { defineConfig } from 'drizzle-kit';

/** `npm run db:generate` writes the difference between the rooms' tables and the last migration into `drizzle/`. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './server/*/tables.ts',
  out: './drizzle',
  casing: 'snake_case',
});
