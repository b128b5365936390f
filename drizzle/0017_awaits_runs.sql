ALTER TABLE "runs" ADD COLUMN "awaits_runs" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_awaiting" ON "runs" USING btree ("id") WHERE "runs"."awaits_runs";--> statement-breakpoint
UPDATE "runs" p SET "awaits_runs" = true
WHERE p."finished_at" IS NULL AND EXISTS (
  SELECT FROM "run_events" s
  WHERE s."run" = p."id" AND s."type" = 'call.suspended' AND s."data" -> 'waiting' ->> 'kind' = 'run' AND NOT EXISTS (
    SELECT FROM "run_events" a
    WHERE a."run" = s."run" AND a."type" = 'call.answered' AND a."data" ->> 'call' = s."data" ->> 'call'
      AND a."data" ->> 'stage' = s."data" ->> 'stage' AND a."data" ->> 'path' = s."data" ->> 'path'));
