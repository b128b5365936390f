import { defineConfig } from '@playwright/test';
import journeys from './playwright.config.ts';

// npm run screens: takes the pictures of docs/screens anew. Not part of npm test, which must leave the tree as it is.
export default defineConfig({
  ...journeys,
  testMatch: '**/*.screens.ts',
  timeout: 600_000,
  use: { ...journeys.use, locale: 'en-GB', timezoneId: 'Europe/Berlin' },
});
